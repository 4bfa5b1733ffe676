"""JSDoc: comments without their tags, and without what is meant for tools."""

import re

from codeanvil.facts.readers.comments import comment_above, file_doc
from codeanvil.facts.text import first_sentence

_TOOLS = (
    r"(?:eslint|jshint|jslint|tslint|biome-|prettier-|istanbul|c8|v8 ignore|webpack|@ts-|@flow\b|@noflow\b|@jsx"
    r"|globals? |exported |#__)"
)
_FOR_TOOLS = re.compile(rf"\s*(?:/\*+|//+)[\s*]*(?:{_TOOLS}|<\w+[^\n]*/>)")
_FOR_TOOLS_LINE = re.compile(rf"^[ \t]*//+\s*{_TOOLS}[^\n]*\n?", re.MULTILINE)
_PREAMBLE = re.compile(
    rf"""(?:\#![^\n]*\n|\s+|(["'])use\ \w+\1;?|/\*[\s*]*{_TOOLS}(?:(?!\*/).)*\*/""".encode()
    + rf"|//+\s*(?:{_TOOLS}|<)[^\n]*)*".encode(),
    re.DOTALL,
)
_INLINE = re.compile(r"\{@(?!inherit)\w+\s+([^\s{}|]+)(?:\s*\|\s*|\s+)?([^{}]*)\}")
_INHERITED = re.compile(r"\{@inherit[dD]oc\b[^}]*\}|@inherit[dD]oc\b")
_MODIFIER = re.compile(
    r"@(?:internal|public|private|protected|package|alpha|beta|experimental|eventProperty|override|virtual|sealed|readonly"
    r"|abstract|static|async|class|constructor|hideconstructor|function|method|module|packageDocumentation|global|inner"
    r"|instance|preserve)\b[ \t]*(?=\n|\*/)"
)
_SAYING = re.compile(r"@(?:desc|description|summary|classdesc|fileoverview|file|overview)\b[ \t]*")
_FIRST_JSDOC = re.compile(rb"/\*\*.*?\*/", re.DOTALL)
_OF_FILE = re.compile(rb"@(?:fileoverview|file|overview|module|packageDocumentation)\b")
_TAG = re.compile(r"(?:^|\n|/\*\*?)[ \t*]*@(\w+)")
_ENDS = frozenset({"param", "returns", "return", "type", "see", "example", "deprecated", "throws", "template", "since"})
"""Tags that no sentence about the whole comes after; they are the most."""

_TAGS = re.compile(r"(?:^|\n|/\*\*?)[ \t*]*@[a-zA-Z].*", re.DOTALL)
_TOP = 20_000
"""Bytes of a file in which its own comment is looked for."""

_GAP = 1_000
_MOST_COMMENT = 3_000
"""Characters of a comment in which its first sentence is looked for."""

_COMMENTS_FOR_TOOLS = 3
"""Most comments for tools that may stand between a definition and its own comment."""


def doc_above(source: bytes, start: int) -> str:
    """First sentence of the comment above byte `start`, those for linters and compilers passed over."""
    for _ in range(_COMMENTS_FOR_TOOLS):
        comment = comment_above(source, start) or _apart(source, start)
        if comment.startswith("//"):
            rest = _FOR_TOOLS_LINE.sub("", comment)
        else:
            rest = "" if _FOR_TOOLS.match(comment) else comment
        if rest.strip() or not comment:
            return _sentence(rest)
        start = source.rfind(comment.encode(), 0, start)
        if start < 0:
            break
    return ""


def _apart(source: bytes, start: int) -> str:
    """The JSDoc that a blank line parts from byte `start`, as many write it; at the top it is the file's own."""
    end = start - len(source[max(0, start - _GAP) : start]) + len(source[max(0, start - _GAP) : start].rstrip())
    if not source.endswith(b"*/", 0, end):
        return ""
    begin = source.rfind(b"/*", 0, end)
    is_first = _PREAMBLE.match(source, 0, _TOP)
    if not source.startswith(b"/**", begin) or (is_first is not None and is_first.end() >= begin):
        return ""
    return comment_above(source, end)


def doc_of_file(source: bytes) -> str:
    """First sentence of the comment that stands apart at the top, with what is for the engine and tools passed over."""
    preamble = _PREAMBLE.match(source, 0, _TOP)
    top = source[preamble.end() if preamble else 0 :][:_TOP]
    first = _FIRST_JSDOC.match(top)
    if first and _OF_FILE.search(first[0]):
        return _sentence(first[0].decode(errors="replace"))
    return _sentence(_SAYING.sub("", file_doc(top)))


def _sentence(comment: str) -> str:
    comment = comment[:_MOST_COMMENT]
    tag = _TAG.search(comment) if "@" in comment else None
    if tag and tag[1] in _ENDS:
        comment = comment[: tag.start()]
    elif tag:
        comment = _TAGS.sub("", _SAYING.sub("", _MODIFIER.sub("", _INHERITED.sub("", comment))))
    if "{@" in comment:
        comment = _INLINE.sub(_shown, _INHERITED.sub("", comment))
    return first_sentence(comment) if comment else ""


def _shown(link: re.Match[str]) -> str:
    """The text of `{@link Target text}` or `{@link Target|text}`; without a text, the target."""
    return link[2].strip() or link[1]
