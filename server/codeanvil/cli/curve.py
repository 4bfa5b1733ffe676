"""A run's loss as a drawing of a few lines of characters: pure, numbers in, lines out."""

import math
from collections.abc import Sequence
from itertools import pairwise

WIDTH = 56
HEIGHT = 8
_EIGHTHS = " ▁▂▃▄▅▆▇█"


def curve(losses: Sequence[float], *, width: int = WIDTH, height: int = HEIGHT) -> list[str]:
    """The losses from left to right as filled columns, each the mean of its share of the steps, with the scale.

    The scale is logarithmic where the largest is more than ten times the smallest, so that the end of a run can be
    seen. Empty for fewer than two losses; what is not finite is left out.
    """
    known = [loss for loss in losses if math.isfinite(loss)]
    if len(known) < 2:
        return []
    means = _shares(known, min(width, len(known)))
    low, high = min(means), max(means)
    logarithmic = low > 0 and high > 10 * low
    values = [math.log(value) if logarithmic else value for value in means]
    bottom, top = min(values), max(values)
    span = (top - bottom) or 1.0
    # The lowest column keeps one eighth of a line: nothing at all would look like no step.
    filled = [1 + round((value - bottom) / span * (8 * height - 1)) for value in values]
    rows = []
    for row in reversed(range(height)):
        cells = "".join(_EIGHTHS[min(8, max(0, eighths - 8 * row))] for eighths in filled)
        label = f"{high:.3g}" if row == height - 1 else f"{low:.3g}" if row == 0 else ""
        rows.append(f"{label:>8} │{cells}".rstrip())
    rows.append(f"{'':>8} └{'─' * len(filled)}")
    rows.append(f"{'':>10}{'loss, logarithmic' if logarithmic else 'loss'}, steps 1 to {len(losses)}")
    return rows


def _shares(values: Sequence[float], count: int) -> list[float]:
    """`count` means over equal shares of `values`, in order."""
    edges = [round(i * len(values) / count) for i in range(count + 1)]
    return [sum(values[a:b]) / (b - a) for a, b in pairwise(edges)]
