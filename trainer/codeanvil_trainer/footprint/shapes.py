"""The shape of a decoder, from its `config.json` alone: what its weights, its adapter and its activations will take.

Neither torch nor weights are needed, so that a run can be judged before anything is loaded or fetched.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Targets = Sequence[str] | Literal["all-linear"]


@dataclass(frozen=True, slots=True)
class Linear:
    """One linear layer of each decoder layer. Layers that read the same activations have the same `reads`."""

    name: str
    reads: str
    inputs: int
    outputs: int
    bias: bool = False


@dataclass(frozen=True, slots=True)
class Shape:
    """A decoder of the Llama kind: attention with q, k, v, o and a gated MLP. Sizes are in values."""

    layers: int
    hidden: int
    intermediate: int
    heads: int
    kv_heads: int
    head_size: int
    vocabulary: int
    tied: bool = False
    qkv_bias: bool = False

    @classmethod
    def of(cls, config: Mapping[str, Any]) -> "Shape | None":
        """From a `config.json`; None for another kind of model, of which nothing is foretold."""
        try:
            heads = int(config["num_attention_heads"])
            hidden = int(config["hidden_size"])
            if config["model_type"] not in {"llama", "mistral", "qwen2"}:
                return None
            return cls(
                layers=int(config["num_hidden_layers"]),
                hidden=hidden,
                intermediate=int(config["intermediate_size"]),
                heads=heads,
                kv_heads=int(config.get("num_key_value_heads") or heads),
                head_size=int(config.get("head_dim") or hidden // heads),
                vocabulary=int(config["vocab_size"]),
                tied=bool(config.get("tie_word_embeddings", False)),
                qkv_bias=config["model_type"] == "qwen2" or bool(config.get("attention_bias", False)),
            )
        except (KeyError, TypeError, ValueError, ZeroDivisionError):
            return None

    @property
    def queries(self) -> int:
        """Values a token's queries have, over all heads."""
        return self.heads * self.head_size

    @property
    def keys(self) -> int:
        """Values a token's keys have, and its values, over all heads of theirs."""
        return self.kv_heads * self.head_size

    def linears(self) -> tuple[Linear, ...]:
        """The linear layers of one decoder layer."""
        hidden, queries, keys, wide = self.hidden, self.queries, self.keys, self.intermediate
        return (
            Linear("q_proj", "attention", hidden, queries, self.qkv_bias),
            Linear("k_proj", "attention", hidden, keys, self.qkv_bias),
            Linear("v_proj", "attention", hidden, keys, self.qkv_bias),
            Linear("o_proj", "heads", queries, hidden),
            Linear("gate_proj", "mlp", hidden, wide),
            Linear("up_proj", "mlp", hidden, wide),
            Linear("down_proj", "product", wide, hidden),
        )

    def adapted(self, targets: Targets) -> Iterator[Linear]:
        """Those of `linears` that an adapter on `targets` has a part in."""
        return (one for one in self.linears() if targets == "all-linear" or one.name in targets)

    @property
    def linear_weights(self) -> int:
        """Weights of all linear layers but the head: what NF4 quantises."""
        return self.layers * sum(one.inputs * one.outputs for one in self.linears())

    @property
    def embeddings(self) -> int:
        """Weights of token embeddings and head, which are never quantised."""
        return self.vocabulary * self.hidden * (1 if self.tied else 2)

    @property
    def others(self) -> int:
        """Norms and biases."""
        biases = sum(one.outputs for one in self.linears() if one.bias)
        return self.layers * (2 * self.hidden + biases) + self.hidden

    @property
    def parameters(self) -> int:
        """All of them."""
        return self.linear_weights + self.embeddings + self.others

    def adapter(self, rank: int, targets: Targets) -> int:
        """Trainable weights of a LoRA adapter: rank x (inputs + outputs) of each target, in every layer."""
        return self.layers * rank * sum(one.inputs + one.outputs for one in self.adapted(targets))


@dataclass(frozen=True, slots=True)
class KnownBase:
    """A base model offered by name."""

    name: str
    shape: Shape


KNOWN_BASES = (
    KnownBase("Qwen/Qwen2.5-Coder-0.5B-Instruct", Shape(24, 896, 4_864, 14, 2, 64, 151_936, tied=True, qkv_bias=True)),
    KnownBase(
        "Qwen/Qwen2.5-Coder-1.5B-Instruct", Shape(28, 1_536, 8_960, 12, 2, 128, 151_936, tied=True, qkv_bias=True)
    ),
    KnownBase("deepseek-ai/deepseek-coder-1.3b-instruct", Shape(24, 2_048, 5_504, 16, 16, 128, 32_256)),
    KnownBase("deepseek-ai/deepseek-coder-6.7b-instruct", Shape(32, 4_096, 11_008, 32, 32, 128, 32_256)),
)
"""As their `config.json` say; smallest first."""


def known_shape(name: str) -> Shape | None:
    """The shape of a base model offered by name."""
    return next((base.shape for base in KNOWN_BASES if base.name == name), None)
