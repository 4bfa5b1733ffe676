"""Which prompt and which base an adapter belongs to: `codeanvil.json` beside adapter and merged weights.

Under another chat template a tuned model answers worse without any error, so nothing is served before
`check_identity` has passed.
"""

import json
from pathlib import Path
from typing import Any

from codeanvil.contract import write_atomic
from codeanvil_trainer.errors import TrainerError
from codeanvil_trainer.tokens.template import template_sha256

FILE_NAME = "codeanvil.json"


def write_identity(folder: Path, tokenizer: Any, base_model: str, *, quantized: bool = True) -> None:
    """Write {"template_sha256", "base_model", "quantized"} into `folder`. Raises OSError.

    `quantized` says whether the weights were trained upon the NF4 form of the base.
    """
    identity = {
        "template_sha256": template_sha256(tokenizer),
        "base_model": base_model,
        "quantized": quantized,
    }
    write_atomic(folder / FILE_NAME, json.dumps(identity, indent=2) + "\n")


def read_identity(folder: Path) -> dict[str, Any]:
    """The identity of the weights in `folder`. Raises TrainerError where there is none to trust."""
    path = folder / FILE_NAME
    try:
        identity = json.loads(path.read_text("utf-8"))
        if {"template_sha256", "base_model"} <= identity.keys():
            return dict(identity)
    except FileNotFoundError:
        raise TrainerError(
            f"{folder} does not say which prompt template it was trained with ({FILE_NAME} is missing): "
            f"give a folder that a CodeAnvil run wrote, or train again."
        ) from None
    except (OSError, ValueError, AttributeError):
        pass
    raise TrainerError(f"{path} is damaged: merge the run again, or train again.")


def check_identity(folder: Path, tokenizer: Any, base_model: str | None = None) -> None:
    """Refuse weights whose template is not `tokenizer`'s, or whose base is not `base_model` (None: any).

    Raises TrainerError.
    """
    identity = read_identity(folder)
    if base_model is not None and identity["base_model"] != base_model:
        raise TrainerError(
            f"{folder} was trained on the base model {identity['base_model']}, not on {base_model}: "
            f"choose that base model, or train again on this one."
        )
    if identity["template_sha256"] != template_sha256(tokenizer):
        raise TrainerError(
            f"{folder} was trained with another chat template than its tokenizer has now, so its answers would be "
            f"wrong: train again, or bring back the tokenizer that {identity['base_model']} had."
        )
