"""Few facts in many wordings: the training set of a model that cannot take the whole data set.

A small model learns a fact from many wordings of it, seen several times; spread over all facts of a project
the same number of tokens teaches it nothing (measured: README, "Measured"). So whole facts are taken, those
that users ask most first, until the budget is used.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from codeanvil.samples.draw import digest
from codeanvil.samples.lessons.all import BUILD_KINDS
from codeanvil.samples.model import Sample

CHARACTERS_PER_TOKEN = 3
"""Names are split finely, so a token of a question about code is shorter than one of prose."""

WORDINGS = 12
"""Most wordings of one fact."""

PROJECT_SHARE = 0.3
"""Most of the budget for build and stack."""

EVIDENCE_SHARE = 0.1
"""Part of the budget for samples with evidence, so that reading it is not forgotten."""

_TEXT_KINDS = frozenset({"code", "buildtext", "buildpart"})
_PROJECT_KINDS = (BUILD_KINDS | {"stack"}) - _TEXT_KINDS
_TYPE_KINDS = frozenset({"methods", "bases", "derived"})
_LATE_KINDS = {
    "about": 1, "contains": 1, "constructor": 1, "absent": 1, "users": 2, "uses": 3, "member": 3, "inherits": 3,
    "relation": 3, "exists": 3,
    **dict.fromkeys(_TEXT_KINDS, 4),
}  # fmt: skip


def focus(samples: Iterable[Sample], tokens: int, importance: Mapping[str, float] | None = None) -> list[Sample]:
    """Samples of about `tokens` tokens, in the order they came: whole facts, each in up to `WORDINGS` wordings.

    First build and stack, then what is asked of types, then the rest; among equals, files of more `importance`
    (path -> number) go first. All samples are kept where they fit.
    """
    rows = list(samples)
    if sum(map(_tokens, rows)) <= tokens:
        return rows
    types = {sample.subject for sample in rows if sample.kind in _TYPE_KINDS}
    facts: defaultdict[tuple[str, str], list[Sample]] = defaultdict(list)
    evidence: dict[tuple[str, str], Sample] = {}
    for sample in rows:
        key = (sample.kind, sample.fact)
        if sample.input:
            evidence.setdefault(key, sample)
        else:
            facts[key].append(sample)
    weight = importance or {}

    def order(key: tuple[str, str]) -> tuple[int, float, int]:
        first = facts[key][0]
        late = _LATE_KINDS.get(first.kind, 0 if first.subject in types else 2)
        return late, -weight.get(first.source, 0.0), digest(*key)

    plain = tokens * (1 - EVIDENCE_SHARE)
    project = sorted((key for key in facts if key[0] in _PROJECT_KINDS), key=lambda key: digest(*key))
    other = sorted((key for key in facts if key[0] not in _PROJECT_KINDS), key=order)
    chosen = _within(project, facts, plain * PROJECT_SHARE)
    chosen += _within(other, facts, plain - _size(facts, chosen))
    kept = {sample.id for key in chosen for sample in facts[key][:WORDINGS]}
    left = tokens * EVIDENCE_SHARE
    for key in sorted(chosen, key=lambda key: digest("evidence", *key)):
        read = evidence.get(key)
        if read and _tokens(read) <= left:
            left -= _tokens(read)
            kept.add(read.id)
    return [sample for sample in rows if sample.id in kept]


def _within(
    keys: Sequence[tuple[str, str]], facts: Mapping[tuple[str, str], Sequence[Sample]], budget: float
) -> list[tuple[str, str]]:
    """The first of `keys` whose facts fit into `budget` tokens together; a fact too large is passed over."""
    chosen = []
    for key in keys:
        size = _size(facts, [key])
        if size <= budget:
            budget -= size
            chosen.append(key)
    return chosen


def _size(facts: Mapping[tuple[str, str], Sequence[Sample]], keys: Iterable[tuple[str, str]]) -> int:
    return sum(_tokens(sample) for key in keys for sample in facts[key][:WORDINGS])


def _tokens(sample: Sample) -> int:
    return (len(sample.instruction) + len(sample.input) + len(sample.output)) // CHARACTERS_PER_TOKEN
