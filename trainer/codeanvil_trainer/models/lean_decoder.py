"""A small Llama with an adapter on a CPU, its layers put together from `lean`: the model's own code, said shorter.

Queries, keys and values are one matrix product, gate and up another, and the last layer's MLP is for the positions that
carry loss alone: nobody looks at the others. Taken where `use_effective_weights` has been done and every layer is what
`_Layer.of` knows; else, and wherever an adapter is switched off or activations are made twice, the model's own code
goes on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from transformers.models.llama.modeling_llama import LlamaDecoderLayer, LlamaModel

from codeanvil_trainer.models import decoder_and_head, lean
from codeanvil_trainer.models.effective import EffectiveForward, plain_weight
from codeanvil_trainer.models.lean import Attention, Part

_NAME = "codeanvil_lean"


def use_lean_decoder(model: Any) -> bool:
    """Make `lean_decoder` answer for `model`; False where its own code must stay."""
    decoder, head = decoder_and_head(model)
    config = decoder.config
    known = type(decoder) is LlamaModel and not config.attention_dropout and config.hidden_act == "silu"
    frozen = all(weight.dtype == torch.float32 and not weight.requires_grad for weight in _norms(decoder))
    if not known or not frozen or getattr(head, "bias", None) is not None:
        return False
    layers = [_Layer.of(layer) for layer in decoder.layers]
    whole = [layer for layer in layers if layer is not None]
    if len(whole) < len(layers):
        return False
    for layer in whole:
        for product in (layer.attention, layer.output, layer.gate_up, layer.down):
            product.take_over()
    setattr(decoder, _NAME, LeanDecoder(decoder, whole))
    return True


def lean_decoder(model: Any) -> "LeanDecoder | None":
    """The quick way through the decoder of `model`, where it may be taken now."""
    decoder, _ = decoder_and_head(model)
    found: LeanDecoder | None = getattr(decoder, _NAME, None)
    return found if found is not None and found.may_be_taken() else None


class LeanDecoder:
    """Takes the place of the decoder's forward pass over flat batches."""

    def __init__(self, decoder: Any, layers: Sequence["_Layer"]) -> None:
        self._decoder, self._layers = decoder, layers

    def may_be_taken(self) -> bool:
        """Whether all adapters are in force and activations are kept."""
        if self._decoder.is_gradient_checkpointing:
            return False
        return all(forward.in_force() for layer in self._layers for forward in layer.forwards())

    def states(
        self, ids: torch.Tensor, positions: torch.Tensor, segments: tuple[int, ...], rows: torch.Tensor
    ) -> torch.Tensor:
        """What the head is given at `rows` (one dimension, none twice) of a flat batch: (rows, hidden).

        ids and positions are (1, tokens), `segments` the lengths of the samples.
        """
        decoder, config = self._decoder, self._decoder.config
        hidden = decoder.embed_tokens(ids)[0]
        cosine, sine = (part[0] for part in decoder.rotary_emb(hidden, position_ids=positions))
        size = cosine.shape[-1]
        attention = Attention(
            heads=config.num_attention_heads,
            shared=config.num_key_value_heads,
            size=size,
            segments=segments,
            cosine=cosine[:, None, : size // 2].contiguous(),
            sine=sine[:, None, : size // 2].contiguous(),
        )
        for layer in self._layers[:-1]:
            hidden = layer(hidden, attention, None)
        hidden = self._layers[-1](hidden, attention, rows)
        return lean.norm(hidden, decoder.norm.weight, decoder.norm.variance_epsilon)


@dataclass(frozen=True, slots=True)
class _Product:
    """Linear layers that read the same, as one: their plain weights one below the other, and their adapters."""

    base: torch.Tensor
    parts: tuple[Part, ...]
    own: tuple[EffectiveForward | None, ...]
    """What multiplies each of the layers in the model's own code; None where it has no adapter."""

    @classmethod
    def of(cls, *layers: Any) -> "_Product | None":
        """None for layers of another kind: with a bias, or an adapter that is not one sum."""
        start, parts, forwards, weights = 0, [], [], []
        for layer in layers:
            forward = layer.forward if isinstance(layer.forward, EffectiveForward) else None
            linear = layer.get_base_layer() if hasattr(layer, "get_base_layer") else layer
            if linear.bias is not None or (linear is not layer and forward is None):
                return None
            weight = forward.weight if forward else plain_weight(linear)
            if weight.dtype != torch.float32:
                return None
            parts.append(Part(slice(start, start + len(weight)), forward.scale if forward else None))
            start += len(weight)
            forwards.append(forward)
            weights.append(weight)
        return cls(torch.cat(weights), tuple(parts), tuple(forwards))

    def take_over(self) -> None:
        """Let the model's own code read the weights here: each is in memory once."""
        for part, forward in zip(self.parts, self.own, strict=True):
            if forward is not None:
                forward.weight = self.base[part.rows]

    def weight(self) -> torch.Tensor:
        """Of all the layers, with their adapters, (outputs, inputs)."""
        adapters = [matrix for forward in self.own if forward is not None for matrix in forward.adapter()]
        return lean.sums(self.base, self.parts, adapters)


@dataclass(frozen=True, slots=True)
class _Layer:
    layer: Any
    attention: _Product
    output: _Product
    gate_up: _Product
    down: _Product

    @classmethod
    def of(cls, layer: Any) -> "_Layer | None":
        if type(layer) is not LlamaDecoderLayer:
            return None
        at, mlp = layer.self_attn, layer.mlp
        products = [
            _Product.of(at.q_proj, at.k_proj, at.v_proj),
            _Product.of(at.o_proj),
            _Product.of(mlp.gate_proj, mlp.up_proj),
            _Product.of(mlp.down_proj),
        ]
        whole = [product for product in products if product is not None]
        return cls(layer, *whole) if len(whole) == len(products) else None

    def forwards(self) -> list[EffectiveForward]:
        products = (self.attention, self.output, self.gate_up, self.down)
        return [forward for product in products for forward in product.own if forward is not None]

    def __call__(self, hidden: torch.Tensor, attention: Attention, rows: torch.Tensor | None) -> torch.Tensor:
        """The layer over all tokens; its result at `rows` alone, where they are given."""
        before, after = self.layer.input_layernorm, self.layer.post_attention_layernorm
        read = lean.norm(hidden, before.weight, before.variance_epsilon)
        attended = lean.attend(read, self.attention.weight(), attention)
        if rows is not None:
            hidden, attended = lean.only(hidden, rows), lean.only(attended, rows)
        hidden = torch.addmm(hidden, attended, self.output.weight().t())
        read = lean.norm(hidden, after.weight, after.variance_epsilon)
        return torch.addmm(hidden, lean.gated(read, self.gate_up.weight()), self.down.weight().t())


def _norms(decoder: Any) -> list[torch.Tensor]:
    found = [decoder.norm.weight]
    for layer in decoder.layers:
        found += [layer.input_layernorm.weight, layer.post_attention_layernorm.weight]
    return found
