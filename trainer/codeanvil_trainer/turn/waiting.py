"""A run's wait for its turn: for the machine where it is to go only when that is free, then for its device.

    with turn(folder, config) as come:
        if come: ...                      # the device is this run's until the end of the block

What it waits for is an event `waiting`, and told anew when that changes.
"""

import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from codeanvil.contract import RunConfig, RunFolder, append_event, stop_kind
from codeanvil_trainer.errors import TrainerError
from codeanvil_trainer.turn.conditions import Conditions
from codeanvil_trainer.turn.queue import Queue, Ticket

POLL_SECONDS = 0.5


class GiveWay(Exception):  # noqa: N818  (it is no error: the run goes on later)
    """The machine is wanted for something else: end, give its memory back, and wait for the next turn."""


@contextmanager
def turn(folder: RunFolder, config: RunConfig) -> Iterator[bool]:
    """Wait until the run may go and hold its device while inside; False when it was asked to stop while it waited.

    A stop is the request's file, SIGTERM or SIGINT, which are caught while waiting only. Where the user's cache folder
    cannot be written, there is no queue, and the run goes at once; so do several processes on one run, whose GPUs the
    user has chosen. Raises TrainerError where another process is at this run already.
    """
    if _several():
        yield True
        return
    conditions = conditions_of(config)
    queue = Queue(_device(folder))
    waited = False
    with _Stop(folder) as stop:
        while not stop.asked:
            waited |= _wait_for_machine(folder, conditions, stop)
            with queue.joined(folder) as ticket:
                waited |= _wait_in_line(folder, queue, ticket, stop)
                if not stop.asked and conditions.wanted() is None:
                    if waited:
                        append_event(folder, "phase", text="starting")
                    stop.leave()
                    yield True
                    return
    append_event(folder, stop_kind(folder))
    folder.stop_request.unlink(missing_ok=True)
    yield False


def conditions_of(config: RunConfig) -> Conditions:
    """What the run wants of the machine; of several processes none gives way by itself."""
    alone = not _several()
    return Conditions(mains=config.only_on_mains and alone, idle=config.only_when_idle and alone)


def _several() -> bool:
    return int(os.environ.get("WORLD_SIZE", "1")) > 1


def _wait_for_machine(folder: RunFolder, conditions: Conditions, stop: "_Stop") -> bool:
    """Wait until the conditions hold; whether they did not at first."""
    told = None
    while (wanted := conditions.wanted()) is not None and not stop.asked:
        if told is None or told.reason != wanted.reason:
            append_event(folder, "waiting", reason=wanted.reason, place=None, text=wanted.text)
            told = wanted
        time.sleep(POLL_SECONDS)
    return told is not None


def _wait_in_line(folder: RunFolder, queue: Queue, ticket: Path | None, stop: "_Stop") -> bool:
    """Wait until no run is before this one; whether there was one at first."""
    told: list[Ticket] = []
    while (ahead := queue.ahead(ticket)) and not stop.asked:
        if any(other.folder == str(folder.path) for other in ahead):
            raise TrainerError(f"The run {folder.id} is being trained already: see `codeanvil status`.")
        if ahead != told:
            append_event(folder, "waiting", reason="queue", place=len(ahead), text=_in_words(ahead))
            told = ahead
        time.sleep(POLL_SECONDS)
    return bool(told)


def _in_words(ahead: list[Ticket]) -> str:
    first = ahead[0]
    before = f"run {first.run} of {first.workspace}"
    if len(ahead) == 1:
        return f"Waits for {before} to end and then starts by itself."
    return f"Waits for {before} and {len(ahead) - 1} more to end and then starts by itself."


def _device(folder: RunFolder) -> str:
    """The device that the launcher chose; a run that was started by hand stands in the CPU's queue."""
    try:
        return str(json.loads(folder.process.read_text("utf-8"))["device"])
    except (OSError, ValueError, KeyError, TypeError):
        return "cpu"


class _Stop:
    """The request to stop while a run waits: its file, or a signal."""

    def __init__(self, folder: RunFolder) -> None:
        self._folder = folder
        self._signalled = False
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Self:
        for number in (signal.SIGTERM, signal.SIGINT):
            self._before[number] = signal.signal(number, self._take)
        return self

    def __exit__(self, *_: object) -> None:
        self.leave()

    def leave(self) -> None:
        """Give signals back to whoever had them before."""
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._before.clear()

    @property
    def asked(self) -> bool:
        """Whether the run is to stop."""
        return self._signalled or self._folder.stop_request.exists()

    def _take(self, *_: object) -> None:
        self._signalled = True
