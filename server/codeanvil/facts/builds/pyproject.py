"""Build facts of a `pyproject.toml`: PEP 621, PEP 735, and Poetry's own tables."""

import hashlib
import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name

from codeanvil.facts.model import BuildFacts, Dependency, Target
from codeanvil.facts.text import decode

BUILD_GROUP = "build"
"""Group of what the build itself needs, `[build-system] requires`."""

_Table = Mapping[str, Any]
_HEADER = re.compile(r"\s*\[+\s*([^\[\]]+?)\s*\]+\s*(?:#.*)?$")
_KEY = re.compile(r"""\s*(?:"([^"]+)"|'([^']+)'|([\w.-]+))\s*=""")
_CARET = re.compile(r"[\^~]=?\s*(\d[\w.]*)")
_TESTERS = ("tox", "nox", "pytest")


def read(path: str, source: bytes) -> BuildFacts:
    """What the `pyproject.toml` at `path` says. `minimum` is the oldest Python, as in "3.11".

    A file that holds nothing but settings of tools has neither name nor commands. Never raises: what is no TOML is
    told in `problem`.
    """
    folder = path.rpartition("/")[0]
    sha = hashlib.sha256(source).hexdigest()
    text = decode(source)
    try:
        document = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        problem = f"{path} is not valid TOML: {error or 'it is nested too deep'}. Mend the file to have its facts."
        return BuildFacts("pyproject", path, folder, sha, problem=problem)
    lines = _Lines(text)
    project, poetry = _table(document, "project"), _table(document, "tool", "poetry")
    dependencies = tuple(_dependencies(document, lines))
    return BuildFacts(
        system="pyproject",
        file=path,
        folder=folder,
        sha=sha,
        name=_text(project.get("name")) or _text(poetry.get("name")),
        version=_text(project.get("version")) or _text(poetry.get("version")),
        minimum=_minimum(project, poetry),
        languages=("Python",),
        targets=tuple(_scripts(project, poetry, lines)),
        dependencies=dependencies,
        subfolders=tuple(_strings(_table(document, "tool", "uv", "workspace").get("members"))),
        commands=_commands(document, dependencies),
    )


class _Lines:
    """Where a table's key or a string stands, since a TOML parser does not say it."""

    def __init__(self, text: str) -> None:
        self._lines: list[tuple[str, str, str]] = []
        table = ""
        for line in text.splitlines():
            if (header := _HEADER.match(line)) and "=" not in header[1]:
                table = header[1].replace('"', "").replace("'", "").replace(" ", "")
            key = _KEY.match(line)
            self._lines.append((table, (key[1] or key[2] or key[3]) if key else "", line))

    def of_key(self, table: str, key: str) -> int:
        """Line of `key` in `table`, of the table where the key is not written on a line of its own, else 0."""
        first = 0
        for number, (inside, name, _) in enumerate(self._lines, 1):
            if inside == table or inside.startswith(table + "."):
                first = first or number
                if (inside == table and name in (key, f'"{key}"')) or inside == f"{table}.{key}":
                    return number
        return first

    def of_text(self, table: str, value: str, after: int = 0) -> int:
        """First line in `table` that holds `value` in quotes, from line `after` on; 0 where there is none."""
        quoted = (f'"{value}"', f"'{value}'")
        for number, (inside, _, line) in enumerate(self._lines, 1):
            if number >= after and inside == table and any(form in line for form in quoted):
                return number
        return 0


def _dependencies(document: _Table, lines: _Lines) -> Iterator[Dependency]:
    project, poetry = _table(document, "project"), _table(document, "tool", "poetry")
    yield from _requirements(project.get("dependencies"), "", "project", "dependencies", lines)
    for group, values in _table(project, "optional-dependencies").items():
        yield from _requirements(values, group, "project.optional-dependencies", group, lines)
    for group, values in _table(document, "dependency-groups").items():
        yield from _requirements(values, group, "dependency-groups", group, lines)
    for group, values in _table(document, "tool", "pdm", "dev-dependencies").items():
        yield from _requirements(values, group, "tool.pdm.dev-dependencies", group, lines)
    uv = _table(document, "tool", "uv")
    yield from _requirements(uv.get("dev-dependencies"), "dev", "tool.uv", "dev-dependencies", lines)
    yield from _poetry(_table(poetry, "dependencies"), "", "tool.poetry.dependencies", lines)
    yield from _poetry(_table(poetry, "dev-dependencies"), "dev", "tool.poetry.dev-dependencies", lines)
    for group in _table(poetry, "group"):
        table = f"tool.poetry.group.{group}.dependencies"
        yield from _poetry(_table(poetry, "group", group, "dependencies"), group, table, lines)
    build = _table(document, "build-system")
    yield from _requirements(build.get("requires"), BUILD_GROUP, "build-system", "requires", lines)


def _requirements(values: Any, group: str, table: str, key: str, lines: _Lines) -> Iterator[Dependency]:
    """Dependencies of a list of PEP 508 requirements; what is none of them is passed over."""
    start = lines.of_key(table, key)
    for value in _strings(values):
        try:
            requirement = Requirement(value)
        except InvalidRequirement:
            continue
        written = re.match(r"[\w.-]+\s*(?:\[[^\]]*\])?\s*\(?([^;@)]*)", value)
        version = requirement.url or (written[1].strip() if written else str(requirement.specifier))
        line = lines.of_text(table, value, start) or start
        yield Dependency(requirement.name, version, line, group, tuple(sorted(requirement.extras)))


def _poetry(table: _Table, group: str, name: str, lines: _Lines) -> Iterator[Dependency]:
    for package, constraints in table.items():
        if package == "python":
            continue
        wanted = constraints[0] if isinstance(constraints, list) and constraints else constraints
        details = wanted if isinstance(wanted, Mapping) else {"version": wanted}
        version = _text(details.get("version")) or _text(details.get("git")) or _text(details.get("path"))
        extras = tuple(_strings(details.get("extras")))
        yield Dependency(package, "" if version == "*" else version, lines.of_key(name, package), group, extras)


def _scripts(project: _Table, poetry: _Table, lines: _Lines) -> Iterator[Target]:
    for owner, prefix in ((project, "project"), (poetry, "tool.poetry")):
        for table in ("scripts", "gui-scripts"):
            for name, value in _table(owner, table).items():
                target = value.get("reference") or value.get("callable") if isinstance(value, Mapping) else value
                yield Target(name, "script", lines.of_key(f"{prefix}.{table}", name), command=_text(target))


def _minimum(project: _Table, poetry: _Table) -> str:
    """The oldest Python that is allowed; the constraint as written where it names no oldest."""
    written = _text(project.get("requires-python")) or _text(_table(poetry, "dependencies").get("python"))
    if caret := _CARET.match(written):
        return caret[1]
    try:
        bounds = [s.version.removesuffix(".*") for s in SpecifierSet(written) if s.operator in {">=", "~=", "==", ">"}]
    except InvalidSpecifier:
        return written
    return bounds[0] if bounds else written


def _commands(document: _Table, dependencies: tuple[Dependency, ...]) -> tuple[tuple[str, str], ...]:
    project, poetry = _table(document, "project"), _table(document, "tool", "poetry")
    if not (project or poetry.get("name") or "build-system" in document):
        return ()
    commands = [("install", "pip install -e ."), ("build", "python -m build")]
    tools = _table(document, "tool")
    known = {canonicalize_name(dependency.name) for dependency in dependencies} | set(tools)
    if tester := next((tester for tester in _TESTERS if tester in known), None):
        commands.append(("test", tester))
    scripts = [*_table(project, "scripts"), *_table(poetry, "scripts"), *_table(project, "gui-scripts")]
    commands += [("run", script) for script in scripts[:1]]
    return tuple(commands)


def _table(document: _Table, *keys: str) -> _Table:
    """The table below `keys`; an empty one where there is none."""
    found: Any = document
    for key in keys:
        found = found.get(key) if isinstance(found, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _strings(values: Any) -> list[str]:
    return [value for value in values if isinstance(value, str)] if isinstance(values, list) else []
