"""What a user types to install, build, test and run a Python project with the tool that manages it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from codeanvil.facts.builds.documents import ordered


@dataclass(frozen=True, slots=True)
class Tool:
    """Commands of a tool; `within` comes before a command that is run in the environment it keeps."""

    install: str
    build: str = "python -m build"
    within: str = ""


PIP = "pip"
"""The tool of projects that name none."""

TOOLS: Mapping[str, Tool] = MappingProxyType(
    {
        PIP: Tool("pip install -e ."),
        "poetry": Tool("poetry install", "poetry build", "poetry run "),
        "uv": Tool("uv sync", "uv build", "uv run "),
        "pdm": Tool("pdm install", "pdm build", "pdm run "),
        "hatch": Tool("pip install -e .", "hatch build", "hatch run "),
        "pipenv": Tool("pipenv install --dev", within="pipenv run "),
    }
)

TESTERS = ("tox", "nox", "pytest")
"""Those who run tests, the outermost first."""

Commands = tuple[tuple[str, str], ...]


def commands(tool: str, *, package: bool, tester: str = "", script: str = "") -> Commands:
    """The commands of a project; one that is no `package` is not built."""
    known = TOOLS[tool]
    return ordered(
        {
            "install": known.install,
            "build": known.build if package else "",
            "test": known.within + tester if tester else "",
            "run": known.within + script if script else "",
        }
    )


def by_other_tool(present: Commands, before: str, after: str) -> Commands:
    """The same commands, given by the tool `after` instead of `before`."""
    old, new = TOOLS[before], TOOLS[after]
    changed = {verb: new.within + command.removeprefix(old.within) for verb, command in present}
    if "build" in changed:
        changed["build"] = new.build
    if "install" in changed:
        changed["install"] = new.install
    return ordered(changed)


def tester_of(names: Iterable[str]) -> str:
    """Who runs the tests of a project that has these tools and requirements (normalised names); '' for nobody."""
    known: Collection[str] = set(names)
    return next((tester for tester in TESTERS if tester in known), "")
