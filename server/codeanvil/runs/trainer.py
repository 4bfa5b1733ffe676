"""The trainer's interpreter and this machine: how the trainer is started, what it lacks, which GPU is there.

The server never imports the trainer: it is another process, perhaps of another interpreter (`train.python`).
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter

from codeanvil.errors import RunError
from codeanvil.settings import Settings

PACKAGES = ("codeanvil_trainer", "torch", "transformers", "peft", "bitsandbytes", "accelerate", "safetensors")

# Looks the packages up without importing one, which takes milliseconds where `import torch` takes seconds.
_PROBE = """
import importlib.metadata as metadata, importlib.util as util, json, sys
specs = {name: util.find_spec(name) for name in sys.argv[1:]}
missing = [name for name, spec in specs.items() if spec is None]
torch = None if "torch" in missing else metadata.version("torch")
trainer = specs["codeanvil_trainer"]
folder = trainer.submodule_search_locations[0] if trainer else None
print(json.dumps({"missing": missing, "torch": torch, "folder": folder}))
"""

_T = TypeVar("_T")

PROBE_SECONDS = 60
DOCTOR_SECONDS = 300


@dataclass(frozen=True, slots=True)
class TrainerPackages:
    """What the trainer's interpreter has: packages it lacks, torch's version (`2.13.0+cpu`), the trainer's folder."""

    python: str
    missing: tuple[str, ...]
    torch: str | None
    folder: Path | None

    @property
    def remedy(self) -> str:
        """One sentence: what is missing and the command that installs it."""
        return (
            f"Training needs packages that {self.python} does not have ({', '.join(self.missing)}): "
            f"install them with `{self.python} -m pip install 'codeanvil[train]'`."
        )


@dataclass(frozen=True, slots=True)
class Gpu:
    """A GPU; `total_bytes` of memory, `free_bytes` of it free now; `uuid` names it in CUDA_VISIBLE_DEVICES."""

    name: str
    total_bytes: int
    free_bytes: int
    uuid: str = "0"


def interpreter(settings: Settings) -> str:
    """The Python that runs the trainer: `train.python`, or the server's own."""
    return settings.train.python or sys.executable


def command(settings: Settings, *arguments: str | Path) -> list[str]:
    """The command line of the trainer with `arguments`.

    `-P` keeps the current folder off the import path: a workspace's own `random.py` must not be run.
    """
    return [interpreter(settings), "-P", "-m", "codeanvil_trainer", *map(str, arguments)]


def packages(settings: Settings) -> TrainerPackages:
    """Ask the trainer's interpreter what it has. Raises RunError where it cannot be run."""
    python = interpreter(settings)
    try:
        done = subprocess.run(
            [python, "-P", "-c", _PROBE, *PACKAGES], capture_output=True, text=True, timeout=PROBE_SECONDS, check=True
        )
        answer = json.loads(done.stdout)
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        raise RunError(
            f"The Python interpreter {python} cannot be run ({_why(error)}): set train.python in codeanvil.toml "
            "to one that has CodeAnvil, or leave it empty."
        ) from error
    folder = Path(answer["folder"]) if answer["folder"] else None
    return TrainerPackages(python, tuple(answer["missing"]), answer["torch"], folder)


def find_gpu() -> Gpu | None:
    """The NVIDIA GPU with the most memory, as the driver reports it; None where there is none to use.

    Of several alike it is the one with the most memory free. CUDA_VISIBLE_DEVICES, where set, says which there are; a
    part of a GPU that is named there (MIG) is taken for the whole of it.
    """
    tool = shutil.which("nvidia-smi")
    wanted = os.environ.get("CUDA_VISIBLE_DEVICES")
    if tool is None or wanted in {"", "-1"}:
        return None
    query = [tool, "--query-gpu=memory.total,memory.free,name,index,uuid", "--format=csv,noheader,nounits"]
    try:
        done = subprocess.run(query, capture_output=True, text=True, timeout=10, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    named = [part.strip() for part in wanted.split(",")] if wanted else []
    found, visible = [], []
    for line in done.stdout.splitlines():
        total, free, name, index, uuid = (part.strip() for part in f"{line},,,,".split(",")[:5])
        if not (total.isdigit() and free.isdigit()):
            continue
        gpu = Gpu(name, int(total) * 2**20, int(free) * 2**20, uuid)
        found.append(gpu)
        if any(part == index or (part and uuid.startswith(part)) for part in named):
            visible.append(gpu)
    if named and not visible:
        found = [replace(gpu, uuid=named[0]) for gpu in found[:1]]
    return max(visible or found, key=lambda gpu: (gpu.total_bytes, gpu.free_bytes), default=None)


def usable_gpu(has: TrainerPackages) -> Gpu | None:
    """The GPU, unless the trainer's torch was built without CUDA and could not use it."""
    return None if (has.torch or "").endswith("+cpu") else find_gpu()


def doctor(settings: Settings) -> dict[str, Any]:
    """What the trainer says of itself and this machine (`python -m codeanvil_trainer doctor`). Raises RunError."""
    try:
        done = subprocess.run(
            command(settings, "doctor"), capture_output=True, text=True, timeout=DOCTOR_SECONDS, check=True
        )
        report = json.loads(done.stdout)
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        raise RunError(
            f"The trainer's own check failed ({_why(error)}): run `{' '.join(command(settings, 'doctor'))}` to see why."
        ) from error
    return dict(report)


def ask(settings: Settings, verb: str, question: BaseModel, answer: TypeAdapter[_T], seconds: float) -> _T:
    """What the trainer's `verb` prints for a request of its contract. Raises RunError."""
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
        file.write(question.model_dump_json())
        file.flush()
        words = command(settings, verb, file.name)
        try:
            done = subprocess.run(words, capture_output=True, text=True, timeout=seconds, check=True)
            return answer.validate_json(done.stdout)
        except (OSError, subprocess.SubprocessError, ValueError) as error:
            raise RunError(f"The trainer could not {verb} ({_why(error)}): see `codeanvil doctor`.") from error


def _why(error: Exception) -> str:
    stderr = getattr(error, "stderr", None) or ""
    lines = (stderr if isinstance(stderr, str) else stderr.decode(errors="replace")).strip().splitlines()
    return lines[-1] if lines else str(error)
