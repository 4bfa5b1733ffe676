"""Attention over samples of different lengths in one kernel: flash-attn's where that package is installed, else
PyTorch's own, which holds the same kernels. Used where it is proved on the very GPU that will run it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import torch
from torch.nn.functional import scaled_dot_product_attention

AMPERE = (8, 0)
"""The compute capability from which flash attention has kernels."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Where samples start in a flat sequence and the last one ends, (samples + 1) in int32; tokens of the longest."""

    starts: torch.Tensor
    longest: int


Varlen = Callable[[torch.Tensor, torch.Tensor, torch.Tensor, Bounds, float | None], torch.Tensor]
"""query, key, value (tokens, heads, size), bounds, scale -> (tokens, heads, size), causal within each sample."""


@cache
def varlen() -> Varlen:
    """The kernel that is installed here."""
    try:
        import flash_attn
    except ImportError:
        return _by_torch

    def by_package(
        query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, bounds: Bounds, scale: float | None
    ) -> torch.Tensor:
        starts, longest = bounds.starts, bounds.longest
        done: torch.Tensor = flash_attn.flash_attn_varlen_func(
            query, key, value, starts, starts, longest, longest, softmax_scale=scale, causal=True
        )
        return done

    return by_package


def _by_torch(
    query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, bounds: Bounds, scale: float | None
) -> torch.Tensor:
    from torch.nn.attention.varlen import varlen_attn

    done = varlen_attn(
        query,
        key,
        value,
        bounds.starts,
        bounds.starts,
        bounds.longest,
        bounds.longest,
        scale=scale,
        window_size=(-1, 0),  # causal
        enable_gqa=query.shape[1] != key.shape[1],
    )
    return done[0] if isinstance(done, tuple) else done


def works_on(device: torch.device) -> bool:
    """Whether the kernel computes on this GPU what plain attention does, gradients included."""
    if torch.cuda.get_device_capability(device) < AMPERE:
        return False
    try:
        return agrees(varlen(), device, torch.bfloat16)
    except (ImportError, RuntimeError, TypeError):  # no kernel for this card or in this build
        return False


def agrees(kernel: Varlen, device: torch.device, dtype: torch.dtype, tolerance: float = 0.05) -> bool:
    """Whether `kernel` over two samples is plain causal attention over each, in output and gradient."""
    lengths, heads, size = [5, 11], 2, 64
    random = torch.Generator().manual_seed(0)
    shape = (sum(lengths), heads, size)
    q, k, v = (torch.randn(shape, generator=random).to(device, dtype).requires_grad_() for _ in range(3))
    starts = torch.tensor([0, lengths[0], sum(lengths)], dtype=torch.int32, device=device)
    one = kernel(q, k, v, Bounds(starts, max(lengths)), None)
    parts = zip(*(torch.split(whole.transpose(0, 1)[None], lengths, 2) for whole in (q, k, v)), strict=True)
    plain = [scaled_dot_product_attention(query, key, value, is_causal=True) for query, key, value in parts]
    other = torch.cat(plain, 2)[0].transpose(0, 1)
    found, wanted = (torch.autograd.grad(done.float().square().sum(), (q, k, v)) for done in (one, other))
    pairs = [(one, other), *zip(found, wanted, strict=True)]
    return all(torch.allclose(a.float(), b.float(), atol=tolerance, rtol=tolerance) for a, b in pairs)
