"""Training, validation and questions, split by fact: what validation asks, no training row answers."""

from collections.abc import Sequence
from dataclasses import dataclass

from codeanvil.samples.draw import digest
from codeanvil.samples.model import Question, Sample

_WHOLE = 1 << 64


@dataclass(frozen=True, slots=True)
class Split:
    """Rows to train on, rows of facts that no training row teaches, and held-out questions of trained facts."""

    train: tuple[Sample, ...]
    validation: tuple[Sample, ...]
    questions: tuple[Question, ...]


def split(samples: Sequence[Sample], questions: Sequence[Question], share: float, seed: int) -> Split:
    """Keep about `share` of the facts for validation, each wholly, and questions about the others.

    Facts that are answered by the same words stay on one side together, so no answer is on both. Which facts
    are kept depends on their names and on `seed` alone, so it stays when others come or go. With two units of
    facts or more, neither side is empty.
    """
    units = _units(samples)
    limit = int(share * _WHOLE)
    drawn = {unit: digest("split", str(seed), unit) for unit in set(units.values())}
    kept = {unit for unit, value in drawn.items() if value < limit}
    if len(drawn) > 1 and not kept:
        kept = {min(drawn, key=lambda unit: (drawn[unit], unit))}
    if len(kept) == len(drawn):
        kept = set()
    held = {fact for fact, unit in units.items() if unit in kept}
    return Split(
        train=tuple(s for s in samples if s.fact not in held),
        validation=tuple(s for s in samples if s.fact in held),
        questions=tuple(q for q in questions if q.fact in units and q.fact not in held),
    )


def _units(samples: Sequence[Sample]) -> dict[str, str]:
    """Fact -> the least fact among those joined to it by an equal answer that is given without evidence."""
    parent: dict[str, str] = {}

    def root(fact: str) -> str:
        while parent.setdefault(fact, fact) != fact:
            parent[fact] = parent[parent[fact]]
            fact = parent[fact]
        return fact

    first: dict[str, str] = {}
    for sample in samples:
        a = root(sample.fact)
        if sample.input:
            continue
        b = root(first.setdefault(sample.output, sample.fact))
        parent[max(a, b)] = min(a, b)
    return {fact: root(fact) for fact in parent}
