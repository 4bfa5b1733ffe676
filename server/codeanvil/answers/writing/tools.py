"""Answers to "which linter", "what is used for logging": tools and libraries by what they are for (`tools.toml`)."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from codeanvil.answers.finding.builds import builds_for, cite_of
from codeanvil.answers.understanding.link import Linked
from codeanvil.answers.writing.cite import Citation
from codeanvil.answers.writing.draft import Draft, stack_up
from codeanvil.samples import prose, prose_build
from codeanvil.workspace.store import Store


@dataclass(frozen=True, slots=True)
class ToolKind:
    """What tools are for, how questions ask for them, and what they are called in lower case."""

    name: str
    asked: tuple[re.Pattern[str], ...]
    names: frozenset[str]

    def holds(self, name: str) -> bool:
        """Whether a dependency or library is of this kind: by its whole name, or the last part of a Maven one."""
        lower = re.sub(r"/v\d+$", "", name.lower())
        return lower in self.names or lower.rpartition(":")[2] in self.names


@cache
def tool_kinds() -> tuple[ToolKind, ...]:
    """The kinds that ship with the program."""
    data = tomllib.loads(files("codeanvil.answers.understanding").joinpath("tools.toml").read_text("utf-8"))
    return tuple(
        ToolKind(row["name"], tuple(re.compile(p, re.IGNORECASE) for p in row["asked"]), frozenset(row["names"]))
        for row in data["kind"]
    )


def tools(linked: Linked, store: Store) -> Draft:
    """The tools of each kind that the question asks for; that none is named where there is none."""
    asked = [kind for kind in tool_kinds() if any(pattern.search(linked.question) for pattern in kind.asked)]
    return stack_up(
        [_of_kind(kind, linked, store) for kind in asked]
        or [Draft(prose_build.libraries(store.stack(), linked.project))]
    )


def _of_kind(kind: ToolKind, linked: Linked, store: Store) -> Draft:
    named = [(cite_of(b, d.line), d) for b in store.builds() for d in b.dependencies if kind.holds(d.name)]
    coded = [library.name for library in store.stack().libraries if kind.holds(library.name)]
    known = {dependency.name.lower() for _, dependency in named}
    lines = {f"- {prose.code(prose_build.versioned(d))}{prose_build.purpose(d)}": cite for cite, d in reversed(named)}
    said = [f"{line} ({cite.link})" for line, cite in reversed(lines.items())]
    said += [f"- {prose.code(name)}" for name in coded if name.lower() not in known]
    commands = [(cite_of(b, t.line), t) for b in store.builds() for t in b.targets if kind.holds(t.name)]
    said += [f"- {prose.code(target.name)} ({cite.link})" for cite, target in commands]
    if not said:
        chosen = builds_for(linked.question, store)
        where = f"the build files of {prose.code(linked.project)}" if chosen else "the code"
        return Draft(f"No {kind.name} that is known by name here is named in {where}.", tuple(map(cite_of, chosen)))
    cites: tuple[Citation, ...] = tuple(cite for cite, _ in [*named, *commands])
    opening = f"As {kind.name} {prose.code(linked.project)} names:"
    return Draft(f"{opening}\n\n" + "\n".join(said), cites, (tuple(d.name for _, d in named) or tuple(coded),))
