"""What was learned, scaled and added up (task arithmetic, arXiv 2212.04089), on a model that is not merged yet."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from peft.tuners.lora import LoraLayer
from peft.utils import ModulesToSaveWrapper

FIRST = "default"
"""peft's name of the adapter that a model is loaded with."""


@dataclass(frozen=True, slots=True)
class Part:
    """A run's adapter, and how much of what it learned is taken: 1 all of it, less than 0 the contrary."""

    adapter: Path
    strength: float


def add_up(adapted: Any, strength: float, others: Sequence[Part] = ()) -> None:
    """Give `adapted`, a peft model with its first adapter, the sum of `strength` times that one and of `others`.

    In place. LoRA updates of several ranks are added as they are; of modules trained whole (embeddings), what each
    moved away from the base is.
    """
    strengths = {FIRST: strength}
    for number, part in enumerate(others):
        name = f"added{number}"
        with warnings.catch_warnings():
            # The first adapter wrapped what is tied, so that peft finds nothing tied now; that is seen to below.
            warnings.filterwarnings("ignore", message="You have requested `ensure_weight_tying`")
            adapted.load_adapter(str(part.adapter), adapter_name=name)
        strengths[name] = part.strength
    scaled: set[int] = set()  # tied modules share one weight
    for module in adapted.modules():
        if isinstance(module, LoraLayer):
            there = [name for name in strengths if name in module.scaling]
            for name in there:
                module.set_scale(name, strengths[name])
            module.set_adapter(there)
        elif isinstance(module, ModulesToSaveWrapper):
            _add_up_whole(module, strengths, scaled)


def _add_up_whole(module: ModulesToSaveWrapper, strengths: dict[str, float], scaled: set[int]) -> None:
    """Put the sum into the module that is in use, the first adapter's where that has one."""
    there = [name for name in strengths if name in module.modules_to_save]
    kept = module.modules_to_save[there[0]]
    module.set_adapter(there[0])
    for name, parameter in kept.named_parameters():
        if parameter.data_ptr() in scaled:
            continue
        original = module.original_module.get_parameter(name).data.to(parameter.dtype)
        moved = torch.zeros_like(original)
        for adapter in there:
            trained = module.modules_to_save[adapter].get_parameter(name).data.to(original.device)
            moved += strengths[adapter] * (trained - original)
        parameter.data.copy_(original + moved)
        scaled.add(parameter.data_ptr())
