"""What an evaluation found, as values and as JSON.

    {"run": id or null, "base_model": name or null, "code_revision": hex, "questions": n, "seconds": s,
     "arms": {ARM: {"overall": SCORE, "categories": {CATEGORY: SCORE}, "own_words": share or null,
                    "false_claims": MEAN, "abstention": {"right": SCORE, "wrong": SCORE}}},
     "forgetting": {"base": loss, "tuned": loss, "rise": MEAN} or null}
    SCORE = {"n", "correct", "accuracy", "low", "high"}        ratios 0 to 1; low to high is Wilson's 95% interval
    MEAN = {"n", "mean", "low", "high"}                        low to high is the bootstrap's 95% interval

`own_words` is the share of answers in which the model's words passed the check; null for arms that are not checked.
`false_claims` are the names, paths, numbers and relations that are not so, per text that the arm wrote: a model's own,
before any of it is struck. `abstention` is right where a question about what is not there is answered by saying so, of
all such questions; wrong where anything else is, of all the others. `forgetting` compares the losses on general coding
instructions, in nats per token.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any, Literal

from codeanvil.runs.scoring import Mean, Score, mean_of, score
from codeanvil.samples.model import Question

Arm = Literal["base", "tuned", "base+index", "tuned+index", "index"]
ARMS: tuple[Arm, ...] = ("base", "tuned", "base+index", "tuned+index", "index")

NEGATIVE = "negative"
"""The category of questions about what is not there."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One answer of one arm.

    `claims` counts what is false in it, `abstains` tells whether it says that something is not there, `own` whether
    the model's words passed the check, None where none was due.
    """

    question: Question
    arm: Arm
    answer: str
    right: bool
    claims: int
    abstains: bool
    own: bool | None = None

    def row(self) -> dict[str, Any]:
        """A line of evaluation.jsonl."""
        asked = self.question
        return {"id": asked.id, "category": asked.category, "question": asked.question, "arm": self.arm} | {
            "right": self.right,
            "false_claims": self.claims,
            "abstains": self.abstains,
            "own_words": self.own,
            "answer": self.answer,
        }


@dataclass(frozen=True, slots=True)
class ArmReport:
    """The scores of one arm; see the module for what they are."""

    overall: Score
    categories: Mapping[str, Score]
    own_words: float | None
    false_claims: Mean
    abstains_rightly: Score
    abstains_wrongly: Score

    def row(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "overall": self.overall.row(),
            "categories": {name: value.row() for name, value in self.categories.items()},
            "own_words": None if self.own_words is None else round(self.own_words, 4),
            "false_claims": self.false_claims.row(),
            "abstention": {"right": self.abstains_rightly.row(), "wrong": self.abstains_wrongly.row()},
        }


@dataclass(frozen=True, slots=True)
class Forgetting:
    """Mean losses on general coding instructions of base and tuned model, and how much each instruction's rose."""

    base: float
    tuned: float
    rise: Mean

    def row(self) -> dict[str, Any]:
        """As JSON."""
        return {"base": round(self.base, 4), "tuned": round(self.tuned, 4), "rise": self.rise.row()}


@dataclass(frozen=True, slots=True)
class EvaluationReport:
    """What an evaluation found; `row` is its JSON."""

    run: str | None
    base_model: str | None
    code_revision: str
    questions: int
    seconds: float
    arms: Mapping[str, ArmReport]
    forgetting: Forgetting | None = None

    @property
    def categories(self) -> list[str]:
        """The categories of the questions, sorted."""
        return sorted({name for arm in self.arms.values() for name in arm.categories})

    def row(self) -> dict[str, Any]:
        """The JSON object of the module's docstring."""
        return {
            "run": self.run,
            "base_model": self.base_model,
            "code_revision": self.code_revision,
            "questions": self.questions,
            "seconds": round(self.seconds, 1),
            "arms": {name: arm.row() for name, arm in self.arms.items()},
            "forgetting": self.forgetting.row() if self.forgetting else None,
        }


def arm_report(verdicts: Sequence[Verdict]) -> ArmReport:
    """The scores of one arm's verdicts."""
    categories = sorted({v.question.category for v in verdicts})
    owns = [v.own for v in verdicts if v.own is not None]
    return ArmReport(
        score(v.right for v in verdicts),
        {name: score(v.right for v in verdicts if v.question.category == name) for name in categories},
        sum(owns) / len(owns) if owns else None,
        mean_of([float(v.claims) for v in verdicts]),
        score(v.abstains for v in verdicts if v.question.category == NEGATIVE),
        score(v.abstains for v in verdicts if v.question.category != NEGATIVE),
    )


def forgetting(base: Sequence[float], tuned: Sequence[float]) -> Forgetting | None:
    """What the tuned model forgot of general coding, by the losses of both on the same instructions; None without."""
    if not base or len(base) != len(tuned):
        return None
    return Forgetting(fmean(base), fmean(tuned), mean_of([b - a for a, b in zip(base, tuned, strict=True)]))
