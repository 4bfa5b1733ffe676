"""What a base model is made of, from its `config.json`, and what a run on it needs: without torch, in milliseconds.

python -m codeanvil_trainer estimate REQUEST.json     contract.EstimateRequest; prints a JSON list of TrainingNeeds
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Literal

from codeanvil.contract import EMBEDDED, EstimateRequest, LoraConfig, RunConfig, TrainingNeeds
from codeanvil_trainer.folders import SEED_FOLDER
from codeanvil_trainer.machine.disk import needed_bytes
from codeanvil_trainer.machine.memory import Architecture, memory_estimate


@dataclass(frozen=True, slots=True)
class Shape:
    """A decoder of the Llama family: attention with q, k, v, o and an MLP with gate, up, down in every layer.

    `biased`: q, k and v have a bias, as in Qwen2. Sizes are in values.
    """

    hidden: int
    layers: int
    query: int
    key: int
    intermediate: int
    vocabulary: int
    tied: bool = False
    biased: bool = False

    @property
    def linears(self) -> dict[str, tuple[int, int]]:
        """Inputs and outputs of the linear layers of one decoder layer, by name."""
        return {
            "q_proj": (self.hidden, self.query),
            "k_proj": (self.hidden, self.key),
            "v_proj": (self.hidden, self.key),
            "o_proj": (self.query, self.hidden),
            "gate_proj": (self.hidden, self.intermediate),
            "up_proj": (self.hidden, self.intermediate),
            "down_proj": (self.intermediate, self.hidden),
        }

    @property
    def parameters(self) -> int:
        """All of them."""
        layer = sum(inputs * outputs for inputs, outputs in self.linears.values()) + 2 * self.hidden
        layer += (self.query + 2 * self.key) * self.biased
        return self.layers * layer + self.hidden + self.vocabulary * self.hidden * (1 if self.tied else 2)

    def trainable(self, lora: LoraConfig) -> int:
        """Parameters of the adapter: r x (inputs + outputs) of each layer it is on (arXiv 2106.09685)."""
        named = self.linears if lora.target_modules == "all-linear" else lora.target_modules
        layer = sum(lora.r * sum(self.linears[name]) for name in named if name in self.linears)
        return self.layers * layer + self.vocabulary * self.hidden * lora.train_embeddings

    @property
    def architecture(self) -> Architecture:
        """The figures that decide about memory."""
        return Architecture(self.parameters, self.layers, self.hidden, self.vocabulary, self.tied)


KNOWN: Final[Mapping[str, Shape]] = MappingProxyType(
    {
        "Qwen/Qwen2.5-Coder-0.5B-Instruct": Shape(896, 24, 896, 128, 4_864, 151_936, tied=True, biased=True),
        "Qwen/Qwen2.5-Coder-1.5B-Instruct": Shape(1_536, 28, 1_536, 256, 8_960, 151_936, tied=True, biased=True),
        "deepseek-ai/deepseek-coder-1.3b-instruct": Shape(2_048, 24, 2_048, 2_048, 5_504, 32_256),
        "deepseek-ai/deepseek-coder-6.7b-instruct": Shape(4_096, 32, 4_096, 4_096, 11_008, 32_256),
    }
)
"""Models that are offered by name, so that they can be told about before anything is fetched."""


def estimate(request: EstimateRequest) -> list[TrainingNeeds]:
    """What each run of the request needs, in its order."""
    return [needs(config, on_gpu=request.on_gpu) for config in request.configs]


def needs(config: RunConfig, *, on_gpu: bool) -> TrainingNeeds:
    """What a run of `config` needs of memory, disk and network; figures are None where the model's shape is unknown."""
    where, folder = located(config.base_model)
    shape = shape_of(config.base_model)
    if shape is None:
        return TrainingNeeds(base_model=config.base_model, weights=where)
    total = shape.parameters
    trainable = total if config.method == "full" else shape.trainable(config.lora)
    value_bytes = 2 if on_gpu else 4
    memory = memory_estimate(
        shape.architecture,
        trainable,
        method=config.method,
        tokens=config.micro_batch_rows * config.pack_length,
        gradient_checkpointing=config.gradient_checkpointing,
        value_bytes=value_bytes,
    )
    return TrainingNeeds(
        base_model=config.base_model,
        weights=where,
        parameters=total,
        trainable=trainable,
        memory_bytes=memory.total,
        disk_bytes=needed_bytes(trainable, total, config, value_bytes),
        download_bytes=0 if folder else total * 2,  # published weights are 16 bit
    )


def shape_of(base_model: str) -> Shape | None:
    """The shape of a base model, by name or folder; None where nothing here tells it, or it is of another family."""
    _, folder = located(base_model)
    if folder is None:
        return KNOWN.get(base_model)
    try:
        found = read_shape(json.loads((folder / "config.json").read_text("utf-8")))
    except (OSError, ValueError):
        found = None
    return found or KNOWN.get(base_model)


def read_shape(config: Mapping[str, Any]) -> Shape | None:
    """The shape that a `config.json` describes; None where it is not of the Llama family."""
    try:
        hidden, heads = int(config["hidden_size"]), int(config["num_attention_heads"])
        head = int(config.get("head_dim") or hidden // heads)
        return Shape(
            hidden,
            int(config["num_hidden_layers"]),
            heads * head,
            int(config.get("num_key_value_heads") or heads) * head,
            int(config["intermediate_size"]),
            int(config["vocab_size"]),
            tied=bool(config.get("tie_word_embeddings", False)),
            biased=bool(config.get("attention_bias", config.get("model_type") == "qwen2")),
        )
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None


def located(base_model: str) -> tuple[Literal["embedded", "folder", "cached", "hub"], Path | None]:
    """Where a base model's weights are, and their folder; None where they must be fetched first."""
    if base_model == EMBEDDED:
        return "embedded", SEED_FOLDER
    if Path(base_model).is_dir():
        return "folder", Path(base_model)
    from huggingface_hub import try_to_load_from_cache
    from huggingface_hub.errors import HFValidationError

    try:
        cached = [
            found
            for name in ("model.safetensors", "model.safetensors.index.json", "pytorch_model.bin")
            if isinstance(found := try_to_load_from_cache(base_model, name), str)
        ]
    except HFValidationError:
        cached = []
    return ("cached", Path(cached[0]).parent) if cached else ("hub", None)
