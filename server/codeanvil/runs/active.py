"""Which run answers questions, and why: `active.json`, replaced as a whole.

    {"run": "20261123-174500-ab12", "why": "...", "since": "2026-11-23T17:45:00+00:00", "previous": "..." or null}

`run` is null after a rollback to no model at all.
"""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from codeanvil.contract import read_events, update_report, write_atomic
from codeanvil.errors import RunError
from codeanvil.runs.gate import Verdict, judge
from codeanvil.runs.run import Run, find, list_runs
from codeanvil.settings import Settings


@dataclass(frozen=True, slots=True)
class Active:
    """The run in use. `since` is ISO 8601 UTC, `previous` the run that was in use before it."""

    run: str
    why: str
    since: str
    previous: str | None = None

    def row(self) -> dict[str, str]:
        """What users and programs are shown of it."""
        return {"run": self.run, "why": self.why, "since": self.since}


BY_HAND = "Chosen by hand."
"""Why a run is in use that the user promoted."""

_NONE = ""
"""`Active.run` inside this module after a rollback to no model; null in the file, never shown to a caller."""


def active(root: Path, settings: Settings) -> Active | None:
    """The run in use; None where none was chosen, or where its folder is gone. Raises RunError for a damaged file."""
    decided = _read(root, settings)
    return decided if decided and _exists(root, settings, decided.run) else None


def active_run(root: Path, settings: Settings) -> Run | None:
    """The run in use as a `Run`."""
    in_use = active(root, settings)
    return find(root, settings, in_use.run) if in_use else None


def promote(root: Path, settings: Settings, run: Run, why: str) -> Active:
    """Put `run` to use; `why` is one sentence for the user. Raises RunError for a run that has nothing to serve."""
    if not _has_model(run):
        raise RunError(f"Run {run.id} has no trained model to use: it is {run.state}; let it finish first.")
    before = active(root, settings)
    if before and before.run == run.id:
        return before
    return _write(root, settings, Active(run.id, why, _now(), before.run if before else None))


def rollback(root: Path, settings: Settings) -> Active | None:
    """Go back to the run used before; None when that was no model at all. Raises RunError when none is in use."""
    current = active(root, settings)
    if current is None:
        raise RunError("No trained model is in use, so there is nothing to go back from.")
    back_to = current.previous if current.previous and _exists(root, settings, current.previous) else _NONE
    _write(root, settings, Active(back_to, f"Taken back from {current.run}.", _now()))
    return active(root, settings)


def adopt_finished(root: Path, settings: Settings) -> Active | None:
    """Judge the runs that have finished since the last decision, put the better ones to use, return what is in use.

    The verdict on each is written to its report, section "gate", once and for all. A run that was taken back is older
    than that decision and so never returns by itself.
    """
    decided = _read(root, settings)
    since = datetime.fromisoformat(decided.since).timestamp() if decided else 0.0
    for run in reversed(list_runs(root, settings)):
        if "gate" not in run.report and run.state == "finished" and _finished_at(run) > since and _has_model(run):
            verdict = judge(run)
            in_use = active(root, settings)
            compared = run.config.compare_with
            if verdict.better and compared != model_in_use(root, settings):
                verdict = Verdict(
                    False,
                    f"It was compared with another model than the one in use now: measure both with `codeanvil "
                    f"evaluate`, put it to use with `codeanvil runs promote {run.id}`.",
                )
            update_report(
                run.folder,
                "gate",
                {"promoted": verdict.better, "why": verdict.why, "against": in_use.run if in_use else None},
            )
            if verdict.better:
                promote(root, settings, run, verdict.why)
    return active(root, settings)


def model_in_use(root: Path, settings: Settings) -> str | None:
    """Folder of the merged weights in use; None where the base model is."""
    run = active_run(root, settings)
    return str(run.folder.merged) if run and run.folder.merged.is_dir() else None


def _has_model(run: Run) -> bool:
    return run.folder.merged.is_dir() or run.folder.adapter.is_dir()


def _exists(root: Path, settings: Settings, run_id: str) -> bool:
    return any(run.id == run_id for run in list_runs(root, settings))


def _finished_at(run: Run) -> float:
    return max((event.time for event in read_events(run.folder)[0] if event.kind == "finished"), default=0.0)


def _path(root: Path, settings: Settings) -> Path:
    return settings.data_folder(root) / "active.json"


def _read(root: Path, settings: Settings) -> Active | None:
    path = _path(root, settings)
    try:
        values = json.loads(path.read_text("utf-8"))
        decided = Active(**{**values, "run": values["run"] or _NONE})
        datetime.fromisoformat(decided.since)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise RunError(f"{path} cannot be read: remove it, and no trained model is in use.") from error
    return decided


def _write(root: Path, settings: Settings, decided: Active) -> Active:
    values = asdict(decided) | {"run": decided.run or None}
    write_atomic(_path(root, settings), json.dumps(values, indent=2) + "\n")
    return decided


def _now() -> str:
    return datetime.now(UTC).isoformat()
