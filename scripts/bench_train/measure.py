"""Clocks and figures of one measurement."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(slots=True)
class Clock:
    """Seconds by the clock and of this process's processor time."""

    wall: float = 0.0
    cpu: float = 0.0


@dataclass(frozen=True, slots=True)
class Measured:
    """One training: seconds by the clock and of the processor, mean loss per label token, optimizer steps, and
    checkpoints written in that time."""

    wall: float
    cpu: float
    loss: float
    steps: int
    checkpoints: int


@contextmanager
def timed() -> Iterator[Clock]:
    """The time the block takes."""
    clock = Clock()
    wall, cpu = time.perf_counter(), time.process_time()
    yield clock
    clock.wall, clock.cpu = time.perf_counter() - wall, time.process_time() - cpu
