"""How quick a run will be: from a run of the workspace that was like it, or tried on this machine and kept.

What was tried is kept for all workspaces in the user's cache folder, by base model, form of training and machine.
"""

import contextlib
import hashlib
import json
import platform
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import platformdirs
from pydantic import TypeAdapter

from codeanvil.contract import RunConfig, read_events, write_atomic
from codeanvil.errors import RunError
from codeanvil.runs import trainer
from codeanvil.runs.run import list_runs
from codeanvil.settings import Settings

MEASURE_SECONDS = 300.0
"""Longest wait for a trial; loading a large base model takes most of it."""

_FIGURES = TypeAdapter(dict[str, float])

LEAST_STEPS = 5
"""A run of fewer steps says little about speed."""


@dataclass(frozen=True, slots=True)
class Speed:
    """Tokens a second, and where that is from: a `run` of this workspace or a `trial`; `source` is words for it."""

    tokens_per_second: float
    basis: Literal["run", "trial"]
    source: str


def known_speed(root: Path, settings: Settings, config: RunConfig, gpu: trainer.Gpu | None) -> Speed | None:
    """How quick such a run was last, in this workspace or in a trial on this machine; None: never."""
    return _of_runs(root, settings, config, on_gpu=gpu is not None) or _of_trial(config, gpu)


def measured_speed(settings: Settings, config: RunConfig, gpu: trainer.Gpu | None) -> Speed:
    """Try it: a few real steps of such a run on this machine, on made-up samples. Raises RunError.

    The base model is loaded, and fetched where it is not here: ask only where it is.
    """
    found = trainer.ask(settings, "measure", config, _FIGURES, MEASURE_SECONDS)
    speed = {"tokens_per_second": found["tokens_per_second"], "measured": datetime.now(UTC).isoformat()}
    kept = _trials()
    kept[_key(config, gpu)] = speed
    with contextlib.suppress(OSError):  # it is tried again next time
        write_atomic(_trials_path(), json.dumps(kept, indent=1) + "\n")
    return _trial(speed)


def _of_runs(root: Path, settings: Settings, config: RunConfig, *, on_gpu: bool) -> Speed | None:
    for run in list_runs(root, settings):
        try:
            alike = _form(run.config) == _form(config)
        except RunError:
            continue
        if not alike:
            continue
        steps = [event.data for event in read_events(run.folder)[0] if event.kind == "step"]
        if len(steps) < LEAST_STEPS or (steps[-1].get("gpu_memory_bytes") is not None) != on_gpu:
            continue
        if tokens := steps[-1].get("tokens_per_second"):
            return Speed(float(tokens), "run", f"run {run.id}")
    return None


def _of_trial(config: RunConfig, gpu: trainer.Gpu | None) -> Speed | None:
    found = _trials().get(_key(config, gpu))
    return _trial(found) if found else None


def _trial(found: dict[str, Any]) -> Speed:
    return Speed(float(found["tokens_per_second"]), "trial", f"a trial on this machine, {found['measured'][:10]}")


def _form(config: RunConfig) -> dict[str, Any]:
    """What of a configuration decides how quick it is."""
    names = {"base_model", "method", "lora", "max_length", "pack_length", "micro_batch_rows", "gradient_checkpointing"}
    return config.model_dump(mode="json", include=names | {"threads"})


def _key(config: RunConfig, gpu: trainer.Gpu | None) -> str:
    machine = gpu.name if gpu else f"the CPU of {platform.node()}"
    return hashlib.sha256(json.dumps([_form(config), machine], sort_keys=True).encode()).hexdigest()[:16]


def _trials_path() -> Path:
    return Path(platformdirs.user_cache_dir("codeanvil", appauthor=False), "speed.json")


def _trials() -> dict[str, Any]:
    try:
        found = json.loads(_trials_path().read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
