"""A Python project's files together: members of workspaces, the tool that locks it, what stands beside it."""

from dataclasses import replace

from codeanvil.facts.builds import locks
from codeanvil.facts.builds.documents import ordered
from codeanvil.facts.builds.known import Known
from codeanvil.facts.builds.python import tools
from codeanvil.facts.builds.python.pyproject import TOOL
from codeanvil.facts.model import BuildFacts

_MANAGERS = frozenset({"uv", "poetry", "pdm"})
_SETUP = ("setup.cfg", "setup.py")


def join(known: Known) -> None:
    """A `pyproject.toml` learns its members' folders and its tool, and what `setup.cfg` or `setup.py` add to it."""
    for project in known.of("pyproject"):
        members = known.matching(project.folder, project.subfolders, "pyproject.toml")
        tool = locks.tool_of(known, project.folder, _MANAGERS)
        for build in [project, *members]:
            known.put(_by_tool(known.builds[build.file], tool or dict(project.values).get(TOOL, tools.PIP)))
        start = len(project.folder) + 1 if project.folder else 0
        known.put(replace(known.builds[project.file], subfolders=tuple(each.folder[start:] for each in members)))
    for build in known.of("pyproject", "setuptools"):
        _complete(known.builds[build.file], known)


def _by_tool(build: BuildFacts, tool: str) -> BuildFacts:
    """The project with its commands given by `tool`, unless it names one itself."""
    if dict(build.values).get(TOOL) != tools.PIP or tool == tools.PIP:
        return build
    return replace(build, commands=tools.by_other_tool(build.commands, tools.PIP, tool), values=((TOOL, tool),))


def _complete(main: BuildFacts, known: Known) -> None:
    """The file of a folder that says how to build takes over what the lesser ones beside it say, and their commands."""
    if not main.commands:
        return
    names = ("pyproject.toml", *_SETUP)
    name = main.file.rpartition("/")[2]
    for lesser in (known.at(main.folder, other) for other in names[names.index(name) + 1 :]):
        if lesser is None or lesser.problem:
            continue
        commands = dict(main.commands)
        for verb in ("test", "run"):
            if said := dict(lesser.commands).get(verb):
                commands.setdefault(verb, said)
        main = replace(
            main,
            name=main.name or lesser.name,
            version=main.version or lesser.version,
            minimum=main.minimum or lesser.minimum,
            commands=ordered(commands),
        )
        known.put(replace(lesser, commands=()))
    known.put(main)
