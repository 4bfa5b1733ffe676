"""Attention within each packed sample and nowhere else, without a mask: the work is that of the samples alone.

A block-diagonal mask over a row of packed samples computes every pair of tokens in the row and throws most away. Here a
batch is one flat sequence, and attention is taken sample by sample. Registered with transformers as an attention
implementation, so the model's own code is untouched (https://huggingface.co/docs/transformers/attention_interface).
"""

from typing import Any

import torch
from torch.nn.functional import scaled_dot_product_attention
from transformers import AttentionInterface, AttentionMaskInterface

NAME = "codeanvil_segments"


def use_segments(model: Any) -> bool:
    """Make `model` attend sample by sample in flat batches; False where it cannot: then rows and masks stay.

    On a GPU flash attention does the same better, and a loop over samples would start too many kernels.
    """
    if model.device.type != "cpu" or getattr(model.config, "sliding_window", None):
        return False
    try:
        model.set_attn_implementation(NAME)
    except (ValueError, AttributeError, ImportError):
        return False
    return attends_by_segments(model)


def attends_by_segments(model: Any) -> bool:
    """Whether `use_segments` has been done to `model`."""
    return bool(getattr(model.config, "_attn_implementation", None) == NAME)


def _segments(  # noqa: PLR0917 (the interface's arguments)
    module: Any,
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    attention_mask: torch.Tensor | None,  # noqa: ARG001 (part of the interface; there is none)
    dropout: float = 0.0,
    scaling: float | None = None,
    segments: tuple[int, ...] | None = None,
    **_: Any,
) -> tuple[torch.Tensor, None]:
    """Causal attention within each of `segments`, lengths that add up to the sequence; without them it is one.

    query is (1, heads, length, size), key and value may have fewer heads. Returns (1, length, heads, size).
    """
    lengths = list(segments or (query.shape[2],))
    shared = query.shape[1] != key.shape[1]
    probability = dropout if module.training else 0.0
    queries, keys, values = (torch.split(whole, lengths, 2) for whole in (query, key, value))
    parts = [
        scaled_dot_product_attention(q, k, v, None, probability, is_causal=True, scale=scaling, enable_gqa=shared)
        for q, k, v in zip(queries, keys, values, strict=True)
    ]
    return torch.cat(parts, 2).transpose(1, 2).contiguous(), None


def _no_mask(*_: Any, **__: Any) -> None:
    """What a mask is made by for this implementation: there is none."""


AttentionInterface.register(NAME, _segments)
AttentionMaskInterface.register(NAME, _no_mask)
