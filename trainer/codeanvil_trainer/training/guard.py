"""Steps that must not be taken: a loss that is not finite, or that jumps away from those before it.

Such a step is skipped. Several one after another mean that the weights are spoilt: the run goes back to its last good
checkpoint and on from there at half the rate, and after a few times it gives up and says why.
"""

import json
import math
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from codeanvil.contract import RunFolder, write_atomic

WINDOW = 50
"""Losses that the next one is compared with."""

LEAST = 10
"""Losses there must be before one can be called a spike: the first ones of a run fall quickly."""

SPIKE_RATIO = 2.0
SPIKE_DEVIATIONS = 8.0
"""A spike is above both: so many times the median, and so many deviations (1.4826 median absolute deviations, which is
the standard deviation of a normal distribution) above it. A step of few label tokens is noisy without being wrong."""

SKIPS = 3
"""Bad steps one after another that send the run back."""

ROLLBACKS = 3
"""Times a run goes back; after that it gives up."""

Verdict = Literal["good", "not finite", "spike"]


def judge(recent: Sequence[float], loss: float, grad_norm: float) -> Verdict:
    """Whether a step with this loss (per label token) and gradient norm may be taken, after `recent` good losses."""
    if not (math.isfinite(loss) and math.isfinite(grad_norm)):
        return "not finite"
    if len(recent) < LEAST:
        return "good"
    median = statistics.median(recent)
    deviation = 1.4826 * statistics.median(abs(value - median) for value in recent)
    return "spike" if loss > max(SPIKE_RATIO * median, median + SPIKE_DEVIATIONS * deviation) else "good"


@dataclass(slots=True)
class Recovery:
    """What a run has learned about itself the hard way; it outlives checkpoints, since going back must not undo it.

    `rate_factor` scales the learning rate, `rollbacks` counts how often the run went back.
    """

    rate_factor: float = 1.0
    rollbacks: int = 0

    def save(self, folder: RunFolder) -> None:
        """Write `recovery.json` into the run folder. Raises OSError."""
        write_atomic(_path(folder), json.dumps(asdict(self)))

    @classmethod
    def of(cls, folder: RunFolder) -> "Recovery":
        """What stands in the run folder; a fresh one where there is nothing to read."""
        try:
            return cls(**json.loads(_path(folder).read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            return cls()

    @classmethod
    def forget(cls, folder: RunFolder) -> "Recovery":
        """A fresh one, for a run that starts from nothing."""
        _path(folder).unlink(missing_ok=True)
        return cls()


def _path(folder: RunFolder) -> Path:
    return folder.path / "recovery.json"
