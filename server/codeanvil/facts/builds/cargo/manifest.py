"""Build facts of one `Cargo.toml`. What it inherits, and targets that are found by their place, `workspace` adds."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from codeanvil.facts.builds.cargo.commands import commands
from codeanvil.facts.builds.documents import (
    BUILD_GROUP,
    MANAGED_GROUP,
    Table,
    UnreadableError,
    begin,
    strings,
    table,
    text,
    unread,
)
from codeanvil.facts.builds.toml_document import Toml
from codeanvil.facts.model import BuildFacts, Dependency, Option, Target, TargetKind

WORKSPACE = "workspace"
"""Key of `BuildFacts.values` in a file that members inherit from; what they may inherit has keys of their own."""

INHERITED = ("version", "edition", "rust-version")
"""Keys of a package that a workspace can give; `values` says "workspace" of those that the package takes from it."""

AUTOMATIC = ("autolib", "autobins", "autoexamples", "autotests", "autobenches")
"""Keys by which a package says that targets are not to be found by their place; in `values` when they say so."""

DEFAULT_RUN = "default-run"

_TARGETS: tuple[tuple[str, TargetKind], ...] = (
    ("bin", "executable"),
    ("example", "example"),
    ("test", "test"),
    ("bench", "benchmark"),
)
_GROUPS = (
    ("dependencies", ""),
    ("dev-dependencies", "dev"),
    ("dev_dependencies", "dev"),
    ("build-dependencies", BUILD_GROUP),
    ("build_dependencies", BUILD_GROUP),
)


def read(path: str, source: bytes) -> BuildFacts:
    """What the `Cargo.toml` at `path` says. `minimum` is the oldest Rust, `standard` the edition. Never raises.

    Features are options, "on" where the default features turn them on. Members of a workspace are `subfolders`, as
    patterns; dependencies that members may take from it have the group of managed ones.
    """
    facts = begin("cargo", path, source)
    try:
        toml = Toml(source)
    except UnreadableError as error:
        return unread(facts, "TOML", error)
    package = table(toml.root, "package") or table(toml.root, "project")
    workspace = table(toml.root, "workspace")
    edition = text(package.get("edition"))
    targets = tuple(_targets(toml, text(package.get("name"))))
    facts = replace(
        facts,
        name=text(package.get("name")),
        version=text(package.get("version")),
        minimum=text(package.get("rust-version")),
        standard=f"Rust {edition}" if edition else "",
        languages=("Rust",),
        targets=targets,
        options=tuple(_features(toml)),
        dependencies=tuple(_dependencies(toml)),
        subfolders=(*strings(workspace.get("members")), *(f"!{each}" for each in strings(workspace.get("exclude")))),
        values=tuple(_values(toml.root, package, workspace)),
    )
    return replace(facts, commands=commands(facts))


def _values(root: Table, package: Table, workspace: Table) -> Iterator[tuple[str, str]]:
    if "workspace" in root:
        yield WORKSPACE, "root"
        given = table(workspace, "package")
        yield from ((f"given {key}", text(given.get(key))) for key in INHERITED if text(given.get(key)))
    yield from ((key, WORKSPACE) for key in INHERITED if table(package, key).get("workspace") is True)
    yield from ((key, "false") for key in AUTOMATIC if package.get(key) is False)
    if default := text(package.get(DEFAULT_RUN)):
        yield DEFAULT_RUN, default


def _targets(toml: Toml, package: str) -> Iterator[Target]:
    library = table(toml.root, "lib")
    if library:
        name = text(library.get("name")) or package.replace("-", "_")
        if name:
            yield Target(name, "library", toml.line("lib"), (text(library.get("path")) or "src/lib.rs",))
    for key, kind in _TARGETS:
        listed = toml.root.get(key)
        for i, each in enumerate(listed if isinstance(listed, list) else ()):
            if name := text(table(each).get("name")):
                path = text(table(each).get("path"))
                yield Target(name, kind, toml.line(key, i, "name"), (path,) if path else ())


def _features(toml: Toml) -> Iterator[Option]:
    features = table(toml.root, "features")
    on = _turned_on(features)
    for name, wanted in features.items():
        if name != "default":
            also = strings(wanted)
            doc = f"Turns on {', '.join(also)}." if also else ""
            yield Option(name, "on" if name in on else "off", toml.line("features", name), doc)


def _turned_on(features: Table) -> set[str]:
    """The features that the default ones come to."""
    on: set[str] = set()
    pending = ["default"]
    while pending:
        name = pending.pop()
        if name not in on:
            on.add(name)
            pending += strings(features.get(name))
    return on


def _dependencies(toml: Toml) -> Iterator[Dependency]:
    for key, group in _GROUPS:
        yield from _listed(toml, group, key)
    for platform in table(toml.root, "target"):
        for key, group in _GROUPS:
            yield from _listed(toml, group or platform, "target", platform, key)
    yield from _listed(toml, MANAGED_GROUP, "workspace", "dependencies")


def _listed(toml: Toml, group: str, *path: str) -> Iterator[Dependency]:
    for name, wanted in table(toml.root, *path).items():
        yield _dependency(name, wanted, group, toml.line(*path, name))


def _dependency(name: str, wanted: Any, group: str, line: int) -> Dependency:
    """One dependency, by the name of its package where it has another one here; without a version if inherited."""
    details: Mapping[str, Any] = wanted if isinstance(wanted, Mapping) else {"version": wanted}
    version = next((found for key in ("version", "git", "path") if (found := text(details.get(key)))), "")
    if details.get("optional") is True and not group:
        group = "optional"
    features = strings(details.get("features"))
    return Dependency(
        text(details.get("package")) or name, "" if version == "*" else version, line, group, tuple(features)
    )
