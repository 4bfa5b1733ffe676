"""Setting two lists of definitions against each other. Pure: no disk, no parser."""

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import Literal

from scripts.compare_facts.definition import Definition, Findings, Unread

Measure = Literal["types", "bases", "methods", "functions"]
Side = Literal["peer", "ours", "both"]
# A name in the detail of methods; those of operators have blanks in them: `+operator int`.
_NAME = re.compile(r"(?:^| )[-+]((?:operator )?\S+)")
_NO_HEAD = ("//", "/*", "*", "#", "}", ")", "where", "{")
"""What a line begins with that begins no head."""
_LONGEST_HEAD = 20
MEASURES: tuple[Measure, ...] = ("types", "bases", "methods", "functions")


@dataclass(frozen=True, slots=True)
class Difference:
    """One definition that only one side has, or (side "both") one that both have and that differs: as `detail` says, in
    its scope or group, or in the bases or methods of a type.

    `reason` is empty until it is explained; `aside` says that it is no fault of ours and counts for nothing.
    """

    measure: Measure
    side: Side
    definition: Definition
    detail: str = ""
    reason: str = ""
    aside: bool = False


@dataclass(frozen=True, slots=True)
class Explanation:
    """A systematic difference, from `explained/<language>.toml`. What is not said matches anything.

    `measure` and `side` are those of `Difference`; `file` is a pattern of the path; `name`, `scope` and `detail` are
    regular expressions for the whole text; `line` is searched in the source line of the definition, `head` in that and
    those below it up to one with a brace or a semicolon, `before` in the three lines above it, `around` in the heads of
    the blocks around it: by their indentation, lines that begin less deeply, each up to its brace. `aside` is to be set
    where the peer is wrong or counts otherwise: such differences are left out of the second of two figures.
    """

    reason: str
    measure: str = ""
    side: str = ""
    file: str = "*"
    name: str = ""
    scope: str = ""
    detail: str = ""
    line: str = ""
    head: str = ""
    before: str = ""
    around: str = ""
    aside: bool = False

    def fits(self, difference: Difference, lines: Sequence[str]) -> bool:
        """Whether it explains a difference in the file with these lines."""
        definition = difference.definition
        row = definition.line - 1
        return (
            self.measure in ("", difference.measure)
            and self.side in ("", difference.side)
            and fnmatchcase(definition.file, self.file)
            and _whole(self.name, definition.name)
            and _whole(self.scope, definition.scope)
            and _whole(self.detail, difference.detail)
            and (not self.line or bool(re.search(self.line, "".join(lines[row : row + 1]))))
            and (not self.head or bool(re.search(self.head, _head(lines, row))))
            and (not self.before or bool(re.search(self.before, "\n".join(lines[max(0, row - 3) : row]))))
            and (not self.around or any(re.search(self.around, head) for head in _heads(lines, row)))
        )


@dataclass(slots=True)
class Score:
    """Counts of one measure: `same` on both sides, `missed` of the peer's, `extra` of ours."""

    same: int = 0
    missed: int = 0
    extra: int = 0

    @property
    def recall(self) -> float:
        """Percentage of the peer's that we have; of bases and methods, of types that agree. 100 of nothing."""
        return _percent(self.same, self.missed)

    @property
    def precision(self) -> float:
        """Percentage of ours that the peer has."""
        return _percent(self.same, self.extra)


@dataclass(slots=True)
class Comparison:
    """How one language compares. `scores` count every difference, `fair` those that are not put aside."""

    files: int = 0
    definitions: int = 0
    scores: dict[Measure, Score] = field(default_factory=lambda: {measure: Score() for measure in MEASURES})
    fair: dict[Measure, Score] = field(default_factory=lambda: {measure: Score() for measure in MEASURES})
    differences: list[Difference] = field(default_factory=list)
    unread: Counter[str] = field(default_factory=Counter)
    notes: Counter[str] = field(default_factory=Counter)

    def add(
        self,
        paths: Sequence[str],
        ours: Sequence[Definition],
        peer: Findings,
        explanations: Sequence[Explanation],
        lines_of: Callable[[str], Sequence[str]],
    ) -> None:
        """Take in the files `paths` of one source; `lines_of` gives the lines of one of them."""
        regions = _regions(peer)
        read_by_both = [item for item in ours if not _inside(item, regions)]
        unread = [item for item in ours if _inside(item, regions)]
        self.unread.update(region.why for item in unread for region in _inside(item, regions))
        read_by_both = list(_without_methods(read_by_both, unread))
        self.notes.update(peer.notes)
        self.files += len(paths)
        self.definitions += len(read_by_both)
        same, differences = _compare(read_by_both, peer.definitions)
        for measure, number in same.items():
            self.scores[measure].same += number
            self.fair[measure].same += number
        differences.sort(key=lambda d: (d.definition.file, d.definition.line))
        for difference in _following([_explained(each, explanations, lines_of) for each in differences]):
            self.differences.append(difference)
            _count(self.scores[difference.measure], difference)
            if not difference.aside:
                _count(self.fair[difference.measure], difference)


def _regions(peer: Findings) -> dict[str, list[Unread]]:
    """By file, what the peer did not read. Where it has found something it did, as in a header that includes itself."""
    lines: dict[str, list[int]] = defaultdict(list)
    for definition in sorted(peer.definitions, key=lambda definition: definition.line):
        lines[definition.file].append(definition.line)
    regions: dict[str, list[Unread]] = defaultdict(list)
    for region in peer.unread:
        found = lines[region.file]
        index = bisect_left(found, region.first)
        if index == len(found) or found[index] > region.last:
            regions[region.file].append(region)
    return regions


def _without_methods(ours: Iterable[Definition], unread: Iterable[Definition]) -> Iterator[Definition]:
    """`ours`, their types without those methods that are declared only where the peer did not look."""
    ours = list(ours)
    hidden = {(item.file, item.scope, item.name) for item in unread if item.group == "method"}
    hidden -= {(item.file, item.scope, item.name) for item in ours if item.group == "method"}
    for item in ours:
        if item.methods and hidden:
            scope = f"{item.scope}.{item.name}" if item.scope else item.name
            methods = tuple(name for name in item.methods if (item.file, scope, name) not in hidden)
            item = replace(item, methods=methods)  # noqa: PLW2901
        yield item


def _compare(ours: Iterable[Definition], theirs: Iterable[Definition]) -> tuple[Counter[Measure], list[Difference]]:
    """How many agree by measure, and what does not."""
    same: Counter[Measure] = Counter()
    differences: list[Difference] = []
    left: dict[tuple[object, ...], list[Definition]] = defaultdict(list)
    for definition in theirs:
        left[_key(definition)].append(definition)
    for definition in ours:
        measure = _measure(definition)
        others = left.get(_key(definition))
        if not others:
            differences.append(Difference(measure, "ours", definition))
            continue
        same[measure] += 1
        _compare_types(definition, others.pop(0), same, differences)
    return same, _paired(differences, [one for rest in left.values() for one in rest])


def _paired(differences: list[Difference], theirs: Iterable[Definition]) -> list[Difference]:
    """`differences` and what only the peer has; what both have at one place, named otherwise, is one difference."""
    places: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for index, difference in enumerate(differences):
        if difference.side == "ours":
            places[_place(difference.definition)].append(index)
    for one in theirs:
        if indices := places.get(_place(one)):
            index = indices.pop(0)
            mine = differences[index].definition
            detail = f"{mine.group} {_named(mine)} instead of {one.group} {_named(one)}"
            differences[index] = Difference(_measure(mine), "both", mine, detail)
        else:
            differences.append(Difference(_measure(one), "peer", one))
    return differences


def _place(definition: Definition) -> tuple[object, ...]:
    return definition.file, definition.line, definition.name, definition.group == "type"


def _named(definition: Definition) -> str:
    return f"{definition.scope}.{definition.name}" if definition.scope else definition.name


def _compare_types(ours: Definition, peer: Definition, same: Counter[Measure], differences: list[Difference]) -> None:
    """Bases in their order, methods in any: a type that has none on either side tells nothing."""
    pairs: tuple[tuple[Measure, tuple[str, ...] | None, tuple[str, ...] | None], ...] = (
        ("bases", ours.bases, peer.bases),
        ("methods", ours.methods, peer.methods),
    )
    for measure, mine, others in pairs:
        if mine is None or others is None or not (mine or others):
            continue
        if mine == others or (measure == "methods" and set(mine) == set(others)):
            same[measure] += 1
            continue
        lacks = [f"-{name}" for name in others if name not in mine]
        more = [f"+{name}" for name in mine if name not in others]
        detail = " ".join(lacks + more) or f"{' '.join(mine)} instead of {' '.join(others)}"
        differences.append(Difference(measure, "both", ours, detail))


def _measure(definition: Definition) -> Measure:
    return "types" if definition.group == "type" else "functions"


def _key(definition: Definition) -> tuple[object, ...]:
    return definition.group, definition.file, definition.scope, definition.name, definition.line


def _inside(definition: Definition, regions: dict[str, list[Unread]]) -> list[Unread]:
    """The first region that the peer did not read and where the definition is, in a list; [] without one."""
    around = (r for r in regions.get(definition.file, ()) if r.first <= definition.line <= r.last)
    return [region for region in [next(around, None)] if region is not None]


def _explained(
    difference: Difference, explanations: Sequence[Explanation], lines_of: Callable[[str], Sequence[str]]
) -> Difference:
    for explanation in explanations:
        if explanation.fits(difference, lines_of(difference.definition.file)):
            return Difference(
                difference.measure,
                difference.side,
                difference.definition,
                difference.detail,
                explanation.reason,
                explanation.aside,
            )
    return difference


def _following(differences: Sequence[Difference]) -> Iterator[Difference]:
    """`differences`; a type whose methods differ by explained functions only has the reason of the first of them."""
    functions: dict[tuple[str, str], Difference] = {}
    for each in differences:
        if each.measure == "functions" and each.reason:
            functions[each.definition.file, _named(each.definition)] = each
    for each in differences:
        if each.measure != "methods" or each.reason:
            yield each
            continue
        inside = (f"{_named(each.definition)}.{name}" for name in _NAME.findall(each.detail))
        causes = [functions.get((each.definition.file, name)) for name in inside]
        known = [cause for cause in causes if cause is not None]
        if known and len(known) == len(causes):
            yield replace(each, reason=known[0].reason, aside=all(cause.aside for cause in known))
        else:
            yield each


def _count(score: Score, difference: Difference) -> None:
    if difference.side in ("peer", "both"):
        score.missed += 1
    if difference.side in ("ours", "both"):
        score.extra += 1


def _heads(lines: Sequence[str], row: int) -> Iterator[str]:
    """What stands before the braces of the blocks around a line, the innermost first."""
    indent = _indent(lines[row])
    for at in range(row - 1, -1, -1):
        line = lines[at]
        if not line.strip() or _indent(line) >= indent or line.lstrip().startswith(_NO_HEAD):
            continue
        indent = _indent(line)
        after = (below for below in range(at, row) if lines[below].rstrip().endswith("{"))
        yield "\n".join(lines[at : next(after, at) + 1])


def _head(lines: Sequence[str], row: int) -> str:
    below = range(row, min(row + _LONGEST_HEAD, len(lines)))
    return "\n".join(lines[row : next((at for at in below if re.search("[{;]", lines[at])), below.stop) + 1])


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _whole(pattern: str, text: str) -> bool:
    return not pattern or re.fullmatch(pattern, text) is not None


def _percent(same: int, others: int) -> float:
    return 100.0 * same / (same + others) if same + others else 100.0
