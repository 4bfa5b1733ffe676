"""A run's model as GGUF with a Modelfile, and how far it is from the model that was trained.

python -m codeanvil_trainer gguf RUN_FOLDER OUT_FOLDER [--quantization q8_0]
"""

import json
import time
from pathlib import Path

import torch

from codeanvil.contract import QUANTIZATIONS, RunConfig, RunFolder, update_report
from codeanvil_trainer import models
from codeanvil_trainer.answering import loading
from codeanvil_trainer.answering.agreement import agreement, reference
from codeanvil_trainer.answering.prompts import comparison_prompts
from codeanvil_trainer.errors import TrainerError
from codeanvil_trainer.exports.gguf_file import write_gguf
from codeanvil_trainer.exports.modelfile import modelfile
from codeanvil_trainer.tokens.template import chat_template


def export_gguf(run: RunFolder, out: Path, quantization: str) -> None:
    """Write `<run>-<quantization>.gguf`, `Modelfile` and `agreement.json` into `out`, and the report's section "gguf".

    The agreement is between the merged model and the same model with the weights as the file holds them. Raises
    TrainerError, OSError.
    """
    if quantization not in QUANTIZATIONS:
        raise TrainerError(f"There is no quantisation '{quantization}': take one of {', '.join(QUANTIZATIONS)}.")
    if not run.merged.is_dir():
        raise TrainerError(f"The run {run.id} has no merged model yet: merge it first, or train to the end.")
    started = time.monotonic()
    config = RunConfig.model_validate_json(run.config.read_text("utf-8"))
    cpu = torch.device("cpu")
    tokenizer = models.load_tokenizer(str(run.merged))
    model = models.load_base(str(run.merged), quantize=False, device=cpu, dtype=torch.float32)
    model = loading.prepared(model, tokenizer)
    out.mkdir(parents=True, exist_ok=True)
    name = f"{run.id}-{quantization}.gguf"
    before = reference(model, comparison_prompts(run, tokenizer))
    weights = write_gguf(model, tokenizer, chat_template(tokenizer), out / name, quantization)
    context = int(model.config.max_position_embeddings)
    (out / "Modelfile").write_text(modelfile(tokenizer, name, context), "utf-8")
    model.load_state_dict(weights, strict=False)
    model.tie_weights()
    section = {
        "quantization": quantization,
        "base_model": config.base_model,
        "bytes": (out / name).stat().st_size,
        **agreement(before, model),
        "seconds": round(time.monotonic() - started, 1),
    }
    (out / "agreement.json").write_text(json.dumps(section, indent=2) + "\n", "utf-8")
    update_report(run, "gguf", section)
