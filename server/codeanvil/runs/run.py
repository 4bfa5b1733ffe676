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

from codeanvil.contract import Event, RunConfig, RunFolder, read_events, stop_kind
from codeanvil.errors import RunError
from codeanvil.runs.progress import Progress, advance
from codeanvil.settings import Settings

State = Literal["queued", "running", "paused", "stopped", "finished", "failed", "crashed"]

_CLOCK_SECONDS = 0.02
"""File times lag behind the clock by up to one tick of the kernel."""

_CLOSING: dict[str, State] = {"finished": "finished", "stopped": "stopped", "paused": "paused", "failed": "failed"}

_TAIL_BYTES = 16_384
"""Of the events' file, so much is read to find the last one."""


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

        `queued` from the launch until the trainer has taken the run's lock, and while others have its device;
        `running` from then on; `paused` while it waits for the machine, and goes on by itself then. Once no process
        works on it: what its last event says (`paused` then waits for `codeanvil resume`), what was asked for where a
        stop was and no event came, else `crashed`.
        """
        if self.process_alive:
            waits = self._last_event()
            if waits is not None and waits.kind == "waiting":
                return "queued" if waits.data.get("reason") == "queue" else "paused"
            return "running" if self._lock_taken else "queued"
        if is_locked(self.folder.lock):
            return "running"
        closing = next((event for event in reversed(self._attempt()) if event.kind in _CLOSING), None)
        if closing:
            return _CLOSING[closing.kind]
        if not (self.folder.log.exists() or self.folder.events.exists()):
            return "queued"
        return stop_kind(self.folder) if self.folder.stop_request.exists() else "crashed"

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
    def heard_of(self) -> float | None:
        """When the run's process last gave a sign of life, in seconds since the epoch; None where it never did."""
        return _modified(self.folder.heartbeat) or _modified(self.folder.events) or None

    @property
    def wrote_log_last(self) -> bool:
        """Whether the process wrote to its log after its last event: what a failure says of itself."""
        return _modified(self.folder.log) >= _modified(self.folder.events)

    def _last_event(self) -> Event | None:
        """The newest event of this attempt, or None; only the end of the file is read."""
        try:
            size = self.folder.events.stat().st_size
        except OSError:
            return None
        events, _ = read_events(self.folder, max(0, size - _TAIL_BYTES))
        return events[-1] if events and events[-1].time >= self._started else None

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
    """The run that goes on, or None: of several the one that is first in the queue, which was started first."""
    alive = [run for run in _runs(runs_folder(root, settings)) if run.is_alive]
    return next((run for run in reversed(alive) if run.state == "running"), alive[-1] if alive else None)


def going_or_named(root: Path, settings: Settings, run_id: str | None) -> Run:
    """The run named `run_id`, or the one that goes on. Raises RunError where there is none."""
    run = find(root, settings, run_id) if run_id else running(root, settings)
    if run is None:
        raise RunError("No training run goes on in this workspace, so there is nothing to stop or to pause.")
    return run


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


def _modified(path: Path) -> float:
    """When the file was last written; 0 where there is none."""
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _json(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}
