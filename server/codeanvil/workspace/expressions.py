"""Regular expressions over bytes that no text can make slow: RE2's, in time linear in the text.

For expressions that meet what somebody else wrote, or that somebody else wrote: with the standard library's, a line of
an ignore file or of a source can take longer than a life.
"""

from collections.abc import Iterator
from typing import Protocol

import re2

_MEMORY = 64 << 20
"""Bytes for RE2's automaton; with less it falls back to a slower one."""


class Match(Protocol):
    """A match of an `Expression`, as of the standard library's."""

    def span(self, group: int = 0) -> tuple[int, int]:
        """Start and end of a group; -1 twice where it took no part."""

    def start(self, group: int = 0) -> int:
        """The first of `span`."""


class Expression(Protocol):
    """A compiled expression."""

    groups: int

    def search(self, text: bytes) -> Match | None:
        """The first match."""

    def finditer(self, text: bytes) -> Iterator[Match]:
        """Matches from left to right that do not overlap."""


def compiled(expression: str | bytes, *, never_capture: bool = False) -> Expression:
    """An expression in RE2's syntax; in a string, characters beyond ASCII stand for their bytes in UTF-8."""
    options = re2.Options()
    options.never_capture = never_capture
    options.encoding = re2.Options.Encoding.LATIN1
    options.max_mem = _MEMORY
    options.log_errors = False
    made: Expression = re2.compile(expression.encode() if isinstance(expression, str) else expression, options)
    return made


def whole(expression: str | bytes) -> Expression:
    """As `compiled`, for an expression that must match all of a text; '.' is any byte."""
    inner = expression.encode() if isinstance(expression, str) else expression
    return compiled(rb"(?s)\A(?:%b)\z" % inner, never_capture=True)
