"""A training run, read from its folder: state, progress, configuration, report. Nothing is remembered elsewhere."""

import fcntl
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, reduce
from pathlib import Path
from typing import Any, Literal

import psutil
from pydantic import ValidationError

from codeanvil.contract import Event, RunConfig, RunFolder, read_events
from codeanvil.errors import RunError
from codeanvil.runs.progress import Progress, advance
from codeanvil.settings import Settings

State = Literal["queued", "running", "stopped", "finished", "failed", "crashed"]

_CLOCK_SECONDS = 0.02
"""File times lag behind the clock by up to one tick of the kernel."""

_CLOSING: dict[str, State] = {"finished": "finished", "stopped": "stopped", "failed": "failed"}


@dataclass(frozen=True)
class Run:
    """One run. Every property is read from the folder at the moment it is asked for, but the configuration."""

    folder: RunFolder

    @property
    def id(self) -> str:
        """The run's name, `20261123-174500-ab12`: runs sort by it in the order they were started."""
        return self.folder.id

    @property
    def state(self) -> State:
        """What the run is doing.

        `queued` from the launch until the trainer has taken the run's lock, `running` from then on. Once no process
        works on it: what its last event says, `stopped` where a stop was asked for and no event came, else `crashed`.
        """
        if self.process_alive:
            return "running" if self._lock_taken else "queued"
        if is_locked(self.folder.lock):
            return "running"
        closing = next((event for event in reversed(self._attempt()) if event.kind in _CLOSING), None)
        if closing:
            return _CLOSING[closing.kind]
        if not (self.folder.log.exists() or self.folder.events.exists()):
            return "queued"
        return "stopped" if self.folder.stop_request.exists() else "crashed"

    @property
    def is_alive(self) -> bool:
        """Whether a process works on the run: starting, training or ending."""
        return self.process_alive or is_locked(self.folder.lock)

    @property
    def process_alive(self) -> bool:
        """Whether the launched process lives: its output, `log.txt`, is a descriptor that holds a lock."""
        return is_locked(self.folder.log)

    @property
    def _lock_taken(self) -> bool:
        """Whether the launched process has taken the run's lock; it writes the file then.

        Trying the lock itself could take it from under the trainer, which tries once.
        """
        try:
            return self.folder.lock.stat().st_mtime >= self._started - _CLOCK_SECONDS
        except OSError:
            return False

    @property
    def _started(self) -> float:
        """When the last attempt was launched, in seconds since the epoch; 0 where no launcher did."""
        return float(_json(self.folder.process).get("started", 0.0))

    @property
    def process(self) -> psutil.Process | None:
        """The launched process, or None where it has ended or its number is another process's by now."""
        record = _json(self.folder.process)
        try:
            process = psutil.Process(int(record["pid"]))
            same = abs(process.create_time() - float(record["created"])) < 1
        except (KeyError, TypeError, ValueError, psutil.Error):
            return None
        return process if same else None

    @cached_property
    def config(self) -> RunConfig:
        """The run's configuration. Raises RunError where the file is missing or damaged."""
        try:
            return RunConfig.model_validate_json(self.folder.config.read_bytes())
        except (OSError, ValidationError) as error:
            raise RunError(
                f"The configuration of run {self.id} cannot be read: remove {self.folder.path} and train again."
            ) from error

    @property
    def manifest(self) -> dict[str, Any]:
        """When, of which workspace and revision, and from how much data; empty where it cannot be read."""
        return _json(self.folder.manifest)

    @property
    def report(self) -> dict[str, Any]:
        """What the run reached, by section (`train`, `merge`, `evaluate`); empty until the trainer writes it."""
        return _json(self.folder.report)

    def progress(self) -> Progress:
        """How far the run is, over all its attempts."""
        return reduce(advance, read_events(self.folder)[0], Progress())

    def last_log_lines(self, count: int = 5) -> list[str]:
        """The last non-empty lines of `log.txt`: why a process ended that could not say so itself."""
        try:
            with self.folder.log.open("rb") as file:
                file.seek(max(0, file.seek(0, os.SEEK_END) - 8192))
                text = file.read().decode(errors="replace")
        except OSError:
            return []
        return [line for line in text.splitlines() if line.strip()][-count:]

    def _attempt(self) -> list[Event]:
        """Events of the last attempt: those since the last launch or resume."""
        started = self._started
        return [event for event in read_events(self.folder)[0] if event.time >= started]


def runs_folder(root: Path, settings: Settings) -> Path:
    """Where the runs of the workspace at `root` lie."""
    return settings.data_folder(root) / "runs"


def list_runs(root: Path, settings: Settings) -> list[Run]:
    """All runs of the workspace, newest first."""
    return list(_runs(runs_folder(root, settings)))


def newest(root: Path, settings: Settings) -> Run | None:
    """The run started last, or None."""
    return next(_runs(runs_folder(root, settings)), None)


def running(root: Path, settings: Settings) -> Run | None:
    """The run a process works on now, or None. There is never more than one in a workspace."""
    return running_in(runs_folder(root, settings))


def running_in(runs: Path) -> Run | None:
    """The same for the folder that holds the runs."""
    return next((run for run in _runs(runs) if run.is_alive), None)


def find(root: Path, settings: Settings, run_id: str) -> Run:
    """The run named `run_id`, or by the beginning of its name where only one begins so. Raises RunError."""
    runs = list_runs(root, settings)
    matches = [run for run in runs if run.id == run_id] or [run for run in runs if run_id and run.id.startswith(run_id)]
    if len(matches) == 1:
        return matches[0]
    if matches:
        raise RunError(
            f"{len(matches)} runs begin with '{run_id}': write more of the name, `codeanvil runs` lists them."
        )
    raise RunError(f"There is no run '{run_id}' in this workspace: `codeanvil runs` lists those there are.")


def newest_or_named(root: Path, settings: Settings, run_id: str | None) -> Run:
    """The run named `run_id`, or the newest. Raises RunError where there is none."""
    if run_id:
        return find(root, settings, run_id)
    run = newest(root, settings)
    if run is None:
        raise RunError("There is no training run in this workspace yet: start one with `codeanvil train`.")
    return run


def is_locked(path: Path) -> bool:
    """Whether a process holds `path` with flock."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def _runs(runs: Path) -> Iterator[Run]:
    # A folder without a manifest is one whose launch was cut short: there is no run in it.
    names = sorted((path.parent.name for path in runs.glob("*/manifest.json")), reverse=True)
    return (Run(RunFolder(runs / name)) for name in names)


def _json(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}
