"""Base models by name: where one lies, and whether its weights can fit into this machine at all."""

import re
from pathlib import Path

import psutil

from codeanvil.contract import EMBEDDED, RunConfig
from codeanvil.errors import RunError, UsageError
from codeanvil.runs.trainer import Gpu

_HUB_NAME = re.compile(r"[\w.-]+(/[\w.-]+)?", re.ASCII)
_BILLIONS = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?)b(?![a-z0-9])", re.IGNORECASE)

# Bytes a parameter needs for weights, gradients and AdamW's two moments, activations not counted. NF4 with double
# quantisation is 4.127 bits (arXiv 2305.14314); bf16 is 2 bytes; full training holds fp32 of all four.
_BYTES_A_PARAMETER = {"qlora": 4.127 / 8, "lora": 2.0, "full": 16.0}

_GIB = 2**30


def resolved_base(root: Path, name: str) -> str:
    """`embedded`, a hub name as it is, or the absolute path of a local model.

    A relative path is looked for from the current folder, then from the workspace. Raises UsageError for what is
    neither a model folder nor a possible hub name.
    """
    if name == EMBEDDED:
        return name
    candidates = [Path(name).expanduser(), root / name]
    folder = next((path.resolve() for path in candidates if path.is_dir()), None)
    if folder:
        if not (folder / "config.json").is_file():
            raise UsageError(f"{folder} holds no model (there is no config.json): name a Hugging Face model's folder.")
        return str(folder)
    if not _HUB_NAME.fullmatch(name) or name.startswith("."):
        raise UsageError(
            f"There is no model folder '{name}', and it is no Hugging Face name either: write one like "
            f"deepseek-ai/deepseek-coder-1.3b-instruct, a folder that exists, or {EMBEDDED}."
        )
    return name


def parameters(base_model: str) -> float | None:
    """About how many parameters a model has: from its files where it is a folder, else from its name (`6.7b`)."""
    folder = Path(base_model)
    if folder.is_dir():
        files = list(folder.glob("*.safetensors")) or list(folder.glob("*.bin"))
        return sum(file.stat().st_size for file in files) / 2 or None  # published weights are 16 bit
    found = _BILLIONS.search(base_model.replace("_", "-").replace("-", " "))
    return float(found[1]) * 1e9 if found else None


def check_fits(config: RunConfig, gpu: Gpu | None) -> None:
    """Refuse a model whose weights alone are more than this machine's memory. Raises RunError."""
    count = parameters(config.base_model)
    if count is None:
        return
    needed = count * _BYTES_A_PARAMETER[config.method]
    there = gpu.total_bytes if gpu else psutil.virtual_memory().total
    if needed > there:
        smaller = "" if config.method == "qlora" else "method=qlora or "
        raise RunError(
            f"{config.base_model} with method {config.method} needs more than {needed / _GIB:.0f} GiB for its "
            f"weights, and {gpu.name if gpu else 'this machine'} has {there / _GIB:.0f} GiB: take {smaller}"
            "a smaller --base-model."
        )
