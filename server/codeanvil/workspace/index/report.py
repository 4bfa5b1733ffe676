"""What the index tells about itself."""

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import TypeAdapter


@dataclass(frozen=True, slots=True)
class IndexReport:
    """What is in the store, and what the last build of the index did to get there.

    Counts of `files` are by language or build system, of `symbols` and `samples` by kind, of `left_out` by reason,
    of `secrets` by kind. `problems` maps path to one sentence; `set_aside` are those of its paths that no worker
    could read, and that none tries again until they change. The fields from `parsed` on are about one build and empty
    in a report that was read from the store: paths parsed, removed and with samples made anew ('' for those of the
    whole project), and how many files had not changed.
    """

    revision: str
    files: dict[str, int]
    symbols: dict[str, int]
    samples: dict[str, int]
    left_out: dict[str, int]
    secrets: dict[str, int]
    problems: dict[str, str]
    set_aside: tuple[str, ...] = ()
    parsed: tuple[str, ...] = ()
    unchanged: int = 0
    removed: tuple[str, ...] = ()
    regenerated: tuple[str, ...] = field(default=())
    seconds: float = 0.0


@cache
def report_json() -> "TypeAdapter[IndexReport]":
    """Reads and writes a report as JSON. Made when needed: pydantic is slow to start."""
    from pydantic import TypeAdapter

    return TypeAdapter(IndexReport)
