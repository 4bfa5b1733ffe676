"""What the files of CI servers have in common."""

from collections.abc import Iterable

from codeanvil.facts.builds.documents import runs
from codeanvil.facts.builds.yaml_document import List
from codeanvil.facts.model import Target
from codeanvil.facts.text import fold

MAX_STEPS = 1_000
"""Commands of one job; lists in lists could come to more."""

MAX_COMMAND = 2_000
"""Characters of a job's commands; what is longer is a program of its own."""


def job(name: str, line: int, steps: Iterable[str], title: str = "", needs: Iterable[str] = ()) -> Target:
    """A job that runs `steps` after those that it `needs`; `title` is how people call it."""
    command = " && ".join(filter(None, map(one_line, steps)))
    command = command if len(command) <= MAX_COMMAND else f"{command[:MAX_COMMAND].rstrip()} …"
    doc = " ".join(filter(None, (f"{fold(title)}." if title and title != name else "", runs(command))))
    return Target(name, "job", line, links=tuple(dict.fromkeys(needs)), command=command, doc=doc)


def one_line(script: str) -> str:
    """The lines of a script, without comments, as one command line."""
    lines = [line for each in script.replace("\\\n", " ").splitlines() if (line := fold(each)) and line[0] != "#"]
    return " && ".join(lines)


def scripts(value: object) -> list[str]:
    """The commands of a string, or of a list that may hold lists."""
    found: list[str] = []
    pending: list[object] = [value]
    while pending and len(found) < MAX_STEPS:
        item = pending.pop()
        if isinstance(item, str):
            found.append(item)
        elif isinstance(item, List) and not item.tag.startswith("!"):
            pending += reversed(item)
    return found
