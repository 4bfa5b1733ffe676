"""Attention within each packed sample and nowhere else, without a mask: the work is that of the samples alone.

A block-diagonal mask over a row of packed samples computes every pair of tokens in the row and throws most away. Here a
batch is one flat sequence that knows where its samples end. On a CPU attention is taken sample by sample; on a GPU by
one kernel of variable lengths: flash-attn's where that package is installed, else PyTorch's own. Registered with
transformers as attention implementations, so the model's own code is untouched
(https://huggingface.co/docs/transformers/attention_interface).
"""

from typing import Any

import torch
from torch.nn.functional import scaled_dot_product_attention
from transformers import AttentionInterface, AttentionMaskInterface

from codeanvil_trainer.models import kernels

BY_SAMPLE, BY_KERNEL = "codeanvil_segments", "codeanvil_varlen"


def use_flat_attention(model: Any) -> bool:
    """Make `model` attend sample by sample in flat batches; False where it cannot: then rows and masks stay."""
    if getattr(model.config, "sliding_window", None):
        return False
    if model.device.type == "cuda":
        if not kernels.works_on(model.device):
            return False
        name = BY_KERNEL
    elif model.device.type == "cpu":
        name = BY_SAMPLE  # on a GPU a loop over samples would start too many kernels
    else:
        return False
    try:
        model.set_attn_implementation(name)
    except (ValueError, AttributeError, ImportError):
        return False
    return attends_flat(model)


def attends_flat(model: Any) -> bool:
    """Whether `use_flat_attention` has been done to `model`."""
    return getattr(model.config, "_attn_implementation", None) in {BY_SAMPLE, BY_KERNEL}


def segment_arguments(model: Any, lengths: tuple[int, ...]) -> dict[str, Any]:
    """What the decoder of `model` must be given beside a flat batch of samples of these `lengths`."""
    if getattr(model.config, "_attn_implementation", None) == BY_SAMPLE:
        return {"segments": lengths}
    bounds = torch.tensor([0, *lengths]).cumsum(0).to(torch.int32).to(model.device, non_blocking=True)
    return {"bounds": bounds, "longest": max(lengths)}


def _by_sample(  # noqa: PLR0917 (the interface's arguments)
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


def _by_kernel(  # noqa: PLR0917 (the interface's arguments)
    module: Any,  # noqa: ARG001
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    attention_mask: torch.Tensor | None,  # noqa: ARG001
    dropout: float = 0.0,  # noqa: ARG001 (the bases offered have none)
    scaling: float | None = None,
    bounds: torch.Tensor | None = None,
    longest: int = 0,
    **_: Any,
) -> tuple[torch.Tensor, None]:
    """As `_by_sample`, with `bounds` and `longest` as in `kernels.Bounds`; without them the sequence is one."""
    tokens = query.shape[2]
    if bounds is None:
        bounds, longest = torch.tensor([0, tokens], dtype=torch.int32, device=query.device), tokens
    # Kernels multiply 16 bits: outside of autocast that is a cast.
    narrow = query.dtype if query.dtype in {torch.bfloat16, torch.float16} else torch.bfloat16
    q, k, v = (whole[0].transpose(0, 1).to(narrow) for whole in (query, key, value))
    attended = kernels.varlen()(q, k, v, kernels.Bounds(bounds, longest), scaling)
    return attended[None].to(query.dtype), None


def _no_mask(*_: Any, **__: Any) -> None:
    """What a mask is made by for these implementations: there is none."""


for _name, _function in ((BY_SAMPLE, _by_sample), (BY_KERNEL, _by_kernel)):
    AttentionInterface.register(_name, _function)
    AttentionMaskInterface.register(_name, _no_mask)
