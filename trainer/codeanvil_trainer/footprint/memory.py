"""How much memory a training run needs, before it starts. Sizes are in bytes.

The sums follow what autograd keeps for the backward pass (counted in tests/trainer/test_memory.py), not a rule of
thumb: an adapter's dropout, for one, keeps a copy of its input for every layer it stands before.
"""

from dataclasses import dataclass
from typing import Literal

from codeanvil_trainer.footprint.shapes import Linear, Shape, Targets

NF4_BYTES = 0.5 + (1 + 4 / 256) / 64
"""Per weight: 4 bits, and per block of 64 an 8-bit scale with an fp32 scale per 256 of them (arXiv 2305.14314)."""

LOGIT_CHUNK = 1024
"""Label positions whose logits exist at one time (see `models/loss.py`)."""

OVERHEAD = 800_000_000
"""CUDA context, kernels and fragmentation; on a CPU the interpreter with torch."""

LARGEST_EFFECTIVE = 100_000_000
"""Weights of a model above which the sums W + BA, which live until the backward pass, would take too much memory."""

Moments = Literal["fp32", "8bit"]
MOMENT_BYTES = {"fp32": 8.0, "8bit": 2 + 8 / 256}
"""AdamW's two, per trained weight; those in 8 bits have an fp32 scale per 256 (arXiv 2110.02861)."""


@dataclass(frozen=True, slots=True)
class Training:
    """What of a run decides its memory. `autocast` is bf16 compute over an fp32 adapter, as on GPUs; without it all is
    fp32, as on CPUs, where small layers multiply by W + BA (`effective`, see `models/effective.py`)."""

    method: Literal["qlora", "lora", "full"]
    rank: int
    targets: Targets
    dropout: float
    train_embeddings: bool = False
    moments: Moments = "fp32"
    autocast: bool = True
    effective: bool = False

    @property
    def value_bytes(self) -> int:
        """Size of a weight that is not quantised, and of an activation."""
        return 2 if self.autocast else 4


@dataclass(frozen=True, slots=True)
class MemoryEstimate:
    """Bytes a training run needs at its peak, by what they are for."""

    weights: int
    trained: int
    activations: int
    working: int
    overhead: int = OVERHEAD

    @property
    def total(self) -> int:
        """All of it."""
        return self.weights + self.trained + self.activations + self.working + self.overhead


def memory_estimate(
    shape: Shape, training: Training, *, tokens: int, gradient_checkpointing: bool = False
) -> MemoryEstimate:
    """Peak memory of training with `tokens` in a forward pass.

    `working` is what lives for a moment only: the logits of a chunk with their gradient, or what the backward pass of
    one layer holds, whichever is more.
    """
    layer = tokens * layer_bytes(shape, training) + effective_bytes(shape, training)
    residual = tokens * shape.hidden * training.value_bytes
    # After the last layer: its norm's fp32 input, and the states at label positions.
    end = tokens * shape.hidden * 4 + residual
    kept = residual * shape.layers + layer if gradient_checkpointing else layer * shape.layers
    return MemoryEstimate(
        weights=weight_bytes(shape, training),
        trained=int(trained_weights(shape, training) * _trained_bytes(training)),
        activations=int(kept + end),
        working=int(max(_logits(shape, tokens), _backward(shape, training, tokens))),
    )


def weight_bytes(shape: Shape, training: Training) -> int:
    """Bytes of the base's weights; those of a full run are counted among what trains."""
    if training.method == "full":
        return 0
    plain = (shape.embeddings + shape.others) * training.value_bytes
    per_weight = NF4_BYTES if training.method == "qlora" else training.value_bytes
    if training.effective and training.method == "qlora":
        per_weight += 4  # dequantised once
    return int(plain + shape.linear_weights * per_weight)


def trained_weights(shape: Shape, training: Training) -> int:
    """How many weights train."""
    if training.method == "full":
        return shape.parameters
    embeddings = shape.vocabulary * shape.hidden if training.train_embeddings else 0
    return shape.adapter(training.rank, training.targets) + embeddings


def _trained_bytes(training: Training) -> float:
    """fp32 value and gradient, the optimizer's moments, and the 16-bit copy that autocast keeps of each weight."""
    return 4 + 4 + MOMENT_BYTES[training.moments] + (2 if training.autocast else 0)


def layer_bytes(shape: Shape, training: Training) -> float:
    """Bytes a decoder layer keeps of each token for the backward pass.

    Two norms keep their input in fp32; attention keeps q, k, v, its output and a sum per head (flash attention); the
    gated MLP keeps gate, its activation and up. Frozen layers keep nothing; a trained one, or the A of an adapter,
    keeps its input.
    """
    value = training.value_bytes
    kept = 2 * 4.0 * shape.hidden
    kept += value * 2 * (shape.queries + shape.keys) + 4 * shape.heads
    kept += value * 3 * shape.intermediate
    if training.method == "full":
        return kept + value * sum(_distinct(shape.linears()))
    targets = tuple(shape.adapted(training.targets))
    if training.dropout:
        # Each adapter drops out inputs of its own: a copy, and a mask, which CUDA keeps in bytes.
        mask = 1 if training.autocast else value
        kept += sum((value + mask) * one.inputs for one in targets)
    else:
        kept += value * sum(_distinct(targets))
    if not training.effective:
        kept += value * training.rank * len(targets)
    return kept


def _distinct(linears: tuple[Linear, ...]) -> list[int]:
    """Sizes of the different activations that `linears` read; attention keeps its output itself."""
    return list({one.reads: one.inputs for one in linears if one.reads != "heads"}.values())


def effective_bytes(shape: Shape, training: Training) -> int:
    """Bytes of a layer's sums W + BA, which live until the backward pass."""
    if not training.effective:
        return 0
    return 4 * sum(one.inputs * one.outputs for one in shape.adapted(training.targets))


def _logits(shape: Shape, tokens: int) -> int:
    """fp32 logits, their softmax and their gradient."""
    return 3 * 4 * min(tokens, LOGIT_CHUNK) * shape.vocabulary


def _backward(shape: Shape, training: Training, tokens: int) -> int:
    """Gradients at the MLP, the widest place, and the matrix that is dequantised there."""
    values = tokens * (3 * shape.intermediate + 2 * shape.hidden)
    return (values + shape.intermediate * shape.hidden) * training.value_bytes
