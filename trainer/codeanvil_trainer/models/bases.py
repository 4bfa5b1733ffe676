"""Base models: load, quantise to NF4, dequantise.

Two forms of one base are used. For training, linear layers are NF4 with double quantisation
(QLoRA, arXiv 2305.14314). For merging and answering they are the same NF4 weights dequantised, so
that what is served is what was trained: W = dequantise(NF4(W0)).

bitsandbytes is imported where it is used: it takes seconds, and a host of merged weights does not need it.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch import nn
from transformers import AutoModelForCausalLM, AutoTokenizer, BitsAndBytesConfig
from transformers.utils import logging as transformers_logging

from codeanvil.contract import EMBEDDED
from codeanvil_trainer.errors import TrainerError
from codeanvil_trainer.folders import SEED_FOLDER
from codeanvil_trainer.models import hub

_REPACKS = "support_avx512bf16_for_cpu"

transformers_logging.disable_progress_bar()


def resolve_base(name: str, told: Callable[[str], object] | None = None) -> str:
    """The folder of the base model's files; a hub's model is fetched where it is not here (`hub.folder_of`).

    Raises TrainerError.
    """
    if name == EMBEDDED:
        if not (SEED_FOLDER / "model.safetensors").exists():
            raise TrainerError(
                f"The embedded model is not in {SEED_FOLDER} (the editor extension comes without it): name a base "
                "model, or install CodeAnvil from its source folder."
            )
        return str(SEED_FOLDER)
    path = Path(name).expanduser()
    if path.is_dir():
        return str(path)
    if name.startswith((".", "/", "~")):
        raise TrainerError(f"There is no model folder {path}: give an existing folder or a Hugging Face name.")
    return hub.folder_of(name, told)


def compute_dtype(device: torch.device) -> torch.dtype:
    """bf16 where the hardware multiplies it; fp32 on CPUs, where bf16 is emulated and slower."""
    return torch.bfloat16 if device.type == "cuda" else torch.float32


def default_device() -> torch.device:
    """The first GPU, or the CPU."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def load_tokenizer(name: str) -> Any:
    """The base's tokenizer, with a PAD that is not EOS. Raises TrainerError."""
    source = resolve_base(name)
    try:
        tokenizer = AutoTokenizer.from_pretrained(source)
    except (OSError, ValueError) as error:
        raise _unavailable(name, error) from error
    if tokenizer.eos_token_id is None:
        raise TrainerError(f"The tokenizer of {name} has no end-of-sequence token: choose another base model.")
    if tokenizer.pad_token_id is None or tokenizer.pad_token_id == tokenizer.eos_token_id:
        # PAD rows are masked everywhere, so any other id serves; learning to stop must not be masked with it.
        spare = next(i for i in range(len(tokenizer)) if i not in (tokenizer.eos_token_id, tokenizer.bos_token_id))
        tokenizer.pad_token = tokenizer.convert_ids_to_tokens(spare)
    return tokenizer


def load_base(
    name: str, *, quantize: bool, device: torch.device | None = None, dtype: torch.dtype | None = None
) -> Any:
    """The base model in evaluation mode, frozen.

    With `quantize` linear layers (not the head) are NF4 with double quantisation, computing in `dtype`
    (default: `compute_dtype(device)`); all else is in `dtype`. Raises TrainerError.
    """
    source = resolve_base(name)
    device = device or default_device()
    dtype = dtype or compute_dtype(device)
    arguments: dict[str, Any] = {"dtype": dtype, "device_map": {"": device}}
    if quantize:
        arguments["quantization_config"] = BitsAndBytesConfig(
            load_in_4bit=True,
            bnb_4bit_quant_type="nf4",
            bnb_4bit_use_double_quant=True,
            bnb_4bit_compute_dtype=dtype,
        )
    try:
        model = AutoModelForCausalLM.from_pretrained(source, **arguments)
    except (OSError, ValueError) as error:
        raise _unavailable(name, error) from error
    mend_nf4_repacking(model)
    model.requires_grad_(False)
    return model.eval()


def set_checkpointing(model: Any, *, on: bool) -> None:
    """Make activations twice instead of keeping them, or keep them again."""
    if on:
        model.enable_input_require_grads()  # a frozen embedding's output would leave nothing to go back to
        enable = getattr(model, "activation_checkpointing_enable", model.gradient_checkpointing_enable)  # its new name
        enable({"use_reentrant": False})
    elif getattr(model, "is_gradient_checkpointing", False):
        getattr(model, "activation_checkpointing_disable", model.gradient_checkpointing_disable)()


def _unavailable(name: str, error: Exception) -> TrainerError:
    first = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    return TrainerError(
        f"The base model {name} cannot be loaded ({first}). Give a local folder with --base-model PATH, "
        f"or use --base-model embedded, which needs no download."
    )


def mend_nf4_repacking(model: nn.Module) -> None:
    """Keep bitsandbytes from repacking NF4 weights at the first forward in evaluation mode.

    On CPUs with avx512_bf16, bitsandbytes 0.50 repacks them in place for its own kernel; gradients and
    dequantised weights taken afterwards are wrong, silently.
    """
    for module in model.modules():
        if hasattr(module, _REPACKS):
            setattr(module, _REPACKS, False)


def load_dequantised(name: str, *, device: torch.device | None = None, dtype: torch.dtype | None = None) -> Any:
    """The base with its NF4 weights dequantised into plain linear layers in `dtype`. Raises TrainerError."""
    model = load_base(name, quantize=True, device=device, dtype=dtype)
    return dequantise(model, dtype or compute_dtype(device or default_device()))


def dequantise(model: Any, dtype: torch.dtype) -> Any:
    """Replace each NF4 linear layer by a plain one holding the dequantised weights; in place."""
    import bitsandbytes as bnb

    for parent in list(model.modules()):
        for child_name, child in list(parent.named_children()):
            if isinstance(child, bnb.nn.Linear4bit):
                weight = bnb.functional.dequantize_4bit(child.weight.data, child.weight.quant_state).to(dtype)
                plain = nn.Linear(
                    child.in_features,
                    child.out_features,
                    child.bias is not None,
                    device=weight.device,
                    dtype=dtype,
                )
                plain.weight = nn.Parameter(weight, requires_grad=False)
                if child.bias is not None:
                    plain.bias = nn.Parameter(child.bias.data.to(dtype), requires_grad=False)
                setattr(parent, child_name, plain)
    for attribute in ("is_loaded_in_4bit", "is_quantized"):
        if hasattr(model, attribute):
            setattr(model, attribute, False)
    for attribute in ("hf_quantizer", "quantization_method"):
        if hasattr(model, attribute):
            delattr(model, attribute)
    if hasattr(model.config, "quantization_config"):
        del model.config.quantization_config
    return model


def decoder_and_head(model: Any) -> tuple[Any, Any]:
    """The transformer without its head, and the head: to compute logits only where they are needed."""
    base = model.get_base_model() if hasattr(model, "get_base_model") else model  # peft has it
    return base.get_decoder(), base.get_output_embeddings()
