"""Pieces of source text that end where a definition ends, at the least where a line ends."""

from collections.abc import Iterable, Sequence

from codeanvil.facts.model import Symbol

_MOST_LINES_BEFORE = 4


def lines_of(text: str) -> list[str]:
    """The lines as parsers count them: only line feeds end one, form feeds and their like do not."""
    return [line.rstrip("\r") for line in text.split("\n")]


def opening(text: str, symbols: Iterable[Symbol], characters: int) -> tuple[str, bool]:
    """The start of a file of at most `characters`, and whether that is all of it.

    It ends with the last definition that fits; where the first one is too long already, with the last line
    that fits. Empty when not even the first line fits.
    """
    if len(text) <= characters:
        return text, True
    lines = lines_of(text)
    return _cut(lines, 0, len(lines), {s.end for s in symbols}, characters)


def definition(lines: Sequence[str], symbol: Symbol, symbols: Iterable[Symbol], characters: int) -> tuple[str, bool]:
    """The text of one definition of at most `characters`, and whether that is all of it.

    Decorators, template heads and return types on the lines before the name belong to it. A longer one ends
    with the last of its members that fits, or else with the last line that fits. Empty where the text has no such
    line.
    """
    if not 1 <= symbol.line <= len(lines):
        return "", False
    start = symbol.line - 1
    while start > 0 and symbol.line - 1 - start < _MOST_LINES_BEFORE and _belongs(lines[start - 1], symbol.lang):
        start -= 1
    ends = {s.end for s in symbols if symbol.line <= s.line and s.end < symbol.end}
    return _cut(lines, start, min(symbol.end, len(lines)), ends, characters)


def parts(text: str, characters: int) -> list[str]:
    """A text in parts of whole lines, each of at most `characters` where its lines allow, without blank parts."""
    found: list[str] = []
    current: list[str] = []
    size = 0
    for line in lines_of(text):
        if current and size + len(line) + 1 > characters:
            found.append("\n".join(current))
            current, size = [], 0
        current.append(line)
        size += len(line) + 1
    found.append("\n".join(current))
    return [part for part in found if part.strip()]


def _belongs(line: str, lang: str) -> bool:
    text = line.strip()
    if lang == "python" or not text:
        return text.startswith("@")
    return text.startswith("template") or not (text.startswith(("#", "//", "/*", "*")) or text[-1] in ";{}:/)\"'")


def _cut(lines: Sequence[str], start: int, end: int, ends: set[int], characters: int) -> tuple[str, bool]:
    """Lines `start` to `end` (from 0, end excluded), cut at one of the line numbers `ends` (from 1)."""
    size = 0
    best = last = start
    for i in range(start, end):
        size += len(lines[i]) + 1
        if size > characters:
            break
        last = i + 1
        if last in ends:
            best = last
    stop = last if last == end or best == start else best
    return "\n".join(lines[start:stop]), stop == end
