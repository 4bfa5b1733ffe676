"""Where in code something stands: in a comment or a string, or among the names of the program."""

import re

_LINE = 2_000
"""Bytes of a line before a place that are looked at."""

_COMMENT = re.compile(
    rb"(?:^|[\s;{}()])(?://|/\*|--\s|<!--|#(?!\s*(?:define|undef|if|ifdef|ifndef|elif|include|import|pragma)\b))|^\s*(?:\*|;)"
)
_ESCAPED = re.compile(rb"\\.", re.DOTALL)
_QUOTES = (b'"', b"'", b"`")


def in_prose(data: bytes, at: int) -> bool:
    """Whether the byte at `at` in a source file seems to be in a comment or a string rather than among its names."""
    begin = max(data.rfind(b"\n", 0, at) + 1, at - _LINE)
    before = data[begin:at]
    if _COMMENT.search(before):
        return True
    plain = _ESCAPED.sub(b"", before)
    if any(plain.count(quote) % 2 for quote in _QUOTES):
        return True
    return any(data.count(quotes, 0, at) % 2 for quotes in (b'"""', b"'''"))
