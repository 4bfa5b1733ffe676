"""A model ready to answer, in its quickest faithful form.

On a CPU that form is plain linear layers in fp32 (NF4 weights dequantised, the adapter merged in: two to
three times as fast as NF4 with an adapter beside it). On a GPU an adapter runs on its NF4 base, which is
what fits beside a training run.
"""

from pathlib import Path
from typing import Any

import torch
from transformers import GenerationConfig

from codeanvil_trainer import models
from codeanvil_trainer.tokens.identity import check_identity, read_identity


def load(base_model: str, *, adapter: Path | None = None, merged: Path | None = None) -> tuple[Any, Any]:
    """(model, tokenizer): the weights in `merged`, or `base_model` with or without `adapter`.

    The base without an adapter is the dequantised NF4 form, which is what an adapter is trained on and
    compared with. Raises TrainerError, also when the weights belong to another chat template or base.
    """
    device = models.default_device()
    if merged is not None:
        tokenizer = models.load_tokenizer(str(merged))
        check_identity(merged, tokenizer)
        model = models.load_base(str(merged), quantize=False, device=device)
        return prepared(model, tokenizer), tokenizer
    tokenizer = models.load_tokenizer(base_model)
    if adapter is None:
        return prepared(models.load_dequantised(base_model, device=device), tokenizer), tokenizer
    check_identity(adapter, tokenizer, base_model)
    quantized = read_identity(adapter).get("quantized", True)
    if device.type == "cuda":
        model = models.load_adapter(models.load_base(base_model, quantize=quantized, device=device), adapter)
    else:
        base = models.load_dequantised if quantized else _load_plain
        model = models.load_adapter(base(base_model, device=device), adapter).merge_and_unload()
    return prepared(model, tokenizer), tokenizer


def _load_plain(name: str, *, device: torch.device) -> Any:
    return models.load_base(name, quantize=False, device=device)


def prepared(model: Any, tokenizer: Any) -> Any:
    """`model` in evaluation mode, greedy unless a call says otherwise, ending at every EOS that its base knows.

    Sampling defaults and repetition penalties of the base's own `generation_config.json` do not apply: the
    same question gets the same answer.
    """
    known = getattr(model.generation_config, "eos_token_id", None)
    ends = {tokenizer.eos_token_id, *(known if isinstance(known, list) else [known])} - {None}
    model.generation_config = GenerationConfig(
        eos_token_id=sorted(ends), pad_token_id=tokenizer.pad_token_id, do_sample=False
    )
    return model.eval()


def context_length(model: Any) -> int:
    """Most tokens, prompt and answer together, that `model` was made for."""
    return int(getattr(model.config, "max_position_embeddings", 2048))
