"""What stands beside a definition of C or C++: its comment and its declaration as text."""

import re

from codeanvil.facts.text import first_sentence, fold, is_licence

MAX_SIGNATURE = 1_000
"""Characters of a signature; longer ones are cut, as a file that is not C may have one without an end."""

_NEAR = 100
_GAP = 2_000
_LINE_COMMENT = re.compile(rb"\s*//")
_BLANK_LINE = re.compile(rb"\n[ \t\r]*\n")
_BESIDE = re.compile(rb"[ \t;,]*((?://[/!]<|/\*[*!]<)[^\n]*)")
_TOP_COMMENT = re.compile(rb"\s*(/\*.*?\*/|//[^\n]*(?:\n[ \t]*//[^\n]*)*)(\s*)", re.DOTALL)
_LEADING = re.compile(rb"\s*")
_FILE_COMMAND = re.compile(rb"[@\\]file\b")
_NOISE = re.compile(
    r"""("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)+')|//[^\n]*|/\*.*?(?:\*/|\Z)|^[ \t]*\#(?:[^\n\\]|\\.)*|\\\n""",
    re.DOTALL | re.MULTILINE,
)


def doc_of(source: bytes, prepared: bytes, start: int, end: int) -> str:
    """First sentence of the comment that ends above byte `start`, or of a `///<` behind byte `end`.

    A blank line parts a comment from what follows. Macros that `prepared` has blanked do not.
    """
    comment = _above(source, prepared, start)
    if not comment and (beside := _BESIDE.match(prepared, end)):
        comment = beside[1]
    return first_sentence(comment.decode(errors="replace")) if comment else ""


def file_doc(prepared: bytes) -> str:
    """First sentence of the comment about the file: the one with `@file`, or the first that is no licence.

    A comment that stands directly above code is about that code.
    """
    position = 0
    while match := _TOP_COMMENT.match(prepared, position):
        comment, position = match[1], match.end()
        about_file = bool(_FILE_COMMAND.search(comment))
        following = prepared[position : position + 1]
        apart = match[2].count(b"\n") > 1 or following in (b"#", b"")
        if about_file or (apart and not is_licence(comment.decode(errors="replace"))):
            return first_sentence(comment.decode(errors="replace"))
    return ""


def signature_of(source: bytes, start: int, end: int) -> str:
    """The declaration between two bytes without comments and directives, on one line."""
    text = source[start : min(end, start + 8 * MAX_SIGNATURE)].decode(errors="replace")
    if "/" in text or "#" in text or "\\" in text:
        text = _NOISE.sub(lambda match: match[1] or " ", text)
    folded = fold(text).rstrip(" ;")
    return folded if len(folded) <= MAX_SIGNATURE else folded[:MAX_SIGNATURE].rstrip() + " …"


def _above(source: bytes, prepared: bytes, start: int) -> bytes:
    near = prepared[max(0, start - _NEAR) : start].rstrip()
    end = max(0, start - _NEAR) + len(near)
    if not near and start > _NEAR:
        end = max(0, start - _GAP) + len(prepared[max(0, start - _GAP) : start].rstrip())
    lines = source.count(b"\n", end, start)
    if lines > 1 and _BLANK_LINE.search(source, end, start):
        return b""
    if prepared.endswith(b"*/", 0, end):
        begin = prepared.rfind(b"/*", 0, end)
        line = prepared[
            max(prepared.rfind(b"\n", max(0, begin - _GAP), max(begin, 0)) + 1, begin - _GAP, 0) : max(begin, 0)
        ]
        comment = prepared[begin:end] if begin >= 0 and not line.strip() else b""
    else:
        begin = end
        while begin > 0 and lines:
            line_start = prepared.rfind(b"\n", 0, begin) + 1
            if not _LINE_COMMENT.match(prepared, line_start, begin):
                break
            begin = line_start - 1
        comment = prepared[max(begin, 0) : end].lstrip()
        if not comment.startswith(b"//"):
            return b""
    if comment[2:4] in (b"*<", b"!<", b"/<"):
        return b""
    leading = _LEADING.match(prepared)
    top = leading is not None and leading.end() >= begin
    return b"" if top and is_licence(comment.decode(errors="replace")) else comment
