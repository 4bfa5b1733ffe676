"""Checkpoints: whole or absent, and proved whole before they are trusted.

    checkpoints/step-<n>/
        adapter/ or weights.safetensors   what trains: the adapter (peft layout), or every weight of a full run
        optimizer.pt rng.pt               AdamW's moments; torch's random state
        state.json                        step (the data position and the schedule follow from it), best so far
        manifest.json                     SHA-256 of every file above; written last

A checkpoint is written into a temporary folder, synced and renamed. Resume takes the newest one whose
hashes hold.
"""

import hashlib
import json
import os
import shutil
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
from peft import PeftModel, set_peft_model_state_dict
from peft.utils import load_peft_weights
from safetensors.torch import load_file, save_file

from codeanvil.contract import RunFolder

MANIFEST = "manifest.json"


@dataclass(slots=True)
class TrainingState:
    """What a run must remember beside weights, optimizer and random state."""

    step: int = 0
    best_loss: float | None = None
    best_step: int | None = None
    evaluations_since_best: int = 0
    tokens: int = 0
    samples: int = 0
    seconds: float = 0.0
    first_loss: float | None = None
    recent: list[float] = field(default_factory=list)
    """Losses of the last good steps, which the next one is compared with (`guard.py`)."""
    bad_steps: int = 0
    """Steps skipped one after another up to now."""
    judged_loss: float | None = None
    """The newest loss that `best_loss` is the lowest of."""


def save(folder: RunFolder, model: Any, optimizer: torch.optim.Optimizer, state: TrainingState) -> Path:
    """Write `step-<n>` for `state.step`; an existing one stays, since it is the same. Raises OSError."""
    final = folder.checkpoints / f"step-{state.step}"
    if is_valid(final):
        return final
    temporary = folder.checkpoints / f".step-{state.step}.partial"
    shutil.rmtree(temporary, ignore_errors=True)
    shutil.rmtree(final, ignore_errors=True)
    temporary.mkdir(parents=True)
    try:
        save_weights(model, temporary)
        torch.save(optimizer.state_dict(), temporary / "optimizer.pt")
        torch.save(random_state(), temporary / "rng.pt")
        (temporary / "state.json").write_text(json.dumps(asdict(state)), "utf-8")
        hashes = {name: _sha256(temporary / name) for name in _files(temporary)}
        (temporary / MANIFEST).write_text(json.dumps({"step": state.step, "sha256": hashes}, indent=1), "utf-8")
        _sync(temporary)
        temporary.rename(final)
        _sync_folder(folder.checkpoints)
    except OSError:
        shutil.rmtree(temporary, ignore_errors=True)
        raise
    return final


def restore(path: Path, model: Any, optimizer: torch.optim.Optimizer) -> TrainingState:
    """Put model, optimizer and random state back to what they were when `path` was written."""
    load_weights(model, path)
    optimizer.load_state_dict(torch.load(path / "optimizer.pt", weights_only=True))
    set_random_state(torch.load(path / "rng.pt", weights_only=True))
    return TrainingState(**json.loads((path / "state.json").read_text("utf-8")))


def save_weights(model: Any, folder: Path) -> None:
    """Write what trains into `folder`."""
    if isinstance(model, PeftModel):
        model.save_pretrained(str(folder / "adapter"))
        return
    tensors = {name: parameter.detach().contiguous() for name, parameter in model.named_parameters()}
    save_file(tensors, folder / "weights.safetensors")


def load_weights(model: Any, folder: Path) -> None:
    """Read what `save_weights` wrote back into `model`."""
    if isinstance(model, PeftModel):
        set_peft_model_state_dict(model, load_peft_weights(str(folder / "adapter"), device="cpu"))
        return
    model.load_state_dict(load_file(folder / "weights.safetensors"), strict=False)


def newest_valid(folder: RunFolder) -> Path | None:
    """The checkpoint to resume from, or None."""
    return next((path for path in reversed(listed(folder)) if is_valid(path)), None)


def discard_after(folder: RunFolder, step: int) -> None:
    """Remove the checkpoints of steps beyond `step`: the run goes back and will take another way."""
    for path in listed(folder):
        if int(path.name[5:]) > step:
            shutil.rmtree(path, ignore_errors=True)


def listed(folder: RunFolder) -> list[Path]:
    """Checkpoint folders by step, oldest first; not yet proved whole."""
    found = [path for path in folder.checkpoints.glob("step-*") if path.name[5:].isdigit()]
    return sorted(found, key=lambda path: int(path.name[5:]))


def is_valid(path: Path) -> bool:
    """Whether every file is there with the hash of the manifest."""
    try:
        hashes: dict[str, str] = json.loads((path / MANIFEST).read_text("utf-8"))["sha256"]
        return all(_sha256(path / name) == digest for name, digest in hashes.items())
    except (OSError, ValueError, KeyError, TypeError):
        return False


def prune(folder: RunFolder, keep: int, best_step: int | None) -> None:
    """Remove all but the newest `keep` and the best one, and what a killed writer left half done."""
    for partial in folder.checkpoints.glob(".step-*.partial"):
        shutil.rmtree(partial, ignore_errors=True)
    for path in listed(folder)[:-keep]:
        if path.name != f"step-{best_step}":
            shutil.rmtree(path, ignore_errors=True)


def random_state() -> dict[str, Any]:
    """Where torch's random numbers stand."""
    state: dict[str, Any] = {"cpu": torch.get_rng_state()}
    if torch.cuda.is_available():
        state["cuda"] = torch.cuda.get_rng_state_all()
    return state


def set_random_state(state: dict[str, Any]) -> None:
    """Go on with random numbers from there."""
    torch.set_rng_state(state["cpu"])
    if "cuda" in state and torch.cuda.is_available():
        torch.cuda.set_rng_state_all(state["cuda"])


def _files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())
    _sync_folder(folder)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
