"""What readers of build files share: how facts begin, what a file that cannot be read gives, values of unsure kind."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from codeanvil.facts.model import BuildFacts
from codeanvil.facts.text import fold

MAX_BYTES = 2_000_000
"""Larger files are no build files that somebody wrote: they are not read."""

MAX_SCRIPT_BYTES = 500_000
"""Larger programs are no build scripts that somebody wrote: they are not read."""

BUILD_GROUP = "build"
"""Group of what the build itself needs: its backend, its plugins."""

CI_GROUP = "ci"
"""Group of what only a CI server needs: actions, images, orbs."""

MANAGED_GROUP = "managed"
"""Group of versions that a file sets for others, which ask for these dependencies without one."""

MAX_TOLD = 200
"""Characters of a command that are told where it is described."""

Table = Mapping[str, Any]

_VERBS = ("configure", "build", "test", "run", "install")


class UnreadableError(Exception):
    """A file is not in its format; the message says where and why, as the middle of a sentence."""


def begin(system: str, path: str, source: bytes) -> BuildFacts:
    """Facts of the file at `path` of which nothing is known but where it lies and what it holds."""
    return BuildFacts(system, path, path.rpartition("/")[0], hashlib.sha256(source).hexdigest())


def unread(facts: BuildFacts, format_name: str, why: object) -> BuildFacts:
    """`facts` with the problem that the file is no `format_name`, because of `why`."""
    reason = " ".join(str(why).split())[:200].rstrip(" .")
    problem = f"{facts.file} is not valid {format_name}: {reason}. Mend the file to have its facts."
    return replace(facts, problem=problem.encode("utf-8", "replace").decode())


def check_size(source: bytes, most: int = MAX_BYTES) -> None:
    """Raises `UnreadableError` for more than `most` bytes."""
    if len(source) > most:
        raise UnreadableError(f"it has {len(source)} bytes, more than the {most} that are read")


def table(document: object, *keys: str) -> Table:
    """The table below `keys`; an empty one where there is none."""
    found: Any = document
    for key in keys:
        found = found.get(key) if isinstance(found, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def text(value: object) -> str:
    """A string without white space around it; '' for anything else."""
    return value.strip() if isinstance(value, str) else ""


def strings(values: object) -> list[str]:
    """The strings of a list; none for anything else."""
    return [value for value in values if isinstance(value, str)] if isinstance(values, list) else []


def runs(command: str) -> str:
    """What is said of something that runs `command`."""
    folded = fold(command)
    return f"Runs `{folded if len(folded) <= MAX_TOLD else folded[:MAX_TOLD].rstrip() + ' …'}`." if folded else ""


def ordered(commands: Mapping[str, str] | Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Commands in the order in which they are run; empty ones are left out."""
    known = dict(commands)
    return tuple((verb, known[verb]) for verb in _VERBS if known.get(verb))
