"""The most valuable samples, where there are more than wanted.

A fact is learned from many wordings of it, and not every fact is worth them. So each further wording of a fact is worth
less than the one before, and a sample is worth more by what it tells (what users ask most) and by how much the project
refers to the file: of what matters much is kept in ten wordings and more, of what matters little there is one, or none.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from codeanvil.samples.general import KIND as GENERAL
from codeanvil.samples.lessons.all import BUILD_KINDS
from codeanvil.samples.model import Sample
from codeanvil.settings import SampleSettings

_DEFAULTS = SampleSettings()

_WORTH = {
    **dict.fromkeys(BUILD_KINDS, 8), "stack": 8, "where": 8, "methods": 8, "bases": 8, "purpose": 8, "about": 6,
    "derived": 6, "docs": 6, "constructor": 5, "contains": 5, "signature": 4, "users": 4, "changes": 8, "exists": 3,
    "removed": 3, "absent": 3, "file": 3, "code": 3, "uses": 2, "owner": 2, "inherits": 2, "relation": 2, "member": 2,
    "configuration": 8, "outline": 2, "option": 4, "target": 4, "dependency": 4, "buildtext": 4, "buildpart": 2,
}  # fmt: skip
"""What a sample is worth by its kind, in whole numbers: sums of fractions could differ from machine to machine."""

KINDS = frozenset({*_WORTH, GENERAL})
"""All kinds of samples."""

_TYPE_KINDS = frozenset({"methods", "bases", "derived"})
OF_TYPES = frozenset({"where", "methods", "bases", "purpose", "about"})
"""What the training guide teaches of each class."""

_OF_MEMBERS = frozenset({"where", "purpose", "signature", "users"})
"""Kinds that tell of types and of functions; of a type they are worth twice as much."""

_SHARES = (
    (15, frozenset({"absent", "removed", "exists"})),
    (30, frozenset({"member", "inherits"})),
    (12, frozenset({"signature", "owner"})),
    (25, frozenset({"users"})),
    (40, frozenset({"uses", "relation"})),
    (50, frozenset({"changes"})),
)
"""Of every so many samples one at least is of these kinds: that something is not there is learned from examples, and
what few ask is asked all the same."""

_PROJECT = BUILD_KINDS | {"stack", "changes", "removed", "docs", "outline"}
_PROJECT_BITS = 13
"""What is told of the whole project counts as if it lay in a file that the project refers to a great deal."""

_HALF_LIFE = 4
"""The wording of a fact, counted from 0, that is worth half of the first."""


def types_within(maximum: int) -> int:
    """Of how many types a data set of `maximum` samples teaches each of OF_TYPES: half of it is for that."""
    return maximum // 2 // len(OF_TYPES)


def select(
    samples: Iterable[Sample],
    maximum: int,
    *,
    build_minimum: int = _DEFAULTS.build_minimum,
    code_files: int = _DEFAULTS.code_files,
    keywords: Sequence[str] = tuple(_DEFAULTS.code_keywords),
    exposures: int = _DEFAULTS.wordings,
    importance: Mapping[str, float] | None = None,
) -> list[Sample]:
    """At most `maximum` samples, in the order they came: those worth most. `importance` maps path to number.

    Where there are so many: at least `build_minimum` about the build; of each type, the more important first, a wording
    of each of OF_TYPES, of as many types as fit into half of all (`types_within`); the beginnings of `code_files`
    files, up to a tenth; and a share of what users ask less. No other answer is given more than `exposures` times
    without evidence, whichever facts it tells. Code is shown of `code_files` files at most: those with one of
    `keywords` in their path, then the most important.
    """
    weight = importance or {}
    rows = _with_code_of(_seldom_enough(samples, exposures), code_files, keywords, weight)
    if len(rows) <= maximum:
        return rows
    types = {sample.subject for sample in rows if sample.kind in _TYPE_KINDS}
    first: set[int] = set()
    seen: defaultdict[tuple[str, str], int] = defaultdict(int)
    order: list[tuple[float, str, int]] = []
    for i, sample in enumerate(rows):
        key = (sample.kind, sample.fact)
        if not seen[key]:
            first.add(i)
        order.append((-_worth(sample, types, weight) / (_HALF_LIFE + seen[key]), sample.id, i))
        seen[key] += 1
    order.sort()
    ranked = [i for *_, i in order]
    chosen: set[int] = set()

    def keep(wanted: Callable[[Sample], bool], most: int, *, of: Iterable[int]) -> None:
        """Choose the best that are wanted, as many as fit, so that there are `most` of them."""
        found = [i for i in of if wanted(rows[i])][:most]
        chosen.update(found[: max(0, maximum - len(chosen.difference(found)))])

    firsts = [i for i in ranked if i in first]
    keep(lambda sample: sample.kind in BUILD_KINDS, build_minimum, of=ranked)
    of_types = [i for i in firsts if rows[i].kind in OF_TYPES and rows[i].subject in types]
    held = set(list(dict.fromkeys((rows[i].source, rows[i].subject) for i in of_types))[: types_within(maximum)])
    keep(lambda sample: (sample.source, sample.subject) in held, maximum // 2, of=of_types)
    keep(lambda sample: sample.fact == f"code:{sample.source}", min(code_files, maximum // 10), of=firsts)
    for part, kinds in _SHARES:
        keep(lambda sample, kinds=kinds: sample.kind in kinds, maximum // part, of=ranked)  # type: ignore[misc]
    keep(lambda _: True, maximum, of=[*chosen, *(i for i in ranked if i not in chosen)])
    return [rows[i] for i in sorted(chosen)]


def _worth(sample: Sample, types: set[str], importance: Mapping[str, float]) -> int:
    """What the first wording of a fact is worth."""
    whole = sample.kind in _PROJECT or not sample.source
    bits = _PROJECT_BITS if whole else int(importance.get(sample.source, 0)).bit_length()
    twice = sample.kind not in _OF_MEMBERS or sample.subject in types
    return _WORTH.get(sample.kind, 1) * (2 if twice else 1) * (4 + bits) ** 2


def _seldom_enough(samples: Iterable[Sample], most: int) -> list[Sample]:
    told: Counter[str] = Counter()
    kept = []
    for sample in samples:
        if not sample.input and sample.kind not in BUILD_KINDS:
            told[sample.output] += 1
            if told[sample.output] > most:
                continue
        kept.append(sample)
    return kept


def _with_code_of(
    samples: list[Sample], most: int, keywords: Sequence[str], weight: Mapping[str, float]
) -> list[Sample]:
    files = {sample.source for sample in samples if sample.kind == "code"}
    if len(files) <= most:
        return samples
    words = [word.lower() for word in keywords]

    def order(path: str) -> tuple[bool, float, str]:
        return not any(word in path.lower() for word in words), -weight.get(path, 0.0), path

    shown = set(sorted(files, key=order)[:most])
    return [sample for sample in samples if sample.kind != "code" or sample.source in shown]
