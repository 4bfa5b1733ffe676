"""Whether a finished run is put to use: only when it is better than what is in use by more than chance, and has not
forgotten how to code.

The trainer has measured both models on the run's held-out questions (`comparison.jsonl`); here the answers are scored
and the decision is made, a pure function of the run's folder.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, stdev

from codeanvil.contract import read_json_lines
from codeanvil.errors import CodeAnvilError
from codeanvil.runs.run import Run
from codeanvil.runs.scoring import is_right, read_questions

CHANCE = 0.05
"""Largest probability that a model no better would have gained so much (one-sided sign test)."""

FORGETS = 0.15
"""Nats per token by which the loss on general coding may rise."""

ABLE = 3.5
"""Nats per token above which a model cannot write general code anyway, and so has nothing to forget. (Guessing among
4,096 tokens is 8.3; code models of a billion weights and more are below 1.)"""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the run is `better` than what was in use, and `why`, one sentence for the user."""

    better: bool
    why: str


def judge(run: Run) -> Verdict:
    """The verdict on a finished run, out of its folder."""
    try:
        losses = run.report["comparison"]["general_loss"]
        questions = {question.id: question for question in read_questions(run.folder.questions)}
        right: dict[str, dict[str, bool]] = {"new": {}, "current": {}}
        for row in read_json_lines(run.folder.comparison):
            right[row["model"]][row["id"]] = is_right(row["text"], questions[row["id"]])
        asked = sorted(right["new"].keys() & right["current"].keys())
        new, current = ([right[model][name] for name in asked] for model in ("new", "current"))
        return decide(new, current, losses["new"], losses["current"])
    except (OSError, KeyError, TypeError, ValueError, CodeAnvilError):
        return Verdict(
            False,
            "It was not compared with what is in use, since there were no held-out questions or they cannot be read: "
            f"measure it with `codeanvil evaluate --run {run.id}`, and put it to use with `codeanvil runs promote "
            f"{run.id}`.",
        )


def decide(
    new: Sequence[bool], current: Sequence[bool], new_loss: Sequence[float], current_loss: Sequence[float]
) -> Verdict:
    """The verdict on questions that both answered (right or not), and on their losses on general instructions."""
    if not new:
        return Verdict(False, "There were no held-out questions to compare it by.")
    gained = sum(a and not b for a, b in zip(new, current, strict=True))
    lost = sum(b and not a for a, b in zip(new, current, strict=True))
    figures = f"right on {fmean(new):.0%} of {len(new)} held-out questions, what was in use on {fmean(current):.0%}"
    if gained <= lost:
        return Verdict(False, f"It is no better: {figures}.")
    chance = sign_test(gained, lost)
    if chance > CHANCE:
        return Verdict(False, f"It is better by no more than chance ({chance:.0%}): {figures}.")
    if forgot := _forgot(new_loss, current_loss):
        return Verdict(False, f"It is better here ({figures}), but {forgot}.")
    return Verdict(True, f"It is better: {figures}.")


def sign_test(gained: int, lost: int) -> float:
    """Probability of at least `gained` of `gained + lost` by tossing a coin (one-sided sign test)."""
    n = gained + lost
    return sum(math.comb(n, k) for k in range(gained, n + 1)) / 2**n if n else 1.0


def _forgot(new: Sequence[float], current: Sequence[float]) -> str:
    """What was forgotten of general coding, as the end of a sentence; '' where nothing was, or nothing was known."""
    if len(new) != len(current) or len(new) < 2 or fmean(current) > ABLE:
        return ""
    rises = [a - b for a, b in zip(new, current, strict=True)]
    surely = fmean(rises) - 1.645 * stdev(rises) / math.sqrt(len(rises))
    if fmean(rises) <= FORGETS or surely <= 0:
        return ""
    return (
        f"its loss on general coding rose from {fmean(current):.2f} to {fmean(new):.2f}: train with fewer epochs, a "
        "lower rate or a smaller rank"
    )
