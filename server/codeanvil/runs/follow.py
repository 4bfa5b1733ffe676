"""A run's events as they come."""

from collections.abc import Iterator
from threading import Event as Flag

from codeanvil.contract import Event, read_events
from codeanvil.runs.run import Run

POLL_SECONDS = 0.2


def follow(run: Run, stop: Flag | None = None, *, poll_seconds: float = POLL_SECONDS) -> Iterator[Event]:
    """Every event of the run from its first on; waits for more while a process works on the run.

    Ends when the process has ended and all events are given, or soon after `stop` is set. The run itself is not
    touched.
    """
    stop = stop or Flag()
    offset = 0
    while not stop.is_set():
        alive = run.is_alive  # Asked before reading: what a process wrote before it ended is read after it has.
        events, offset = read_events(run.folder, offset)
        yield from events
        if not alive:
            return
        stop.wait(poll_seconds)
