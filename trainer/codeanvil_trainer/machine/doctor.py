"""What this machine can train and what is missing.

    python -m codeanvil_trainer doctor

prints `doctor()`. Sizes are in bytes throughout.
"""

import platform
import shutil
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import torch

from codeanvil.contract import LoraConfig
from codeanvil_trainer.footprint.memory import Training, memory_estimate
from codeanvil_trainer.footprint.shapes import KNOWN_BASES
from codeanvil_trainer.machine.device import Machine, machine
from codeanvil_trainer.models import SEED_FOLDER, default_device, mend_nf4_repacking

LEAST_FREE = 1_000_000_000
"""Bytes of memory and of disk below which even the embedded model's runs may fail."""


PACKAGES = ("torch", "transformers", "peft", "bitsandbytes", "accelerate", "tokenizers", "safetensors")


def four_bit_check(device: torch.device) -> dict[str, Any]:
    """Whether NF4 layers compute rightly on `device`: cosines of output and input gradient to those of the
    dequantised weights, taken after a pass in evaluation mode, which is where bitsandbytes has gone wrong.
    """
    import bitsandbytes as bnb

    generator = torch.Generator().manual_seed(0)
    layer = bnb.nn.Linear4bit(256, 256, bias=False, compute_dtype=torch.float32, quant_type="nf4")
    layer.weight.data = torch.randn(256, 256, generator=generator) / 16
    layer.to(device)
    if device.type == "cpu":
        layer(torch.zeros(1, 256))  # quantised at the first use there
    mend_nf4_repacking(layer)
    weight = bnb.functional.dequantize_4bit(layer.weight.data, layer.weight.quant_state).float()
    inputs, upstream = (torch.randn(32, 256, generator=generator).to(device) for _ in range(2))
    with torch.no_grad():
        layer.eval()(inputs)
    inputs.requires_grad_()
    output = layer.train()(inputs)
    output.backward(upstream)
    forward = _cosine(output.detach(), inputs.detach() @ weight.T)
    gradient = _cosine(inputs.grad, upstream @ weight)
    return {"ok": min(forward, gradient) > 0.99, "forward_cosine": forward, "gradient_cosine": gradient}


def _cosine(one: torch.Tensor | None, other: torch.Tensor) -> float:
    if one is None:
        return 0.0
    return round(float(torch.cosine_similarity(one.flatten().float(), other.flatten().float(), dim=0)), 5)


def doctor(folder: Path | None = None) -> dict[str, Any]:
    """What this machine can train and what is missing, as one JSON object:

    `versions`, `machine`, `four_bit` {ok, forward_cosine, gradient_cosine}, `bases` [{base_model, where, fits,
    needs_bytes, free_bytes, gradient_checkpointing}] for QLoRA with the guide's adapter, `problems`
    [{problem, remedy}], and `ok`, true when there are none.
    """
    has = machine(folder)
    try:
        four_bit = four_bit_check(default_device())
    except Exception as error:  # whatever it is, the user is told and the rest of the report stands
        four_bit = {"ok": False, "error": f"{type(error).__name__}: {error}"}
    problems = _problems(has, four_bit)
    return {
        "ok": not problems,
        "versions": {"python": platform.python_version(), **{name: _version(name) for name in PACKAGES}},
        "machine": asdict(has),
        "four_bit": four_bit,
        "bases": trainable_bases(has),
        "problems": problems,
    }


def trainable_bases(has: Machine) -> list[dict[str, Any]]:
    """For each base model offered by name: what QLoRA on it needs at length 2,048, and whether that is free.

    Gradient checkpointing, which is slower, is counted on only where it is needed.
    """
    on_gpu = has.gpu_memory_free is not None
    free = has.gpu_memory_free if has.gpu_memory_free is not None else has.ram_free
    found = []
    guide = LoraConfig()
    run = Training("qlora", guide.r, guide.target_modules, guide.dropout, autocast=on_gpu)
    for base in KNOWN_BASES:
        for checkpointing in (False, True):
            estimate = memory_estimate(base.shape, run, tokens=2048, gradient_checkpointing=checkpointing)
            needs = estimate.total
            if needs <= free:
                break
        found.append(
            {
                "base_model": base.name,
                "where": "gpu" if on_gpu else "cpu",
                "fits": needs <= free,
                "needs_bytes": needs,
                "free_bytes": free,
                "gradient_checkpointing": checkpointing,
            }
        )
    return found


def _problems(has: Machine, four_bit: dict[str, Any]) -> list[dict[str, str]]:
    problems: list[tuple[str, str]] = []
    missing = [name for name in PACKAGES if _version(name) is None]
    if missing:
        problems.append((f"Not installed: {', '.join(missing)}.", "Install them with: pip install 'codeanvil[train]'."))
    if not four_bit["ok"]:
        problems.append(
            (
                "4-bit layers do not compute rightly here, so QLoRA cannot train.",
                "Install bitsandbytes 0.50 or 0.51, or train without quantisation: --set method=lora.",
            )
        )
    if has.gpu is None and shutil.which("nvidia-smi"):
        problems.append(
            (
                "There is an NVIDIA driver, but torch sees no GPU.",
                "Install a torch build with CUDA that fits the driver: see https://pytorch.org/get-started.",
            )
        )
    if has.gpu_bf16 is False:
        problems.append(
            (f"The GPU {has.gpu} does not compute in bf16.", "Train on the CPU (CUDA_VISIBLE_DEVICES=) or a newer GPU.")
        )
    if not (SEED_FOLDER / "model.safetensors").exists():
        problems.append(("The embedded model is missing.", "Reinstall codeanvil, or name another base model."))
    if has.ram_free < LEAST_FREE:
        problems.append((f"Only {has.ram_free // 10**6} MB of memory are free.", "Close other programs."))
    if has.disk_free < LEAST_FREE:
        problems.append((f"Only {has.disk_free // 10**6} MB of disk are free.", "Remove old runs or set data_dir."))
    return [{"problem": problem, "remedy": remedy} for problem, remedy in problems]


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
