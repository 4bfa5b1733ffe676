"""The merged model as one GGUF file for llama.cpp and Ollama, with the tokenizer and the chat template in it.

Names and layouts as llama.cpp's own converter writes them (https://github.com/ggml-org/ggml/blob/master/docs/gguf.md).
Quantisation is that of the `gguf` package; matrices are quantised, norms and biases stay in fp32.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from codeanvil_trainer.errors import TrainerError
from codeanvil_trainer.exports.gguf_tokenizer import add_tokenizer

_BLOCK = 32
"""Values a quantised block holds: a row that is no multiple of it is kept in f16."""

_FINE = frozenset({"token_embd.weight", "output.weight"})
"""Quantised to 8 bits at least: every answer passes through them."""


@dataclass(frozen=True, slots=True)
class _Family:
    """A family of models: llama.cpp's name for it, and whether its queries and keys are stored interleaved there."""

    architecture: str
    interleaved: bool


_FAMILIES = {"llama": _Family("llama", True), "mistral": _Family("llama", True), "qwen2": _Family("qwen2", False)}


def write_gguf(
    model: Any, tokenizer: Any, chat_template: str, path: Path, quantization: str
) -> dict[str, torch.Tensor]:
    """Write `model`, in full precision, to `path`; returns its weights as the file holds them, by their names in
    `model`. `quantization` is one of `contract.QUANTIZATIONS`. Raises TrainerError for a model llama.cpp has no form
    for, OSError.
    """
    try:
        import gguf
    except ImportError as error:
        raise TrainerError(
            "GGUF export needs the package gguf: pip install 'codeanvil[gguf]' in the trainer's Python."
        ) from error
    family = _FAMILIES.get(model.config.model_type)
    if family is None or getattr(model.config, "sliding_window", None):
        raise TrainerError(
            f"Models of the kind {model.config.model_type} are not written as GGUF here: export --format merged, and "
            "convert that folder with llama.cpp's convert_hf_to_gguf.py."
        )
    writer = gguf.GGUFWriter(str(path), family.architecture)
    _add_shape(writer, gguf, model.config, quantization)
    add_tokenizer(writer, tokenizer, model.config, chat_template)
    written: dict[str, torch.Tensor] = {}
    for own_name, name, values in _tensors(gguf, model, family):
        kind = _kind(gguf, name, values, quantization)
        data = gguf.quants.quantize(values, kind)
        writer.add_tensor(name, data, raw_dtype=kind)
        held = torch.from_numpy(np.ascontiguousarray(gguf.quants.dequantize(data, kind)).astype(np.float32))
        written[own_name] = _own_layout(held, own_name, model.config, family)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return written


def _add_shape(writer: Any, gguf: Any, config: Any, quantization: str) -> None:
    heads = config.num_attention_heads
    size = getattr(config, "head_dim", None) or config.hidden_size // heads
    writer.add_name(Path(str(config.name_or_path or "codeanvil")).name)
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_block_count(config.num_hidden_layers)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(heads)
    writer.add_head_count_kv(config.num_key_value_heads)
    writer.add_key_length(size)
    writer.add_value_length(size)
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    writer.add_rope_dimension_count(size)
    writer.add_vocab_size(config.vocab_size)
    writer.add_file_type(_file_type(gguf, quantization))
    writer.add_quantization_version(gguf.GGML_QUANT_VERSION)
    _add_rope(writer, gguf, config)


def _add_rope(writer: Any, gguf: Any, config: Any) -> None:
    rope = dict(getattr(config, "rope_parameters", None) or {})
    writer.add_rope_freq_base(float(rope.get("rope_theta", 10_000.0)))
    kind = rope.get("rope_type", "default")
    if kind == "linear":
        writer.add_rope_scaling_type(gguf.RopeScalingType.LINEAR)
        writer.add_rope_scaling_factor(float(rope["factor"]))
    elif kind != "default":
        raise TrainerError(
            f"Rotary positions of the kind {kind} are not written as GGUF here: export --format merged, and convert "
            "that folder with llama.cpp's convert_hf_to_gguf.py."
        )


def _tensors(gguf: Any, model: Any, family: _Family) -> Iterator[tuple[str, str, "np.ndarray[Any, Any]"]]:
    """(name in the model, name in the file, values as the file lays them out)."""
    architecture = {value: key for key, value in gguf.MODEL_ARCH_NAMES.items()}[family.architecture]
    names = gguf.get_tensor_name_map(architecture, model.config.num_hidden_layers)
    tied = model.config.tie_word_embeddings
    for own_name, tensor in model.state_dict().items():
        if tied and own_name == "lm_head.weight":
            continue  # llama.cpp takes the embeddings where there is no output.weight
        name = names.get_name(own_name, try_suffixes=(".weight", ".bias"))
        if name is None:
            raise TrainerError(
                f"The weights {own_name} have no place in llama.cpp's {family.architecture}: export --format merged "
                "instead."
            )
        values = tensor.detach().to(torch.float32)
        heads = _rotated_heads(own_name, model.config) if family.interleaved else 0
        yield own_name, name, np.ascontiguousarray((_interleaved(values, heads) if heads else values).numpy())


def _rotated_heads(own_name: str, config: Any) -> int:
    """How many heads' rows rotary positions turn in these weights; 0 where they turn none."""
    if ".q_proj." in own_name:
        return int(config.num_attention_heads)
    return int(config.num_key_value_heads) if ".k_proj." in own_name else 0


def _interleaved(values: torch.Tensor, heads: int) -> torch.Tensor:
    """Rows of each head from halves (0, n/2, 1, ...) to pairs: llama.cpp turns neighbours, transformers halves."""
    rows, *rest = values.shape
    return values.reshape(heads, 2, rows // heads // 2, *rest).swapaxes(1, 2).reshape(rows, *rest)


def _own_layout(values: torch.Tensor, own_name: str, config: Any, family: _Family) -> torch.Tensor:
    """The inverse of `_interleaved`, where it was done."""
    heads = _rotated_heads(own_name, config) if family.interleaved else 0
    if not heads:
        return values
    rows, *rest = values.shape
    return values.reshape(heads, rows // heads // 2, 2, *rest).swapaxes(1, 2).reshape(rows, *rest)


def _kind(gguf: Any, name: str, values: "np.ndarray[Any, Any]", quantization: str) -> Any:
    kinds = gguf.GGMLQuantizationType
    if values.ndim == 1:
        return kinds.F32
    if quantization in {"f32", "f16", "bf16"}:
        return kinds[quantization.upper()]
    if values.shape[-1] % _BLOCK:
        return kinds.F16
    return kinds.Q8_0 if name in _FINE else kinds[quantization.upper()]


def _file_type(gguf: Any, quantization: str) -> int:
    names = {"f32": "ALL_F32"}
    return int(gguf.LlamaFileType[names.get(quantization, f"MOSTLY_{quantization.upper()}")])
