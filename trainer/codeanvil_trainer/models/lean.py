"""Norm, attention, gated MLP and loss of a small Llama on a CPU: each a step of autograd of its own, in few passes.

What autograd makes of the model's own code goes over every activation a dozen times, and on small layers these passes
cost as much as the matrix products. Here each goes over it two to five times and keeps for the way back what
`footprint.memory` counts. All tensors are fp32; `tokens` lie flat, one sample after another. Loss and gradients are
those of the plain way to rounding (tests/trainer/test_effective.py).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch.autograd import Function
from torch.nn.functional import silu

from codeanvil_trainer.footprint.memory import LOGIT_CHUNK

_flash = torch.ops.aten._scaled_dot_product_flash_attention_for_cpu
_flash_backward = torch.ops.aten._scaled_dot_product_flash_attention_for_cpu_backward
"""What `scaled_dot_product_attention` is on a CPU: called by their names, they read and write within the product of
all three, and nothing is copied for autograd."""


@dataclass(frozen=True, slots=True)
class Part:
    """A linear layer within a product of several that read the same: its rows, and the scale of its adapter, which
    is None where it has none."""

    rows: slice
    scale: float | None


class _Sum(Function):
    @staticmethod
    def forward(ctx: Any, base: torch.Tensor, parts: Sequence[Part], *adapters: torch.Tensor) -> torch.Tensor:
        weight = torch.empty_like(base)
        left = iter(adapters)
        for part in parts:
            if part.scale is None:
                weight[part.rows] = base[part.rows]
            else:
                a, b = next(left), next(left)
                torch.addmm(base[part.rows], b, a, alpha=part.scale, out=weight[part.rows])
        ctx.parts = parts
        ctx.save_for_backward(*adapters)
        return weight

    @staticmethod
    def backward(ctx: Any, *gradients: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        (gradient,) = gradients
        found: list[torch.Tensor | None] = [None, None]
        left = iter(ctx.saved_tensors)
        for part in ctx.parts:
            if part.scale is not None:
                a, b = next(left), next(left)
                rows = gradient[part.rows]
                found += [torch.mm(b.t(), rows).mul_(part.scale), torch.mm(rows, a.t()).mul_(part.scale)]
        return tuple(found)


def sums(base: torch.Tensor, parts: Sequence[Part], adapters: Sequence[torch.Tensor]) -> torch.Tensor:
    """W + s BA of each part, (outputs, inputs); `adapters` are A and B of those that have one, in turn."""
    return _apply(_Sum, base, parts, *adapters) if adapters else base


class _Norm(Function):
    @staticmethod
    def forward(ctx: Any, x: torch.Tensor, weight: torch.Tensor, epsilon: float) -> torch.Tensor:
        norm = torch.linalg.vector_norm(x, dim=-1, keepdim=True)
        inverse = norm.square_().div_(x.shape[-1]).add_(epsilon).rsqrt_()
        ctx.save_for_backward(x, weight, inverse)
        return torch.mul(x, inverse).mul_(weight)

    @staticmethod
    def backward(ctx: Any, *gradients: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        x, weight, inverse = ctx.saved_tensors
        found = gradients[0] * weight
        along = (found * x).sum(-1, keepdim=True).mul_(inverse.pow(3)).div_(x.shape[-1])
        return found.mul_(inverse).addcmul_(x, along, value=-1), None, None


def norm(x: torch.Tensor, weight: torch.Tensor, epsilon: float) -> torch.Tensor:
    """RMSNorm (arXiv 1910.07467) of x (tokens, size) with a `weight` that does not train."""
    return _apply(_Norm, x, weight, epsilon)


class _Gated(Function):
    @staticmethod
    def forward(ctx: Any, x: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
        both = x @ weight.t()
        ctx.save_for_backward(x, weight, both)
        gate, up = both.chunk(2, -1)
        return silu(gate).mul_(up)

    @staticmethod
    def backward(ctx: Any, *gradients: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        x, weight, both = ctx.saved_tensors
        (gradient,) = gradients
        gate, up = both.chunk(2, -1)
        found = torch.empty_like(both)
        of_gate, of_up = found.chunk(2, -1)
        share = torch.sigmoid(gate)
        activated = gate * share
        torch.mul(gradient, activated, out=of_up)
        # silu' = share (1 + gate (1 - share)) = share + activated - activated share
        share.addcmul_(activated, share, value=-1).add_(activated)
        torch.mul(gradient, up, out=of_gate).mul_(share)
        return found @ weight if ctx.needs_input_grad[0] else None, found.t() @ x


def gated(x: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    """silu(gate) up of x (tokens, inputs), where `weight` (2 outputs, inputs) holds gate's rows, then up's."""
    return _apply(_Gated, x, weight)


@dataclass(frozen=True, slots=True)
class Attention:
    """What attention is told beside its input: heads of queries and of keys, their size, the lengths of the samples,
    cosine and sine of each token's turn (tokens, 1, size / 2)."""

    heads: int
    shared: int
    size: int
    segments: tuple[int, ...]
    cosine: torch.Tensor
    sine: torch.Tensor

    @property
    def options(self) -> dict[str, Any]:
        """Of the kernel: causal, no dropout, the usual scale."""
        return {"dropout_p": 0.0, "is_causal": True, "scale": self.size**-0.5}

    def turn(self, together: torch.Tensor, sine: torch.Tensor) -> None:
        """Rotate queries and keys in place, by the angles whose sine it is (arXiv 2104.09864)."""
        pairs = together.view(len(together), -1, self.size)[:, : self.heads + self.shared]
        first, second = pairs.chunk(2, -1)
        turned = (first * self.cosine).addcmul_(second, sine, value=-1)
        second.mul_(self.cosine).addcmul_(first, sine)
        first.copy_(turned)

    def samples(self, together: torch.Tensor) -> Iterator[tuple[torch.Tensor, ...]]:
        """Views of each sample's queries, keys and values, (1, heads or shared, length, size) each."""
        heads = [self.heads, self.shared, self.shared]
        for part in torch.split(together.view(len(together), -1, self.size), list(self.segments)):
            yield torch.split(part.transpose(0, 1)[None], heads, 1)

    def parts(self, whole: torch.Tensor) -> Iterator[torch.Tensor]:
        """Views of each sample's share of (tokens, heads x size), (1, heads, length, size)."""
        for part in torch.split(whole.view(len(whole), self.heads, self.size), list(self.segments)):
            yield part.transpose(0, 1)[None]

    def repeated(self, part: torch.Tensor) -> torch.Tensor:
        """Keys or values as every query's head sees them."""
        return part if self.heads == self.shared else part.repeat_interleave(self.heads // self.shared, 1)

    def gathered(self, gradient: torch.Tensor) -> torch.Tensor:
        """The gradient of what `repeated` was given."""
        if self.heads == self.shared:
            return gradient
        one, _, length, size = gradient.shape
        return gradient.reshape(one, self.shared, -1, length, size).sum(2)


class _Attend(Function):
    @staticmethod
    def forward(ctx: Any, x: torch.Tensor, weight: torch.Tensor, attention: Attention) -> torch.Tensor:
        together = x @ weight.t()
        attention.turn(together, attention.sine)
        done = together.new_empty(len(x), attention.heads * attention.size)
        sums = []
        for (query, key, value), into in zip(attention.samples(together), attention.parts(done), strict=True):
            found, summed = _flash(query, attention.repeated(key), attention.repeated(value), **attention.options)
            into.copy_(found)
            sums.append(summed)
        ctx.attention = attention
        ctx.save_for_backward(x, weight, together, done, *sums)
        return done

    @staticmethod
    def backward(ctx: Any, *gradients: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        attention: Attention = ctx.attention
        x, weight, together, done, *sums = ctx.saved_tensors
        found = torch.empty_like(together)
        every = zip(
            attention.samples(together),
            attention.samples(found),
            attention.parts(gradients[0].contiguous()),
            attention.parts(done),
            sums,
            strict=True,
        )
        for (query, key, value), into, gradient, attended, summed in every:
            read = (query, attention.repeated(key), attention.repeated(value))
            of_query, *of_shared = _flash_backward(gradient, *read, attended, summed, **attention.options)
            for part, made in zip(into, (of_query, *map(attention.gathered, of_shared)), strict=True):
                part.copy_(made)
        attention.turn(found, -attention.sine)
        return found @ weight if ctx.needs_input_grad[0] else None, found.t() @ x, None


def attend(x: torch.Tensor, weight: torch.Tensor, attention: Attention) -> torch.Tensor:
    """Causal attention within each sample over x (tokens, inputs), (tokens, heads x size), before its output layer;
    `weight` holds the rows of queries, keys and values."""
    return _apply(_Attend, x, weight, attention)


class _Rows(Function):
    @staticmethod
    def forward(ctx: Any, x: torch.Tensor, rows: torch.Tensor) -> torch.Tensor:
        ctx.shape = x.shape
        ctx.save_for_backward(rows)
        return x.index_select(0, rows)

    @staticmethod
    def backward(ctx: Any, *gradients: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        (rows,) = ctx.saved_tensors
        return gradients[0].new_zeros(ctx.shape).index_copy_(0, rows, gradients[0]), None


def only(x: torch.Tensor, rows: torch.Tensor) -> torch.Tensor:
    """Those `rows` of x, each of them once."""
    return _apply(_Rows, x, rows)


class _CrossEntropy(Function):
    @staticmethod
    def forward(
        ctx: Any, states: torch.Tensor, weight: torch.Tensor, labels: torch.Tensor, wanted: tuple[bool, bool]
    ) -> torch.Tensor:
        of_states = torch.empty_like(states) if wanted[0] else None
        of_weight = torch.zeros_like(weight) if wanted[1] else None
        total = states.new_zeros(())
        for start in range(0, len(states), LOGIT_CHUNK):
            rows = slice(start, start + LOGIT_CHUNK)
            read, told = states[rows], labels[rows]
            shares = read @ weight.t()
            most = shares.amax(1, keepdim=True)
            right = shares.gather(1, told[:, None])
            whole = shares.sub_(most).exp_().sum(1, keepdim=True)
            total += (whole.log() + most - right).sum()
            if of_states is not None:
                torch.mm(shares, weight, out=of_states[rows]).div_(whole).sub_(weight[told])
            if of_weight is not None:
                of_weight.addmm_(shares.t(), read / whole).index_add_(0, told, read, alpha=-1)
        ctx.save_for_backward(*(part for part in (of_states, of_weight) if part is not None))
        ctx.wanted = wanted
        return total

    @staticmethod
    def backward(ctx: Any, *gradients: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        left = iter(ctx.saved_tensors)
        of_states, of_weight = (next(left) * gradients[0] if wanted else None for wanted in ctx.wanted)
        return of_states, of_weight, None, None


def cross_entropy(states: torch.Tensor, weight: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """Cross-entropy, summed, of the logits states weight^T, (labels, vocabulary), at `labels`.

    Its gradient is made with it, from the same logits: they exist once, for `LOGIT_CHUNK` labels.
    """
    made = torch.is_grad_enabled()
    return _apply(_CrossEntropy, states, weight, labels, (made and states.requires_grad, made and weight.requires_grad))


def _apply(function: type[Function], *arguments: Any) -> torch.Tensor:
    done: torch.Tensor = function.apply(*arguments)  # type: ignore[no-untyped-call]
    return done
