"""Titles and blocks of reStructuredText.

A reader of our own: docutils builds the whole document and obeys its directives (it reads the files that `include`
names), and Sphinx's are errors to it. Titles are told by their adornment alone.
"""

import re

from codeanvil.facts.documents.outline import Block, Heading, Outline, paragraphs

_ADORNMENT = re.compile(r"([!-/:-@\[-`{-~])\1{2,}")
_MARKED = re.compile(r":[\w:+.-]+:`([^`<]*?)(?:\s*<[^`>]*>)?`|`([^`<]*?)(?:\s*<[^`>]*>)?`__?|[`*|]+")
_UNTELLING = re.compile(
    r"\.\.(?!\s+(?:code|code-block|sourcecode|note|warning|tip|important|attention|caution|hint)::)"
)
"""Comments, targets, pictures, tables of contents, and other directives."""
_SUBSTITUTIONS = re.compile(r"(?:\|[^|]+\|_{0,2}\s*)+")
"""Mostly badges."""


def outline(text: str) -> Outline:
    """The titles and telling blocks of reStructuredText."""
    lines = text.split("\n")
    found = Outline()
    levels: dict[tuple[str, bool], int] = {}
    at = body = 0
    while at < len(lines):
        title = _title(lines, at)
        if title is None:
            at += 1
            continue
        words, style, end = title
        found.blocks += _telling(lines, body, at)
        level = levels.setdefault(style, len(levels) + 1)
        found.headings.append(Heading(at, end, level, words))
        at = body = end
    found.blocks += _telling(lines, body, len(lines))
    return found


def _title(lines: list[str], at: int) -> tuple[str, tuple[str, bool], int] | None:
    """The title that begins in a line, its style, and the line after it."""
    over = _ADORNMENT.fullmatch(lines[at].rstrip())
    first = at + 1 if over else at
    if first + 1 >= len(lines):
        return None
    title, under = lines[first].rstrip(), lines[first + 1].rstrip()
    if not title or _ADORNMENT.fullmatch(title) or not _ADORNMENT.fullmatch(under) or len(under) < len(title.strip()):
        return None
    if over and over[0] != under:
        return None
    if not over and (title[0].isspace() or (at and lines[at - 1].strip())):
        return None
    return _plain(title), (under[0], over is not None), first + 2


def _plain(title: str) -> str:
    return " ".join(_MARKED.sub(lambda mark: mark[1] or mark[2] or "", title).split())


def _telling(lines: list[str], start: int, end: int) -> list[Block]:
    return [block for block in paragraphs(lines, start, end) if _is_telling(lines[block.line : block.end])]


def _is_telling(lines: list[str]) -> bool:
    return not _UNTELLING.match(lines[0]) and not all(map(_SUBSTITUTIONS.fullmatch, lines))
