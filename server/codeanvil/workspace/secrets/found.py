"""What a finder of secrets finds."""

from typing import NamedTuple


class Found(NamedTuple):
    """A secret in a file's bytes, from `start` to before `end`."""

    start: int
    end: int
    kind: str
