"""LoRA as one matrix product a layer: y = x (W + s BA)^T, where that is less work than x W^T + s (x A^T) B^T.

peft multiplies the tokens by A and B beside the base weight: per token about 6 r (inputs + outputs) multiplications
forward and backward, and a handful of passes over the activations. The sum W + s BA costs a product of the small
matrices once a pass, and inputs x outputs per token for its gradient. For small layers and high ranks, as on a CPU,
the second is less. Loss and gradients are the same to rounding (tests/trainer/test_effective.py).
"""

from typing import Any

import torch
from peft.tuners.lora import LoraLayer
from torch import nn
from torch.nn.functional import linear

from codeanvil_trainer.footprint.memory import LARGEST_EFFECTIVE

WORTH = 2
"""Multiplications that the way over the sum may cost for each of peft's: it saves passes over the activations too."""


def use_effective_weights(model: Any) -> int:
    """Make the LoRA layers of `model` for which it is worth it multiply by W + s BA; how many those are.

    Only layers without dropout (it stands between x and A) and with one plain adapter.
    """
    if sum(parameter.numel() for parameter in model.parameters()) > LARGEST_EFFECTIVE:
        return 0
    layers = [module for module in model.modules() if isinstance(module, LoraLayer) and _is_worth_it(module)]
    for layer in layers:
        layer.forward = EffectiveForward(layer, layer.forward)
    return len(layers)


def _is_worth_it(layer: Any) -> bool:
    names = list(layer.lora_A)
    if len(names) != 1 or not isinstance(layer.lora_A[names[0]], nn.Linear):
        return False
    if layer.lora_bias.get(names[0]) or layer.use_dora.get(names[0]) or not _is_identity(layer.lora_dropout[names[0]]):
        return False
    inputs, outputs, rank = layer.in_features, layer.out_features, layer.r[names[0]]
    return bool(inputs * outputs <= WORTH * 6 * rank * (inputs + outputs) / 2)


def _is_identity(dropout: nn.Module) -> bool:
    return isinstance(dropout, nn.Identity) or getattr(dropout, "p", 1.0) == 0.0


class EffectiveForward:
    """Takes the place of a LoRA layer's `forward`; peft's own goes on where the adapter is off or merged."""

    def __init__(self, layer: Any, usual: Any) -> None:
        self._layer, self._usual = layer, usual
        (self._name,) = layer.lora_A
        with torch.no_grad():
            self.weight = plain_weight(layer.get_base_layer())  # frozen, so dequantised once

    def __call__(self, x: torch.Tensor, *arguments: Any, **options: Any) -> torch.Tensor:
        """x (W + s BA)^T."""
        if not self.in_force() or arguments or options:
            result: torch.Tensor = self._usual(x, *arguments, **options)
            return result
        a, b = self.adapter()
        weight = torch.addmm(self.weight.to(b.dtype), b, a, alpha=self.scale)
        return linear(x, weight.to(x.dtype), self._layer.get_base_layer().bias)

    def in_force(self) -> bool:
        """Whether the layer is to multiply by its adapter."""
        layer = self._layer
        return not layer.disable_adapters and not layer.merged and layer.active_adapters == [self._name]

    def adapter(self) -> tuple[torch.Tensor, torch.Tensor]:
        """A (rank, inputs) and B (outputs, rank)."""
        return self._layer.lora_A[self._name].weight, self._layer.lora_B[self._name].weight

    @property
    def scale(self) -> float:
        """What BA is multiplied with."""
        return float(self._layer.scaling[self._name])


def plain_weight(base: Any) -> torch.Tensor:
    """The weight of a linear layer, (outputs, inputs); dequantised where it is NF4."""
    plain: torch.Tensor = base.weight
    state = getattr(base.weight, "quant_state", None)
    if state is None:
        return plain
    import bitsandbytes as bnb

    dequantised: torch.Tensor = bnb.functional.dequantize_4bit(base.weight.data, state)
    return dequantised
