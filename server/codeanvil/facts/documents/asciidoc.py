"""Titles and blocks of AsciiDoc, which has no parser in Python that is kept up."""

import re

from codeanvil.facts.documents.outline import Block, Heading, Outline, paragraphs

_TITLE = re.compile(r"(={1,6}|#{1,6})[ \t]+(\S.*?)(?:[ \t]+\1)?[ \t]*")
_FENCE = re.compile(r"-{4,}|\.{4,}|={4,}|\*{4,}|_{4,}|\+{4,}|/{4,}|```\w*|--|[|,:!]===")
_UNTELLING = re.compile(r"//|:[\w!-]+:|\[\[|image::|toc::|include::|ifdef::|ifndef::|endif::")
_ATTRIBUTES = re.compile(r"\[[^\]]*\]|\+")
_HIDDEN = ("////", "++++")
_MARKED = re.compile(r"(?:link:|https?:)\S*?\[([^\]]*)\]|<<[^,>]*,?([^>]*)>>|\[\[[^\]]*\]\]|[`*_#]+")


def outline(text: str) -> Outline:
    """The titles and telling blocks of AsciiDoc."""
    lines = text.split("\n")
    found = Outline()
    at = body = 0
    while at < len(lines):
        line = lines[at].rstrip()
        title = _TITLE.fullmatch(line)
        if title:
            found.blocks += _telling(lines, body, at)
            found.headings.append(Heading(at, at + 1, len(title[1]), _plain(title[2])))
            at = body = at + 1
        elif _FENCE.fullmatch(line):
            end = _after(lines, at)
            found.blocks += _telling(lines, body, at)
            if not line.startswith(_HIDDEN):
                found.blocks.append(Block(at, end))
            at = body = end
        else:
            at += 1
    found.blocks += _telling(lines, body, len(lines))
    return found


def _after(lines: list[str], at: int) -> int:
    """The line after the block that a fence opens; without its end that is only the fence."""
    fence = "```" if lines[at].startswith("```") else lines[at].rstrip()
    return next((end + 1 for end in range(at + 1, len(lines)) if lines[end].rstrip() == fence), at + 1)


def _plain(title: str) -> str:
    return " ".join(_MARKED.sub(lambda mark: mark[1] or mark[2] or "", title).split())


def _telling(lines: list[str], start: int, end: int) -> list[Block]:
    return [block for block in paragraphs(lines, start, end) if _is_telling(lines[block.line : block.end])]


def _is_telling(lines: list[str]) -> bool:
    return not _UNTELLING.match(lines[0]) and not (len(lines) == 1 and _ATTRIBUTES.fullmatch(lines[0].rstrip()))
