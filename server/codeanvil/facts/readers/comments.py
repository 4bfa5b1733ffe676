"""Comments beside definitions, for the languages whose comments are marked by `//`, `/* */` or `#`."""

import re

from codeanvil.facts.text import first_sentence, fold, is_licence

MAX_SIGNATURE = 1_000
"""Characters of a signature; longer ones are cut, as a broken file may have one without an end."""

_GAP = 2_000
_LONGEST_LINE = 4_000
_MOST_COMMENT = 100_000
_INK = re.compile(rb"\S")
_BLANK_LINE = re.compile(rb"\n[ \t\r]*\n")
_NOISE = {
    "//": re.compile(r"""("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)+')|//[^\n]*|/\*.*?(?:\*/|\Z)""", re.DOTALL),
    "#": re.compile(r"""("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|\#[^\n]*""", re.DOTALL),
}


def doc_above(source: bytes, start: int, mark: str = "//") -> str:
    """First sentence of the comment that ends above byte `start`; '' without one.

    `mark` begins a comment to the end of the line; `/* */` counts in any language but those of `#`. A blank line
    parts a comment from what follows, and the licence at the top of a file documents nothing. `start` is where the
    definition begins, its attributes, decorators or annotations included.
    """
    comment = comment_above(source, start, mark)
    return first_sentence(comment) if comment else ""


def comment_above(source: bytes, start: int, mark: str = "//") -> str:
    """The comment itself that `doc_above` speaks of, with its marks; '' without one."""
    return _above(source, start, mark.encode()).decode(errors="replace")


def file_doc(source: bytes, mark: str = "//") -> str:
    """First sentence of the comment that stands apart at the top of the file: the first one that is no licence."""
    line = re.escape(mark).encode()
    block = rb"" if mark == "#" else rb"/\*.*?\*/|"
    comment = re.compile(rb"\s*(" + block + line + rb"[^\n]*(?:\n[ \t]*" + line + rb"[^\n]*)*)(\s*)", re.DOTALL)
    position = source.find(b"\n") + 1 if source.startswith(b"#!") else 0
    while match := comment.match(source, position):
        text, position = match[1].decode(errors="replace"), match.end()
        if (match[2].count(b"\n") > 1 or position == len(source)) and not is_licence(text):
            return first_sentence(text)
    return ""


def signature_of(source: bytes, start: int, end: int, mark: str = "//") -> str:
    """The declaration between two bytes without comments, on one line, without the mark that opens its body."""
    text = source[start : min(end, start + 8 * MAX_SIGNATURE)].decode(errors="replace")
    folded = fold(_NOISE[mark].sub(lambda match: match[1] or " ", text)).rstrip(" ;{")
    return folded if len(folded) <= MAX_SIGNATURE else folded[:MAX_SIGNATURE].rstrip() + " …"


def _above(source: bytes, start: int, mark: bytes) -> bytes:
    window = source[max(0, start - _GAP) : start]
    end = start - (len(window) - len(window.rstrip()))
    if _BLANK_LINE.search(source, end, start):
        return b""
    if mark != b"#" and source.endswith(b"*/", 0, end):
        begin = source.rfind(b"/*", max(0, end - _MOST_COMMENT), end)
        comment = source[begin:end] if begin >= 0 and not _line_before(source, begin).strip() else b""
    else:
        begin = end
        while begin > 0:
            line = _line_before(source, begin)
            if not line.lstrip().startswith(mark) or line.lstrip().startswith(b"#!"):
                break
            begin -= len(line) + 1
        comment = source[max(begin, 0) : end].lstrip()
        if not comment.startswith(mark):
            return b""
    at_top = _INK.search(source, 0, max(begin, 0)) is None
    return b"" if at_top and is_licence(comment.decode(errors="replace")) else comment


def _line_before(source: bytes, end: int) -> bytes:
    """The line that `end` is in, up to there. Of a line longer than any comment, as in minified code, its last part."""
    first = max(0, end - _LONGEST_LINE)
    return source[max(source.rfind(b"\n", first, end) + 1, first) : end]
