"""LoRA adapters: attach a fresh one, put a saved one on its base, count what trains.

peft is imported where it is used: it takes seconds, and a host of merged weights does not need it.
"""

from pathlib import Path
from typing import Any

from torch import nn

from codeanvil.contract import LoraConfig
from codeanvil_trainer.errors import TrainerError


def attach_adapter(model: Any, config: LoraConfig) -> Any:
    """A fresh LoRA adapter on `model`; its weights are fp32 and the only ones that train.

    Raises TrainerError when the model has none of the target modules.
    """
    import peft

    targets: str | list[str] = (
        config.target_modules if config.target_modules == "all-linear" else list(config.target_modules)
    )
    peft_config = peft.LoraConfig(
        r=config.r,
        lora_alpha=config.alpha,
        lora_dropout=config.dropout,
        target_modules=targets,
        bias="none",
        task_type=peft.TaskType.CAUSAL_LM,
        modules_to_save=["embed_tokens"] if config.train_embeddings else None,
        ensure_weight_tying=config.train_embeddings and bool(model.config.tie_word_embeddings),
    )
    try:
        adapted = peft.get_peft_model(model, peft_config)
    except ValueError as error:
        raise TrainerError(
            f"LoRA finds none of the modules {config.target_modules} in this base model: set lora.target_modules "
            f"to names it has, or to all-linear."
        ) from error
    for parameter in adapted.parameters():
        if parameter.requires_grad:
            parameter.data = parameter.data.float()
    return adapted


def load_adapter(model: Any, folder: Path, *, trainable: bool = False) -> Any:
    """A saved adapter put on `model`. Raises TrainerError when `folder` holds none that fits."""
    import peft

    try:
        return peft.PeftModel.from_pretrained(model, str(folder), is_trainable=trainable)
    except (OSError, ValueError, RuntimeError) as error:
        raise TrainerError(f"The adapter in {folder} cannot be put on this base model: {error}") from error


def count_parameters(model: nn.Module) -> tuple[int, int]:
    """(trainable, total) parameters; an NF4 weight counts as the elements it stands for."""
    trainable = total = 0
    for parameter in model.parameters():
        state = getattr(parameter, "quant_state", None)
        elements = state.shape.numel() if state is not None else parameter.numel()
        total += elements
        trainable += elements if parameter.requires_grad else 0
    return trainable, total
