"""How much memory a training run needs, before it starts. Sizes are in bytes."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Architecture:
    """The figures of a decoder that decide how much memory it takes."""

    parameters: int
    layers: int
    hidden: int
    vocabulary: int
    tied: bool = False

    @property
    def embeddings(self) -> int:
        """Parameters of token embeddings and head, which are never quantised."""
        return self.vocabulary * self.hidden * (1 if self.tied else 2)


@dataclass(frozen=True, slots=True)
class MemoryEstimate:
    """Bytes a training run needs at its peak, by what they are for."""

    weights: int
    trained: int
    activations: int
    logits: int
    overhead: int

    @property
    def total(self) -> int:
        """All of it."""
        return self.weights + self.trained + self.activations + self.logits + self.overhead


NF4_BYTES = 0.5 + (1 + 4 / 256) / 64
"""Per weight: 4 bits, and per block of 64 an 8-bit scale with an fp32 scale per 256 of them (arXiv 2305.14314)."""

TRAINED_BYTES = 4 + 4 + 8
"""Per trained parameter: fp32 value, gradient, AdamW's two moments."""

LAYER_ACTIVATIONS = 17
"""Values a layer keeps per token and hidden unit for the backward pass: 34 bytes in 16 bits (arXiv 2205.05198,
equation 1, without the attention scores, which sdpa does not keep)."""

LOGIT_CHUNK = 1024
"""Label positions whose logits exist at one time (see `loss.py`)."""

OVERHEAD = 800_000_000
"""CUDA context, kernels and fragmentation; on a CPU the interpreter with torch."""


def memory_estimate(
    model: Architecture,
    trainable: int,
    *,
    method: Literal["qlora", "lora", "full"],
    tokens: int,
    gradient_checkpointing: bool = False,
    value_bytes: int = 2,
) -> MemoryEstimate:
    """Peak memory of training `trainable` parameters with `tokens` per forward pass (rows x length).

    `value_bytes` is the size of weights and activations: 2 in bf16, 4 on CPUs.
    """
    linear = model.parameters - model.embeddings
    if method == "qlora":
        weights = linear * NF4_BYTES + model.embeddings * value_bytes
        # The layer in use is dequantised: at most the largest matrix, the MLP's, about a fifth of a layer.
        weights += linear / model.layers / 5 * value_bytes
    else:
        weights = model.parameters * value_bytes if method == "lora" else 0  # full: counted as trained
    per_layer = LAYER_ACTIVATIONS * tokens * model.hidden * value_bytes
    activations = per_layer * model.layers
    if gradient_checkpointing:
        activations = tokens * model.hidden * value_bytes * model.layers + per_layer
    # fp32 logits, their softmax and their gradient.
    logits = 3 * 4 * min(tokens, LOGIT_CHUNK) * model.vocabulary
    return MemoryEstimate(int(weights), trainable * TRAINED_BYTES, activations, logits, OVERHEAD)


@dataclass(frozen=True, slots=True)
class KnownBase:
    """A base model offered by name; `adapter` is the trainable parameters of the guide's adapter on it.

    The guide's adapter is r=128 on q, k, v and o: 128 x (inputs + outputs) of each, in every layer.
    """

    name: str
    architecture: Architecture
    adapter: int


KNOWN_BASES = (
    KnownBase("Qwen/Qwen2.5-Coder-0.5B-Instruct", Architecture(494_032_768, 24, 896, 151_936, tied=True), 17_301_504),
    KnownBase(
        "Qwen/Qwen2.5-Coder-1.5B-Instruct", Architecture(1_543_714_304, 28, 1_536, 151_936, tied=True), 34_865_152
    ),
    KnownBase("deepseek-ai/deepseek-coder-1.3b-instruct", Architecture(1_346_471_936, 24, 2_048, 32_256), 50_331_648),
    KnownBase("deepseek-ai/deepseek-coder-6.7b-instruct", Architecture(6_740_512_768, 32, 4_096, 32_256), 134_217_728),
)
