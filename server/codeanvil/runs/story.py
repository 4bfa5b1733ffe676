"""All that a view of a run shows, as plain values: curves, what happened, accuracy, what it was trained on, its log.

story(run)["curve"]    # [[step, loss, tokens per second], ...], at most MOST_POINTS of them
"""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from codeanvil.contract import Event, read_events
from codeanvil.errors import RunError
from codeanvil.runs.active import active
from codeanvil.runs.run import Run, list_runs
from codeanvil.runs.status import reached, run_row
from codeanvil.settings import Settings

MOST_POINTS = 600
"""A curve of more steps than that is thinned: each point is then the mean of the steps it stands for."""

MOST_EVENTS = 300
LOG_LINES = 200

_TOLD = {"phase", "started", "checkpoint", "notice", "waiting", "finished", "stopped", "paused", "failed"}


def listed(root: Path, settings: Settings) -> list[dict[str, Any]]:
    """Every run of the workspace, newest first: state, progress, what it reached, whether it is in use."""
    in_use = active(root, settings)
    return [
        run_row(run)
        | reached(run)
        | {"created": run.manifest.get("created"), "active": in_use is not None and run.id == in_use.run}
        for run in list_runs(root, settings)
    ]


def story(run: Run) -> dict[str, Any]:
    """One run, read from its folder.

    `curve` is [step, loss, tokens per second or None] by step; `validation` is [step, loss, loss of held-out wordings
    or None]; `events` are {time, kind, text}, oldest first; `accuracy_by_arm` has {n, accuracy, low, high} overall
    and by category; `data` counts rows; `card` is the data card; `log` is the end of the trainer's output.
    """
    events = read_events(run.folder)[0]
    evaluation = run.report.get("evaluation") or {}
    return {
        **run_row(run),
        **reached(run),
        "created": run.manifest.get("created"),
        "curve": thinned(_steps(events)),
        "validation": _validations(events),
        "machine": _machine(events),
        "events": [_told(event) for event in events if event.kind in _TOLD][-MOST_EVENTS:],
        "accuracy_by_arm": evaluation.get("arms") or {},
        "data": run.manifest.get("data") or {},
        "card": _card(run),
        "files": len(run.manifest.get("files") or {}),
        "since": run.manifest.get("since"),
        "code_revision": run.manifest.get("code_revision"),
        "config": _config(run),
        "log": run.last_log_lines(LOG_LINES),
    }


def _card(run: Run) -> dict[str, Any]:
    """The data card; {} for a run that has none, or of which it is damaged."""
    try:
        found: dict[str, Any] = json.loads(run.folder.card.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found


def thinned(points: Sequence[tuple[int, float, float | None]]) -> list[list[float | None]]:
    """At most MOST_POINTS points: means over equal stretches, each at its last step."""
    size = -(-len(points) // MOST_POINTS) or 1
    stretches = [points[start : start + size] for start in range(0, len(points), size)]
    return [[stretch[-1][0], _mean(p[1] for p in stretch), _mean(p[2] for p in stretch)] for stretch in stretches]


def _steps(events: Iterable[Event]) -> list[tuple[int, float, float | None]]:
    """The last word on each step: steps done again after a resume count once."""
    found = {
        int(event.data["step"]): (float(event.data["loss"]), event.data.get("tokens_per_second"))
        for event in events
        if event.kind == "step" and isinstance(event.data.get("loss"), int | float)
    }
    return [(step, *found[step]) for step in sorted(found)]


def _validations(events: Iterable[Event]) -> list[list[float | None]]:
    found = {
        int(event.data["step"]): [event.data["step"], event.data.get("loss"), event.data.get("wording_loss")]
        for event in events
        if event.kind == "validation" and isinstance(event.data.get("step"), int)
    }
    return [found[step] for step in sorted(found)]


def _machine(events: Sequence[Event]) -> dict[str, Any]:
    """Memory and GPU at the newest step; None for what there is not."""
    names = ("ram_bytes", "gpu_memory_bytes", "gpu_utilisation", "gpu_temperature", "samples_per_second")
    newest = next((event.data for event in reversed(events) if event.kind == "step"), {})
    return {name: newest.get(name) for name in names}


def _told(event: Event) -> dict[str, Any]:
    return {"time": event.time, "kind": event.kind, "text": _words(event)}


def _words(event: Event) -> str:
    data = event.data
    match event.kind:
        case "started":
            of = f"{data.get('steps', '?')} steps over {data.get('train_samples', '?')} samples"
            again = data.get("resumed_from")
            return f"Goes on from step {again}: {of}" if again is not None else f"Training: {of}"
        case "checkpoint":
            return f"Checkpoint at step {data.get('step', '?')}"
        case "finished":
            return f"Finished at step {data.get('step', '?')}"
        case "stopped":
            return f"Stopped at step {data.get('step', '?')}; it can be resumed"
        case _:
            return str(data.get("text", ""))


def _config(run: Run) -> dict[str, Any] | None:
    try:
        return run.config.model_dump(mode="json")
    except RunError:
        return None


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None
