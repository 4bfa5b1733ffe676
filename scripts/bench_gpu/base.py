"""A base model of random weights, NF4, of a true shape: what it says is nonsense, what it costs is not.

It is made a matrix at a time on the device, so that a card too small for 16-bit weights can hold it.
"""

import json
import shutil
from pathlib import Path
from typing import Any

import bitsandbytes as bnb
import torch
from torch import nn
from transformers import AutoConfig, AutoModelForCausalLM

from codeanvil_trainer.models import SEED_FOLDER, mend_nf4_repacking

TRUE = {
    "model_type": "llama",
    "architectures": ["LlamaForCausalLM"],
    "hidden_size": 4096,
    "intermediate_size": 11_008,
    "num_hidden_layers": 32,
    "num_attention_heads": 32,
    "num_key_value_heads": 32,
    "vocab_size": 32_256,
    "max_position_embeddings": 16_384,
    "rms_norm_eps": 1e-6,
    "tie_word_embeddings": False,
    "bos_token_id": None,
    "eos_token_id": 1,
    "pad_token_id": 0,
}
"""deepseek-coder-6.7b's `config.json`, but for its rotary scaling, which costs nothing."""

TINY = TRUE | {
    "hidden_size": 64,
    "intermediate_size": 172,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 4,
    "vocab_size": 4096,
}
"""For trying the bench itself on a CPU."""


def write_folder(folder: Path, shape: dict[str, Any]) -> Path:
    """A base model's folder without weights: the shape, and the tokenizer of the embedded model."""
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps(shape), "utf-8")
    for file in SEED_FOLDER.iterdir():
        if "token" in file.name or "template" in file.name:
            shutil.copy(file, folder)
    return folder


def random_base(folder: Path, device: torch.device) -> Any:
    """The model of `folder` in the form of `models.load_base(..., quantize=True)`."""
    config = AutoConfig.from_pretrained(str(folder))
    dtype = torch.bfloat16 if device.type == "cuda" else torch.float32
    with torch.device("meta"):
        model = AutoModelForCausalLM.from_config(config, dtype=dtype)
    torch.manual_seed(0)
    head = model.get_output_embeddings()
    for parent in list(model.modules()):
        for name, child in list(parent.named_children()):
            if isinstance(child, nn.Linear) and child is not head:
                setattr(parent, name, _nf4(child, dtype, device))
    for module in model.modules():
        for name, parameter in list(module.named_parameters(recurse=False)):
            if parameter.is_meta:
                filled = torch.ones if parameter.ndim == 1 else torch.randn
                values = filled(parameter.shape, dtype=dtype, device=device) * (1 if parameter.ndim == 1 else 0.02)
                setattr(module, name, nn.Parameter(values, requires_grad=False))
    decoder = model.get_decoder()
    decoder.rotary_emb = type(decoder.rotary_emb)(config).to(device)
    model.is_loaded_in_4bit = True  # by this peft tells how to adapt the layers
    mend_nf4_repacking(model)
    return model.requires_grad_(False).eval()


def _nf4(linear: nn.Linear, dtype: torch.dtype, device: torch.device) -> nn.Module:
    layer = bnb.nn.Linear4bit(
        linear.in_features,
        linear.out_features,
        bias=False,
        compute_dtype=dtype,
        compress_statistics=True,
        quant_type="nf4",
        device="meta",
    )
    values = torch.randn(linear.out_features, linear.in_features, dtype=dtype, device=device) * 0.02
    weight = bnb.nn.Params4bit(values, requires_grad=False, quant_type="nf4", compress_statistics=True, module=layer)
    layer.weight = weight.to(device)
    return layer
