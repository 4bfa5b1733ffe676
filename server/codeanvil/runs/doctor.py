"""What this machine can train and what is missing, as plain values; every problem is a sentence with its remedy."""

import os
import platform
import shutil
from pathlib import Path
from typing import Any

import psutil

from codeanvil import __version__
from codeanvil.contract import EMBEDDED
from codeanvil.errors import CodeAnvilError, RunError
from codeanvil.runs import trainer
from codeanvil.runs.forecast import needs_of, training_plan
from codeanvil.runs.plan import Asked
from codeanvil.runs.presets import DEEPSEEK_1B, DEEPSEEK_7B, PRESETS, tier
from codeanvil.settings import Settings
from codeanvil.workspace.location import index_path

BASES = (
    EMBEDDED,
    "Qwen/Qwen2.5-Coder-0.5B-Instruct",
    DEEPSEEK_1B,
    "Qwen/Qwen2.5-Coder-1.5B-Instruct",
    DEEPSEEK_7B,
)
"""Base models that are told about, smallest first; any other can be named too."""


def examine(root: Path, settings: Settings) -> dict[str, Any]:
    """Interpreter, packages, GPU, memory, disk, which base models fit with which preset, and a run of the workspace.

    `codeanvil`, `python`, `interpreter` (the trainer's), `cores`, `memory_bytes`, `memory_available_bytes`,
    `disk_free_bytes`; `gpu` {name, total_bytes, free_bytes} or None; `preset` and `base_model`, what `auto` chooses;
    `trainer`, what the trainer says of itself, or None where it cannot be run; `fits` [{base_model, preset,
    needed_bytes, free_bytes, fits, weights, download_bytes}]; `plan`, as `codeanvil/trainingPlan` answers, or None;
    `problems`, sentences. Nothing is fetched.
    """
    problems: list[str] = []
    gpu = report = plan = None
    fits: list[dict[str, Any]] = []
    try:
        has = trainer.packages(settings)
        gpu, found = trainer.usable_gpu(has), trainer.find_gpu()
        if found and not gpu:
            problems.append(
                f"There is {found.name}, but torch {has.torch} was built without CUDA: install a torch with CUDA that "
                f"fits the driver into {has.python}, see https://pytorch.org/get-started."
            )
        if has.missing:
            problems.append(has.remedy)
        else:
            report = trainer.doctor(settings)
            problems += [f"{row['problem']} {row['remedy']}" for row in report.get("problems", [])]
            fits = what_fits(settings, gpu)
    except RunError as error:
        problems.append(str(error))
    if report is not None:
        plan, problem = _plan(root, settings)
        problems += problem
    memory = psutil.virtual_memory()
    machine = tier(gpu.total_bytes if gpu else None)
    return {
        "codeanvil": __version__,
        "python": platform.python_version(),
        "interpreter": trainer.interpreter(settings),
        "cores": os.cpu_count(),
        "gpu": {"name": gpu.name, "total_bytes": gpu.total_bytes, "free_bytes": gpu.free_bytes} if gpu else None,
        "memory_bytes": memory.total,
        "memory_available_bytes": memory.available,
        "disk_free_bytes": shutil.disk_usage(root).free,
        "preset": machine.preset,
        "base_model": machine.base_model,
        "trainer": report,
        "fits": fits,
        "plan": plan,
        "problems": list(dict.fromkeys(problems)),
    }


def what_fits(settings: Settings, gpu: trainer.Gpu | None) -> list[dict[str, Any]]:
    """Every base model with every preset: what it needs, and whether that is free. Raises RunError."""
    free = gpu.free_bytes if gpu else psutil.virtual_memory().available
    pairs = [(base, preset) for base in BASES for preset in PRESETS]
    configs = [PRESETS[preset].model_copy(update={"base_model": base}) for base, preset in pairs]
    return [
        {
            "base_model": base,
            "preset": preset,
            "needed_bytes": needs.memory_bytes,
            "free_bytes": free,
            "fits": None if needs.memory_bytes is None else needs.memory_bytes <= free,
            "weights": needs.weights,
            "download_bytes": needs.download_bytes,
        }
        for (base, preset), needs in zip(pairs, needs_of(settings, configs, on_gpu=gpu is not None), strict=True)
    ]


def _plan(root: Path, settings: Settings) -> tuple[dict[str, Any] | None, list[str]]:
    """A run as `codeanvil train` would start it, and what would keep it from ending."""
    if not index_path(root, settings).exists():
        return None, []
    try:
        plan = training_plan(root, settings, Asked())
    except CodeAnvilError as error:
        return None, [str(error)]
    return plan, [f"{row['problem']} {row['remedy']}" for row in plan["problems"]]
