"""What the finders of secrets share: where one is, and expressions that cannot be made slow."""

from collections.abc import Iterator
from typing import NamedTuple, Protocol

import re2

_MEMORY = 64 << 20
"""Bytes for RE2's automaton; with less it falls back to a slower one."""


class Found(NamedTuple):
    """A secret in a file's bytes, from `start` to before `end`."""

    start: int
    end: int
    kind: str


class Match(Protocol):
    """A match of an `Expression`, as of the standard library's."""

    def span(self, group: int = 0) -> tuple[int, int]:
        """Start and end of a group; -1 twice where it took no part."""

    def start(self, group: int = 0) -> int:
        """The first of `span`."""


class Expression(Protocol):
    """A compiled expression over bytes."""

    groups: int

    def search(self, text: bytes) -> Match | None:
        """The first match."""

    def finditer(self, text: bytes) -> Iterator[Match]:
        """Matches from left to right that do not overlap."""


def compiled(expression: str, *, never_capture: bool = False) -> Expression:
    """An expression in RE2's syntax over bytes: its time is linear in the text, whatever a file holds."""
    options = re2.Options()
    options.never_capture = never_capture
    options.encoding = re2.Options.Encoding.LATIN1
    options.max_mem = _MEMORY
    options.log_errors = False
    made: Expression = re2.compile(expression.encode(), options)
    return made


def whole(expression: str) -> Expression:
    """As `compiled`, for an expression that must match all of a text of any bytes."""
    return compiled(rf"(?s)\A(?:{expression})\z", never_capture=True)
