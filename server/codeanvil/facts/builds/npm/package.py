"""Build facts of one `package.json`. Which manager's it is, where it does not say so, `workspace` finds out."""

import posixpath
from collections.abc import Iterator
from dataclasses import replace

from codeanvil.facts.builds.documents import Table, UnreadableError, begin, runs, strings, table, text, unread
from codeanvil.facts.builds.json_document import Json
from codeanvil.facts.builds.npm.catalogs import catalogued, catalogues
from codeanvil.facts.builds.npm.managers import DEFAULT, MANAGERS, commands, with_manager
from codeanvil.facts.builds.versions import oldest
from codeanvil.facts.model import BuildFacts, Dependency, Target

MANAGER = "packageManager"
"""Key of `BuildFacts.values` for the manager that the file names, as in "yarn@4.1.0"."""

GROUPS = (
    ("dependencies", ""),
    ("devDependencies", "dev"),
    ("peerDependencies", "peer"),
    ("optionalDependencies", "optional"),
)


def read(path: str, source: bytes) -> BuildFacts:
    """What the `package.json` at `path` says. `minimum` is the oldest Node.js. Never raises.

    Scripts and programs are targets. Folders of a workspace are `subfolders`, as patterns.
    """
    facts = begin(DEFAULT, path, source)
    try:
        json = Json(source)
    except UnreadableError as error:
        return unread(facts, "JSON", error)
    root = json.root
    named = text(root.get(MANAGER))
    manager = named.partition("@")[0]
    manager = manager if manager in MANAGERS else DEFAULT
    targets = tuple(with_manager(target, manager) for target in _targets(json))
    dependencies = tuple(_dependencies(json))
    workspaces = root.get("workspaces")
    is_package = bool(targets or dependencies or root.get("name") or workspaces)
    return replace(
        facts,
        system=manager,
        name=text(root.get("name")),
        version=text(root.get("version")),
        minimum=oldest(text(table(root, "engines").get("node"))),
        languages=_languages(dependencies),
        targets=targets,
        dependencies=(*dependencies, *catalogued(json, "workspaces"), *catalogued(json)),
        subfolders=tuple(strings(workspaces) or strings(table(root, "workspaces").get("packages"))),
        commands=commands(manager, targets) if is_package else (),
        values=(
            *(((MANAGER, named),) if named.partition("@")[0] in MANAGERS else ()),
            *catalogues(table(root, "workspaces")),
            *catalogues(root),
        ),
    )


def _languages(dependencies: tuple[Dependency, ...]) -> tuple[str, ...]:
    typed = any(dependency.name == "typescript" for dependency in dependencies)
    return ("JavaScript", "TypeScript") if typed else ("JavaScript",)


def _targets(json: Json) -> Iterator[Target]:
    name = text(json.root.get("name"))
    for key in ("main", "module"):
        if path := text(json.root.get(key)):
            if name:
                yield Target(name, "library", json.line(key), (posixpath.normpath(path),))
            break
    for program, path in _programs(json.root, name):
        yield Target(program, "executable", json.line("bin", program), (posixpath.normpath(path),))
    for script, value in table(json.root, "scripts").items():
        if script and (body := text(value)):
            is_test = script == "test" or script.startswith("test:")
            yield Target(script, "test" if is_test else "script", json.line("scripts", script), doc=runs(body))


def _programs(root: Table, name: str) -> Iterator[tuple[str, str]]:
    """What `bin` installs: one program of the package's name, or several by name."""
    single = text(root.get("bin"))
    if single and name:
        yield name.rpartition("/")[2], single
    yield from ((program, path) for program, each in table(root, "bin").items() if program and (path := text(each)))


def _dependencies(json: Json) -> Iterator[Dependency]:
    optional = table(json.root, "optionalDependencies")
    for key, group in GROUPS:
        for name, value in table(json.root, key).items():
            if not name or (not group and name in optional):
                continue
            version = text(value)
            yield Dependency(name, "" if version in {"*", "latest"} else version, json.line(key, name), group)
