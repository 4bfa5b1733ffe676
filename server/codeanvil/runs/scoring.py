"""Right or wrong, and how sure a share of right answers is."""

import math
import random
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import fmean
from typing import Any, TypeVar

from codeanvil.contract import read_json_lines
from codeanvil.errors import UsageError
from codeanvil.samples.model import Question

_T = TypeVar("_T")

Z = 1.959963984540054
"""Standard normal quantile of a two-sided 95% interval."""


@dataclass(frozen=True, slots=True)
class Score:
    """`correct` of `n` questions; `accuracy` is their ratio with its 95% interval `low` to `high`, 0 to 1."""

    n: int
    correct: int
    accuracy: float
    low: float
    high: float

    def row(self) -> dict[str, Any]:
        """As JSON, ratios to four digits."""
        return {key: round(value, 4) if isinstance(value, float) else value for key, value in asdict(self).items()}


def score(right: Iterable[bool]) -> Score:
    """The score of a list of verdicts."""
    verdicts = list(right)
    n, correct = len(verdicts), sum(verdicts)
    low, high = wilson(correct, n)
    return Score(n, correct, correct / n if n else 0.0, low, high)


def wilson(correct: int, n: int) -> tuple[float, float]:
    """The 95% score interval of a proportion (Wilson 1927, JASA 22: 209-212); 0 to 1 for no questions."""
    if not n:
        return 0.0, 1.0
    share = correct / n
    middle = share + Z * Z / (2 * n)
    half = Z * math.sqrt(share * (1 - share) / n + Z * Z / (4 * n * n))
    return max(0.0, (middle - half) / (1 + Z * Z / n)), min(1.0, (middle + half) / (1 + Z * Z / n))


@dataclass(frozen=True, slots=True)
class Mean:
    """The mean of `n` values with its 95% interval `low` to `high` by the bootstrap."""

    n: int
    mean: float
    low: float
    high: float

    def row(self) -> dict[str, Any]:
        """As JSON, to four digits."""
        return {key: round(value, 4) if isinstance(value, float) else value for key, value in asdict(self).items()}


RESAMPLES = 1_000


def mean_of(values: Sequence[float]) -> Mean:
    """The mean with its percentile bootstrap interval (Efron 1979, Annals of Statistics 7: 1-26), always alike."""
    if not values:
        return Mean(0, 0.0, 0.0, 0.0)
    draw = random.Random(0)  # noqa: S311 (no secret)
    means = sorted(fmean(draw.choices(values, k=len(values))) for _ in range(RESAMPLES))
    return Mean(len(values), fmean(values), means[RESAMPLES * 25 // 1000], means[RESAMPLES * 975 // 1000 - 1])


def is_right(answer: str, question: Question) -> bool:
    """Whether an answer holds one alternative of every `expect` group and none of `forbid`.

    Containment of characters, case-sensitive. Names that were struck do not count: they are not asserted.
    """
    said = re.sub(r"~~.*?~~", "", answer, flags=re.DOTALL)
    return all(any(option in said for option in group) for group in question.expect) and not any(
        word in said for word in question.forbid
    )


def read_questions(path: Path) -> list[Question]:
    """Questions of a JSON-lines file: `id`, `question`, `category`, `expect` [[alternatives]], `forbid` [].

    Raises UsageError naming the file, the line and what is wrong with it.
    """
    return rows_of_questions(path, _question)


def rows_of_questions(path: Path, made: Callable[[dict[str, Any], int, str], _T]) -> list[_T]:
    """What is `made` of each line of a file of questions: of its object, its number, and how a complaint of it begins.

    Every object has text under `question`. Raises UsageError naming the file, the line and what is wrong with it.
    """
    questions: list[_T] = []
    wrong = f"{path}, question 1: "
    try:
        for number, row in enumerate(read_json_lines(path), 1):
            if not isinstance(row, dict) or not isinstance(row.get("question"), str) or not row["question"].strip():
                raise UsageError(f'{wrong}there is no text under "question".')
            questions.append(made(row, number, wrong))
            wrong = f"{path}, question {number + 1}: "
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}. Name a file of questions as JSON lines.") from error
    except ValueError as error:
        raise UsageError(f"{wrong}not a JSON object on one line ({error}).") from error
    if not questions:
        raise UsageError(f"{path} holds no questions: write one JSON object a line.")
    return questions


def _question(row: dict[str, Any], number: int, wrong: str) -> Question:
    return Question(
        id=str(row.get("id", number)),
        question=row["question"],
        category=str(row.get("category", "other")),
        expect=tuple(_texts([g] if isinstance(g, str) else g, f'{wrong}"expect"') for g in row.get("expect", [])),
        forbid=_texts(row.get("forbid", []), f'{wrong}"forbid"'),
        fact=str(row.get("fact", "")),
        evidence=str(row.get("evidence", "")),
    )


def _texts(values: Sequence[Any], where: str) -> tuple[str, ...]:
    if not isinstance(values, list) or not all(isinstance(value, str) and value for value in values):
        raise UsageError(f"{where} must hold lists of texts that are not empty.")
    return tuple(values)
