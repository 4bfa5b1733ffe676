"""Time and memory of a training that is stopped when enough is known."""

import time
from collections.abc import Callable

import torch

WARM_STEPS = 2
"""Steps before the clock starts: kernels are chosen and memory is taken in them."""


class Until:
    """A request to stop that comes when the time is over; `count` is (steps, tokens, samples) done so far."""

    def __init__(self, seconds: float, device: torch.device, count: Callable[[], tuple[int, int, int]]) -> None:
        self._seconds, self._device, self._count = seconds, device, count
        self._started: tuple[float, int, int] | None = None
        self._last = (0.0, 0, 0)
        self._steps = 0

    @property
    def requested(self) -> bool:
        """Whether the time is over; the clock starts after the first steps and is read at the end of each.

        It may be asked within a step too.
        """
        steps, tokens, samples = self._count()
        if steps >= WARM_STEPS and steps > self._steps:
            finished(self._device)
            self._steps, self._last = steps, (time.perf_counter(), tokens, samples)
            self._started = self._started or self._last
        return self._started is not None and self._last[0] - self._started[0] >= self._seconds

    def figures(self) -> dict[str, float]:
        """Tokens and samples a second after the warm-up."""
        if self._started is None or self._last[0] <= self._started[0]:
            raise RuntimeError("too few steps were taken to measure: give more --seconds")
        took, tokens, samples = (now - then for now, then in zip(self._last, self._started, strict=True))
        return {"tokens_per_second": tokens / took, "samples_per_second": samples / took, "seconds": took}


def finished(device: torch.device) -> None:
    """Wait until the GPU has done what it was told."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def reset_peak(device: torch.device) -> None:
    """Count the peak of memory from here on."""
    if device.type == "cuda":
        torch.cuda.reset_peak_memory_stats(device)


def peak(device: torch.device) -> int | None:
    """Bytes of the GPU that torch has held at its most; None on a CPU."""
    return int(torch.cuda.max_memory_reserved(device)) if device.type == "cuda" else None
