"""`doctor`: what this machine can train, and what is missing."""

import argparse
import platform
import shutil
from typing import Any

import psutil

from codeanvil import __version__
from codeanvil.cli.output import Output
from codeanvil.cli.workspace import opened
from codeanvil.errors import RunError
from codeanvil.runs import trainer
from codeanvil.runs.presets import tier

_GIB = 2**30


def doctor(arguments: argparse.Namespace, out: Output) -> None:
    """Look at interpreter, packages, GPU, memory and disk; every problem comes with its remedy."""
    root, settings = opened(arguments)
    problems: list[str] = []
    report: dict[str, Any] | None = None
    gpu = None
    try:
        has = trainer.packages(settings)
        if has.missing:
            problems.append(has.remedy)
        else:
            with out.working("Trying the trainer"):
                report = trainer.doctor(settings)
        gpu = trainer.find_gpu()
        if gpu and not trainer.usable_gpu(has):
            problems.append(
                f"There is {gpu.name}, but torch {has.torch} was built without CUDA: install a torch with CUDA."
            )
            gpu = None
    except RunError as error:
        problems.append(str(error))
    machine = tier(gpu.total_bytes if gpu else None)
    memory = psutil.virtual_memory()
    disk = shutil.disk_usage(root)
    out.document(
        {
            "codeanvil": __version__,
            "python": platform.python_version(),
            "interpreter": trainer.interpreter(settings),
            "gpu": {"name": gpu.name, "total_bytes": gpu.total_bytes, "free_bytes": gpu.free_bytes} if gpu else None,
            "memory_bytes": memory.total,
            "memory_available_bytes": memory.available,
            "disk_free_bytes": disk.free,
            "preset": machine.preset,
            "base_model": machine.base_model,
            "trainer": report,
            "problems": problems,
        }
    )
    out.pairs(
        [
            ("CodeAnvil", f"{__version__}, Python {platform.python_version()}"),
            ("Trainer", trainer.interpreter(settings)),
            (
                "GPU",
                f"{gpu.name}, {gpu.free_bytes / _GIB:.1f} of {gpu.total_bytes / _GIB:.1f} GiB free" if gpu else "none",
            ),
            ("Memory", f"{memory.available / _GIB:.1f} of {memory.total / _GIB:.1f} GiB free"),
            ("Disk", f"{disk.free / _GIB:.1f} GiB free"),
            ("Trains here", f"{machine.base_model} with preset {machine.preset}, unless you say otherwise"),
            *((name, str(value)) for name, value in _flat(report or {})),
        ]
    )
    for problem in problems:
        out.say(problem)


def _flat(report: dict[str, Any]) -> list[tuple[str, Any]]:
    """The trainer's own findings that are single values."""
    return [(name.replace("_", " "), value) for name, value in report.items() if not isinstance(value, dict | list)]
