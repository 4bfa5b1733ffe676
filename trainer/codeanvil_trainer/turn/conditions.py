"""Whether the machine is free for a run that is to go only on mains power, or only while nobody else computes."""

import os
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import psutil

LOOK_SECONDS = 2.0
"""Time between two looks."""

WINDOW_SECONDS = 20.0
"""The load is judged over so long: a short burst is no reason to break off, nor a short rest one to begin."""

BUSY_SHARE = 0.25
"""Share of all processors that others use, above which the machine is theirs."""

IDLE_SHARE = 0.15
"""Share below which it is free again; lower than BUSY_SHARE, so that a run does not go back and forth."""

Reason = Literal["power", "load"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Why a run must wait, in a word for programs and a sentence for people."""

    reason: Reason
    text: str


def on_mains() -> bool:
    """Whether the machine is on mains power; one without a battery is."""
    battery = psutil.sensors_battery() if hasattr(psutil, "sensors_battery") else None
    return battery is None or battery.power_plugged is not False


def processor_seconds() -> tuple[float, float]:
    """(seconds that all processors have worked, seconds that this process has), since they began."""
    times = psutil.cpu_times()
    busy = sum(times) - times.idle - getattr(times, "iowait", 0.0)
    # The time of guests is counted as user time too.
    busy -= getattr(times, "guest", 0.0) + getattr(times, "guest_nice", 0.0)
    own = psutil.Process().cpu_times()
    return busy, own.user + own.system


class Conditions:
    """Looks at power and load now and then; `wanted` is cheap and can be asked as often as one likes."""

    def __init__(
        self,
        *,
        mains: bool,
        idle: bool,
        plugged: Callable[[], bool] = on_mains,
        processors: Callable[[], tuple[float, float]] = processor_seconds,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._mains, self._idle = mains, idle
        self._plugged, self._processors, self._clock = plugged, processors, clock
        self._looks: deque[tuple[float, float]] = deque()
        self._next_look = 0.0
        self._answer: Wanted | None = None
        self._waits = True
        """Whether the run does not go now: then the machine must be free for a while before it does."""

    def wanted(self) -> Wanted | None:
        """Why the run must wait now, or give way; None: it may go."""
        now = self._clock()
        if (self._mains or self._idle) and now >= self._next_look:
            self._next_look = now + LOOK_SECONDS
            self._answer = self._look(now)
            self._waits = self._answer is not None
        return self._answer

    def _look(self, now: float) -> Wanted | None:
        if self._mains and not self._plugged():
            return Wanted("power", "Waits for mains power, and goes on by itself then.")
        if self._idle:
            return self._load(now)
        return None

    def _load(self, now: float) -> Wanted | None:
        busy, own = self._processors()
        self._looks.append((now, busy - own))
        while len(self._looks) > 2 and self._looks[1][0] <= now - WINDOW_SECONDS:
            self._looks.popleft()
        (first, before), (last, after) = self._looks[0], self._looks[-1]
        if last - first < WINDOW_SECONDS:  # too little is known: what waits goes on waiting, what goes goes on
            return Wanted("load", "Looks whether the machine is idle before it begins.") if self._waits else None
        share = (after - before) / (last - first) / (os.cpu_count() or 1)
        if share <= (IDLE_SHARE if self._waits else BUSY_SHARE):
            return None
        return Wanted(
            "load", f"Waits until the machine is idle (others use {share:.0%} of it), and goes on by itself then."
        )
