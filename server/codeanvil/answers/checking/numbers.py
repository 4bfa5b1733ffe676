"""Numbers that an answer gives: lines of a file, how many methods, subclasses or lines there are."""

import re
from collections.abc import Iterator, Sequence

from codeanvil.answers.checking.lookup import Lookup

Span = tuple[int, int]

_TO = r"(?:\s?[-–]\s?L?(?P<to>\d+))?"
PLACE = re.compile(rf"(?P<path>[\w./+-]*[\w+-]\.\w+)`?(?::|\#L|,? (?:at |on |in )?lines? )(?P<line>\d+){_TO}")
"""A path with a line or some: `a/b.py:12`, `a/b.py#L3-L5`, "a/b.py at line 12"."""

_LINE = re.compile(r"\b[Ll]ines? (?P<line>\d+)(?:\s?(?:[-–]|to|and)\s?(?P<to>\d+))?")
_STARTS = re.compile(r"\b(?:defined|declared|starts?|begins?|found|located|lives?)\b")
_WORDS = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11,
    "twelve": 12,
}  # fmt: skip
_N = rf"(?:exactly |just |only |about )?(?P<n>\d{{1,6}}|{'|'.join(_WORDS)})"
_WHAT = (
    r"(?:public |private |direct |member |different |own |abstract |known )*(?P<what>methods?|functions?|members?|lines"
    r"|sub-?class(?:es)?|derived (?:class(?:es)?|types?)|base(?: class)?(?:es)?|bases)\b"
)
_COUNTS = (
    re.compile(
        r"`?(?P<who>[A-Za-z_][\w.:/+-]*)`?(?: class| struct| interface| file)? "
        rf"(?:has|have|declares|defines|contains|provides|offers) {_N} {_WHAT}"
    ),
    re.compile(
        rf"\b[Tt]here (?:is|are) {_N} {_WHAT} (?:in|of|for) (?:the )?(?:class |file )?`?(?P<who>[A-Za-z_][\w.:/+-]*\w)"
    ),
)


def false_numbers(sentence: str, names: Sequence[str], subject: str, lookup: Lookup) -> Iterator[tuple[Span, str]]:
    """Spans of the numbers in a sentence that are not so. `names` are those it mentions, `subject` who "it" is."""
    placed: list[Span] = []
    told = [name for name in dict.fromkeys(names) if lookup.lines(name)]
    for match in PLACE.finditer(sentence):
        placed.append(match.span())
        if lookup.knows_path(match.group("path")):
            yield from _false_line(match, match.group("path"), told, sentence, lookup)
    for match in _LINE.finditer(sentence):
        if any(match.start() < right and left < match.end() for left, right in placed):
            continue
        paths = [name for name in names if lookup.length(name)]
        if told or paths:
            yield from _false_line(match, paths[0] if paths else "", told, sentence, lookup)
    for pattern in _COUNTS:
        for match in pattern.finditer(sentence):
            who = subject if match.group("who").lower() in {"it", "this", "that", "which"} else match.group("who")
            n = _WORDS.get(match.group("n")) or int(match.group("n"))
            right = lookup.counts(who, match.group("what"))
            if right and n not in right:
                yield match.span("n"), match.group("n")


def _false_line(
    match: re.Match[str], path: str, told: Sequence[str], sentence: str, lookup: Lookup
) -> Iterator[tuple[Span, str]]:
    """The number of a line that does not exist, or that is not the line of what it is said to be of."""
    line, to = int(match.group("line")), int(match.group("to") or match.group("line"))
    length = lookup.length(path) if path else 0
    if line < 1 or (length and max(line, to) > length):
        yield match.span("line"), match.group("line")
        return
    here = [name for name in told if not path or lookup.lies_in(name, path)]
    if not here or lookup.has_line(path, line):
        return
    exact = match.group("to") is None and bool(_STARTS.search(sentence))
    if not any(lookup.stands_at(name, path, line, to, exact=exact) for name in here):
        yield match.span("line"), match.group("line")
