"""Text out of bytes, and the one sentence that a comment says first."""

import codecs
import re

MAX_SENTENCE = 300
"""Characters a first sentence may have; longer ones are cut at a word."""

# The longer mark first: a UTF-32 file begins with the UTF-16 mark too.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

_ABBREVIATIONS = frozenset(
    {
        "e.g.", "i.e.", "etc.", "cf.", "vs.", "approx.", "resp.", "incl.", "dr.", "mr.", "mrs.", "prof.", "no.",
        "fig.", "eq.", "al.", "viz.", "ca.", "esp.",
    }
)  # fmt: skip
_END = re.compile(r"[.!?][\"')\]`*]*(?=\s)")
_LINE_MARK = re.compile(r"^[ \t]*(?://[/!]*<?|/\*[*!]*<?|\*+(?!/)|#+:?)[ \t]?|[ \t]*\*+/[ \t]*$", re.MULTILINE)
_COMMAND = re.compile(r"[@\\](\w+)(?:\[[\w,]+\])?[ \t]*")
_INLINE = re.compile(r"[@\\](?:c|p|a|e|b|em|ref|link|endlink)\b[ \t]*|</?(?:b|i|p|tt|em|code|strong|br)\s*/?>")
_RULER = re.compile(r"^[\s\-=*_~#/+.]*$")
# Doxygen's structural commands: the whole line says where the comment belongs, not what it says.
_STRUCTURAL = frozenset(
    {
        "file", "class", "struct", "union", "enum", "namespace", "def", "fn", "var", "typedef", "interface",
        "ingroup", "defgroup", "addtogroup", "name", "weakgroup", "author", "authors", "date", "version",
        "copyright", "headerfile", "page", "mainpage", "internal", "relates", "memberof", "tparam", "param",
        "return", "returns", "retval", "throws", "throw", "exception", "since", "deprecated", "see", "sa",
        "todo", "bug", "warning", "pre", "post",
    }
)  # fmt: skip
_TEXT_COMMANDS = frozenset({"brief", "short", "details", "note"})
_LICENCE = re.compile(
    r"copyright|licen[sc]e|spdx-|all rights reserved|redistribut|warrant(?:y|ies)|\(c\)\s*\d{4}|©", re.IGNORECASE
)


def decode(source: bytes) -> str:
    """The text of a file: by its byte order mark, else UTF-8, else Latin-1. Never raises."""
    for mark, encoding in _MARKS:
        if source.startswith(mark):
            return source.decode("utf-8-sig" if mark == codecs.BOM_UTF8 else encoding, errors="replace")
    try:
        return source.decode("utf-8")
    except UnicodeDecodeError:
        return source.decode("latin-1")


def to_utf8(source: bytes) -> bytes:
    """`source` as a parser wants it: UTF-8 without a mark, lines ended by LF or CRLF, so that rows are lines."""
    text = source if _is_plain(source) else decode(source).encode("utf-8", errors="replace")
    return re.sub(rb"\r(?!\n)", b"\n", text) if b"\r" in text else text


def _is_plain(source: bytes) -> bool:
    """Whether `source` is UTF-8 without a mark."""
    if source.startswith(tuple(mark for mark, _ in _MARKS)):
        return False
    try:
        source.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def count_lines(text: bytes) -> int:
    """Lines of `text`; a last one without a line end counts."""
    return text.count(b"\n") + (not text.endswith(b"\n") and bool(text))


def fold(text: str) -> str:
    """`text` on one line, white space folded."""
    return " ".join(text.split())


def first_sentence(comment: str) -> str:
    """What a comment or docstring says first, on one line, at most `MAX_SENTENCE` characters.

    Comment marks, Doxygen commands and rulers are taken off; a `@brief` is preferred. '' where it says nothing.
    """
    if comment.lstrip()[:1] in {"/", "#"}:
        comment = _LINE_MARK.sub("", comment)
    paragraph = _first_paragraph(comment)
    for match in _END.finditer(paragraph + " "):
        word = paragraph[: match.end()].rsplit(None, 1)[-1].lstrip("([\"'").lower()
        following = paragraph[match.end() :].lstrip()[:1]
        if word in _ABBREVIATIONS or re.fullmatch(r"[a-z]\.", word) or following.islower():
            continue
        return _cut(paragraph[: match.end()])
    return _cut(paragraph)


def is_licence(comment: str) -> bool:
    """Whether a comment is about rights rather than about the code."""
    return bool(_LICENCE.search(comment))


def _first_paragraph(comment: str) -> str:
    """The `@brief` paragraph, or the first one with words in it."""
    lines: list[str] = []
    for line in comment.splitlines():
        stripped = line.strip()
        command = _COMMAND.match(stripped)
        if command and command[1] in _TEXT_COMMANDS:
            if command[1] in {"brief", "short"}:
                lines.clear()
            elif lines:
                break
            stripped = stripped[command.end() :]
        elif command and command[1] in _STRUCTURAL:
            if lines:
                break
            continue
        if not _RULER.match(stripped):
            lines.append(stripped)
        elif lines and not _brief_follows(comment, lines):
            break
    return fold(_INLINE.sub("", " ".join(lines)))


def _brief_follows(comment: str, lines: list[str]) -> bool:
    """Whether a `@brief` comes after the paragraph in `lines`."""
    return bool(re.search(r"[@\\](?:brief|short)\b", comment.partition(lines[-1])[2]))


def _cut(sentence: str) -> str:
    if len(sentence) <= MAX_SENTENCE:
        return sentence
    return sentence[:MAX_SENTENCE].rsplit(" ", 1)[0].rstrip(",;:") + " …"
