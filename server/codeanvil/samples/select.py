"""The most valuable samples, where there are more than wanted: variety of facts first, then of wordings."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from codeanvil.samples.draw import digest
from codeanvil.samples.general import KIND as GENERAL
from codeanvil.samples.lessons.all import BUILD_KINDS
from codeanvil.samples.model import Sample
from codeanvil.settings import SampleSettings

_DEFAULTS = SampleSettings()

_ORDER = (
    *sorted(BUILD_KINDS), "stack", "where", "methods", "bases", "derived", "purpose", "about", "docs", "constructor",
    "contains", "signature", "exists", "changes", "removed", "absent", "owner", "users", "uses", "inherits", "relation",
    "member", "outline", "file", "code",
)  # fmt: skip
KINDS = frozenset({*_ORDER, GENERAL})
"""All kinds of samples."""

_RANK = {kind: max(0, i - len(BUILD_KINDS) + 1) for i, kind in enumerate(_ORDER)}


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
    """At most `maximum` samples, in the order they came.

    Every fact keeps its first wording before any keeps a second one, and so on; among equals, kinds that users
    ask most and files of more `importance` (path -> number) go first. About the build at least `build_minimum`
    stay, where there are so many. No other answer is given more than `exposures` times without evidence, whichever
    facts it tells. Code is shown of `code_files` files at most: those with one of `keywords` in
    their path, then the most important.
    """
    weight = importance or {}
    rows = _with_code_of(_seldom_enough(samples, exposures), code_files, keywords, weight)
    if len(rows) <= maximum:
        return rows
    seen: defaultdict[tuple[str, str], int] = defaultdict(int)
    order: list[tuple[int, int, float, int, int]] = []
    for i, sample in enumerate(rows):
        key = (sample.kind, sample.fact)
        last = len(_ORDER)
        order.append((seen[key], _RANK.get(sample.kind, last), -weight.get(sample.source, 0.0), digest(sample.id), i))
        seen[key] += 1
    order.sort()
    ranked = [i for *_, i in order]
    floor = [i for i in ranked if rows[i].kind in BUILD_KINDS][: min(build_minimum, maximum)]
    chosen = set(floor)
    for i in ranked:
        if len(chosen) >= maximum:
            break
        chosen.add(i)
    return [rows[i] for i in sorted(chosen)]


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
