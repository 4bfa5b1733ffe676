"""Build facts of a `pyproject.toml`: PEP 621, PEP 735, and the tables of Poetry, uv, PDM and Hatch."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from packaging.utils import canonicalize_name

from codeanvil.facts.builds.documents import BUILD_GROUP, Table, UnreadableError, begin, strings, table, text, unread
from codeanvil.facts.builds.python import tools
from codeanvil.facts.builds.python.requirement import oldest, requirements
from codeanvil.facts.builds.python.tasks import tasks
from codeanvil.facts.builds.toml_document import Toml
from codeanvil.facts.model import BuildFacts, Dependency, Target

TOOL = "tool"
"""Key of `BuildFacts.values` for the tool that the file itself says manages the project."""

_BACKENDS = {"poetry": "poetry", "uv_build": "uv", "pdm": "pdm"}


def read(path: str, source: bytes) -> BuildFacts:
    """What the `pyproject.toml` at `path` says. `minimum` is the oldest Python, as in "3.11".

    A file that holds nothing but settings of tools has neither name nor commands. Never raises: what is no TOML is
    told in `problem`.
    """
    facts = begin("pyproject", path, source)
    try:
        toml = Toml(source)
    except UnreadableError as error:
        return unread(facts, "TOML", error)
    project, poetry = table(toml.root, "project"), table(toml.root, "tool", "poetry")
    backend = text(table(toml.root, "build-system").get("build-backend"))
    dependencies = tuple(_sourced(_dependencies(toml), table(toml.root, "tool", "uv", "sources")))
    scripts = tuple(_scripts(toml))
    tool = _tool(toml.root, backend)
    return replace(
        facts,
        name=text(project.get("name")) or text(poetry.get("name")),
        version=text(project.get("version")) or text(poetry.get("version")),
        minimum=oldest(text(project.get("requires-python")) or text(table(poetry, "dependencies").get("python"))),
        languages=("Python", "Rust") if backend == "maturin" else ("Python",),
        targets=scripts + tuple(tasks(toml)),
        dependencies=dependencies,
        subfolders=tuple(_members(toml.root)),
        commands=_commands(toml.root, tool, dependencies, scripts),
        values=((TOOL, tool),),
    )


def _tool(root: Table, backend: str) -> str:
    """The tool that manages the project: by its backend, else by its own table."""
    named = _BACKENDS.get(backend.partition(".")[0])
    known = table(root, "tool")
    if named is None and "envs" in table(known, "hatch"):
        named = "hatch"
    return named or next((tool for tool in ("poetry", "uv", "pdm") if tool in known), tools.PIP)


def _members(root: Table) -> Iterator[str]:
    """Folders of a workspace, as patterns."""
    for tool in ("uv", "rye"):
        yield from strings(table(root, "tool", tool, "workspace").get("members"))


def _dependencies(toml: Toml) -> Iterator[Dependency]:
    root = toml.root
    yield from _listed(toml, "", "project", "dependencies")
    for group in table(root, "project", "optional-dependencies"):
        yield from _listed(toml, group, "project", "optional-dependencies", group)
    for group in table(root, "dependency-groups"):
        yield from _listed(toml, group, "dependency-groups", group)
    for group in table(root, "tool", "pdm", "dev-dependencies"):
        yield from _listed(toml, group, "tool", "pdm", "dev-dependencies", group)
    for tool in ("uv", "rye"):
        yield from _listed(toml, "dev", "tool", tool, "dev-dependencies")
    for environment in table(root, "tool", "hatch", "envs"):
        for key in ("dependencies", "extra-dependencies"):
            yield from _listed(toml, environment, "tool", "hatch", "envs", environment, key)
    yield from _poetry(toml, "", "tool", "poetry", "dependencies")
    yield from _poetry(toml, "dev", "tool", "poetry", "dev-dependencies")
    for group in table(root, "tool", "poetry", "group"):
        yield from _poetry(toml, group, "tool", "poetry", "group", group, "dependencies")
    yield from _listed(toml, BUILD_GROUP, "build-system", "requires")


def _listed(toml: Toml, group: str, *path: str) -> Iterator[Dependency]:
    """Dependencies of a list of requirements; what is none of them is passed over."""
    values = strings(table(toml.root, *path[:-1]).get(path[-1]))
    yield from requirements(values, group, lambda value: toml.line_of_text(value, *path))


def _poetry(toml: Toml, group: str, *path: str) -> Iterator[Dependency]:
    for package, constraints in table(toml.root, *path).items():
        if package == "python":
            continue
        wanted = constraints[0] if isinstance(constraints, list) and constraints else constraints
        details = wanted if isinstance(wanted, Mapping) else {"version": wanted}
        version = text(details.get("version")) or text(details.get("git")) or text(details.get("path"))
        extras = tuple(strings(details.get("extras")))
        yield Dependency(package, "" if version == "*" else version, toml.line(*path, package), group, extras)


def _sourced(dependencies: Iterator[Dependency], sources: Table) -> Iterator[Dependency]:
    """Each dependency once a group; those without a version have the place that `tool.uv.sources` gives them."""
    places = {canonicalize_name(name): _place(value) for name, value in sources.items()}
    seen: set[tuple[str, str]] = set()
    for dependency in dependencies:
        name = canonicalize_name(dependency.name)
        if dependency.version or (name, dependency.group) not in seen:
            seen.add((name, dependency.group))
            yield replace(dependency, version=dependency.version or places.get(name, ""))


def _place(source: Any) -> str:
    first = source[0] if isinstance(source, list) and source else source
    details = first if isinstance(first, Mapping) else {}
    return next((place for key in ("git", "url", "path") if (place := text(details.get(key)))), "")


def _scripts(toml: Toml) -> Iterator[Target]:
    for path in (("project",), ("tool", "poetry")):
        for key in ("scripts", "gui-scripts"):
            for name, value in table(toml.root, *path, key).items():
                target = value.get("reference") or value.get("callable") if isinstance(value, Mapping) else value
                yield Target(name, "script", toml.line(*path, key, name), command=text(target))


def _commands(
    root: Table, tool: str, dependencies: tuple[Dependency, ...], scripts: tuple[Target, ...]
) -> tools.Commands:
    project, poetry = table(root, "project"), table(root, "tool", "poetry")
    if not (project or poetry.get("name") or "build-system" in root or "workspace" in table(root, "tool", "uv")):
        return ()
    known = {canonicalize_name(dependency.name) for dependency in dependencies} | set(table(root, "tool"))
    script = scripts[0].name if scripts else ""
    return tools.commands(tool, package=_is_package(root, tool), tester=tools.tester_of(known), script=script)


def _is_package(root: Table, tool: str) -> bool:
    """Whether the project can be built: some are only a set of scripts with requirements."""
    if tool == "poetry" and table(root, "tool", "poetry").get("package-mode") is False:
        return False
    if tool == "uv":
        said = table(root, "tool", "uv").get("package")
        return said is True or (said is None and "build-system" in root)
    return tool != "pdm" or table(root, "tool", "pdm").get("distribution", "build-system" in root) is not False
