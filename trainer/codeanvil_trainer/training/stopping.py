"""The request to stop that comes as a signal."""

import contextlib
import signal
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(slots=True)
class StopSignals:
    """Whether SIGTERM or SIGINT has come."""

    requested: bool = False


@contextlib.contextmanager
def stop_on_signals() -> Iterator[StopSignals]:
    """Turn SIGTERM and SIGINT into a request to stop after the step at hand."""
    signals = StopSignals()

    def request(*_: object) -> None:
        signals.requested = True

    before = {number: signal.signal(number, request) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield signals
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
