"""What every format of documents comes to: titles with their levels, and blocks of lines."""

from dataclasses import dataclass, field
from typing import NamedTuple


class Heading(NamedTuple):
    """A title. It takes the lines from `line` to `body` (from 0, `body` excluded); 1 is the outermost `level`."""

    line: int
    body: int
    level: int
    title: str


class Block(NamedTuple):
    """Lines from `line` to `end` (from 0, `end` excluded) that belong together: a paragraph, a list, code, a table."""

    line: int
    end: int


@dataclass(slots=True)
class Outline:
    """The titles of a document and its telling blocks, by line. Badges, comments and front matter are no blocks."""

    headings: list[Heading] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)


def paragraphs(lines: list[str], start: int, end: int) -> list[Block]:
    """The blocks of plain text between two lines: what blank lines part; what is indented goes with what is above."""
    found: list[Block] = []
    at = start
    while at < end:
        if not lines[at].strip():
            at += 1
            continue
        stop = at
        while stop < end and lines[stop].strip():
            stop += 1
        if found and lines[at][:1].isspace():
            found[-1] = Block(found[-1].line, stop)
        else:
            found.append(Block(at, stop))
        at = stop
    return found
