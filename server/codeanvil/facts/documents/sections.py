"""A document as its sections."""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from codeanvil.facts.documents import asciidoc, markdown, rst
from codeanvil.facts.documents.formats import Format
from codeanvil.facts.documents.outline import Block, Heading, Outline
from codeanvil.facts.model import Section

_READERS: dict[Format, Callable[[str], Outline]] = {
    "markdown": markdown.outline,
    "rst": rst.outline,
    "asciidoc": asciidoc.outline,
}

MOST_TEXT = 3_000
"""Characters of a section from which on it is told in parts."""

MOST_LEAD = 500
"""Characters of a section's first paragraphs."""

_FENCE = re.compile(r"`{3,}|~{3,}|-{4,}|\.{4,}")
_SENTENCE_END = re.compile(r"[.!?:](?=\s)")


def read_sections(path: str, text: str, form: Format) -> tuple[Section, ...]:
    """The sections of the document at `path` that say something, in order; a title without text is none."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff").replace("\0", " ")
    lines = text.split("\n")
    found = _READERS[form](text)
    blocks = iter([*found.blocks, Block(len(lines) + 1, len(lines) + 1)])
    block = next(blocks)
    sections: list[Section] = []
    around: list[Heading] = []
    for heading, following in pairwise([Heading(0, 0, 0, ""), *found.headings, Heading(len(lines), 0, 0, "")]):
        while around and around[-1].level >= heading.level:
            around.pop()
        if heading.title:
            around.append(heading)
        own: list[Block] = []
        while block.line < following.line:
            own.append(block)
            block = next(blocks)
        sections += _sections(path, heading, tuple(each.title for each in around), lines, own)
    return tuple(sections)


def _sections(
    path: str, heading: Heading, titles: tuple[str, ...], lines: Sequence[str], blocks: Sequence[Block]
) -> Iterator[Section]:
    """What stands under one title, in parts where it is long."""
    for part, chunk in enumerate(_chunks(lines, blocks), 1):
        texts = [_text(lines, block) for block in chunk]
        first = heading.line if titles and part == 1 else chunk[0].line
        yield Section(path, first + 1, chunk[-1].end, titles, "\n\n".join(texts), _lead(texts), part)


def _chunks(lines: Sequence[str], blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """The blocks in lists of at most MOST_TEXT characters; a longer block is parted between lines."""
    chunk: list[Block] = []
    size = 0
    for block in (piece for whole in blocks for piece in _pieces(lines, whole)):
        length = sum(len(line) + 1 for line in lines[block.line : block.end]) + 1
        if chunk and size + length > MOST_TEXT:
            yield chunk
            chunk, size = [], 0
        chunk.append(block)
        size += length
    if chunk:
        yield chunk


def _pieces(lines: Sequence[str], block: Block) -> Iterator[Block]:
    start, size = block.line, 0
    for at in range(block.line, block.end):
        size += len(lines[at]) + 1
        if size > MOST_TEXT and at > start:
            yield from _saying(lines, Block(start, at))
            start, size = at, len(lines[at]) + 1
    yield from _saying(lines, Block(start, block.end))


def _saying(lines: Sequence[str], block: Block) -> Iterator[Block]:
    if any(line.strip() for line in lines[block.line : block.end]):
        yield block


def _text(lines: Sequence[str], block: Block) -> str:
    return "\n".join(line.rstrip() for line in lines[block.line : block.end]).strip("\n")


def _lead(blocks: Sequence[str]) -> str:
    """The first blocks that fit; what ends with a colon goes with what it introduces."""
    taken: list[str] = []
    size = 0
    for text in blocks:
        introduced = bool(taken) and taken[-1].endswith(":")
        if taken and size + len(text) > (2 * MOST_LEAD if introduced else MOST_LEAD):
            break
        taken.append(_cut(text))
        size += len(text)
    return "\n\n".join(taken)


def _cut(text: str) -> str:
    """A block of at most MOST_LEAD characters: whole lines, else whole sentences, else words."""
    if len(text) <= MOST_LEAD:
        return text
    fence = _FENCE.match(text)
    if fence or text.count("\n") > 1:
        kept = text[:MOST_LEAD].rpartition("\n")[0]
        if kept:
            return f"{kept}\n{fence[0]}" if fence else kept
    ends = [match.end() for match in _SENTENCE_END.finditer(text[: MOST_LEAD + 1])]
    return text[: ends[-1]] if ends else text[: MOST_LEAD - 1].rpartition(" ")[0] + " …"
