"""Where a workspace stands, as plain values: what is indexed, which run goes on, which is in use."""

import time
from pathlib import Path
from typing import Any

from codeanvil.contract import read_events
from codeanvil.errors import RunError, StoreError
from codeanvil.runs.active import active
from codeanvil.runs.crash import crash_words, silence
from codeanvil.runs.run import Run, newest, running
from codeanvil.settings import Settings
from codeanvil.workspace.index.report import IndexReport
from codeanvil.workspace.location import index_path, name_of
from codeanvil.workspace.store import Store


def status(root: Path, settings: Settings, run: Run | None = None) -> dict[str, Any]:
    """Index, run and run in use; `run` is the one to tell about, else the one that goes on, else the newest.

    A workspace that was never indexed has counts of nothing and no revision; so has one whose index cannot be read,
    which is then among its problems. Raises RunError.
    """
    run = run or running(root, settings) or newest(root, settings)
    in_use = active(root, settings)
    return {
        "workspace": str(name_of(root, settings)),
        "index": _index(index_path(root, settings)),
        "run": run_row(run) if run else None,
        "active": in_use.row() if in_use else None,
    }


def _index(path: Path) -> dict[str, Any]:
    if not path.exists():
        return index_row(None)
    try:
        with Store(path) as store:
            return index_row(store.report())
    except StoreError as error:
        return index_row(None) | {"problems": {path.name: str(error)}}


def index_row(report: IndexReport | None) -> dict[str, Any]:
    """The index's report: counts by language, kind and reason, problems by path, paths set aside, revision or None."""
    names = ("files", "symbols", "samples", "left_out", "problems", "secrets")
    counts: dict[str, Any] = {name: getattr(report, name) if report else {} for name in names}
    set_aside = list(report.set_aside) if report else []
    return counts | {"set_aside": set_aside, "revision": report.revision if report else None}


_FIGURES = (
    "step", "steps", "epoch", "loss", "first_loss", "validation_loss", "best_validation_loss", "eta_seconds",
    "tokens_per_second", "trainable_parameters", "ram_bytes", "gpu_memory_bytes", "gpu_utilisation", "gpu_temperature",
)  # fmt: skip


def run_row(run: Run) -> dict[str, Any]:
    """A run's state, progress and what it trains."""
    progress, state = run.progress(), run.state
    text = progress.text
    if state == "crashed":
        text = crash_words(run)
    elif state == "running":
        text = silence(run, time.time()) or text
    base_model: str | None
    preset: str | None
    try:
        base_model, preset = run.config.base_model, run.config.preset
    except RunError:  # the state of a run is told even where its configuration is damaged
        base_model = preset = None
    return {
        "id": run.id,
        "state": state,
        "alive": run.is_alive,
        **{name: getattr(progress, name) for name in _FIGURES},
        "phase": progress.phase,
        "text": text,
        "place": progress.place,
        "base_model": base_model,
        "preset": preset,
    }


def losses(run: Run) -> list[float]:
    """The loss of every step, the last word on each: steps done again after a resume count once."""
    found = {
        event.data["step"]: event.data["loss"]
        for event in read_events(run.folder)[0]
        if event.kind == "step" and isinstance(event.data.get("loss"), int | float)
    }
    return [found[step] for step in sorted(found)]


def reached(run: Run) -> dict[str, Any]:
    """What a run reached, to compare it with others: None for what was not measured.

    `accuracy` is the share of held-out questions that the tuned model answered rightly by itself.
    """
    training = run.report.get("training") or {}
    arms = (run.report.get("evaluation") or {}).get("arms") or {}
    return {
        "wording_loss": training.get("wording_loss"),
        "tokens": training.get("tokens"),
        "seconds": training.get("seconds"),
        "rollbacks": training.get("rollbacks"),
        "troubles": training.get("troubles", []),
        "gate": run.report.get("gate"),
        "accuracy": ((arms.get("tuned") or {}).get("overall") or {}).get("accuracy"),
    }
