"""Cargo's files together: what members inherit, and the targets that Cargo finds by where sources lie."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from codeanvil.facts.builds.cargo.commands import commands
from codeanvil.facts.builds.cargo.manifest import INHERITED, WORKSPACE
from codeanvil.facts.builds.documents import MANAGED_GROUP
from codeanvil.facts.builds.known import Known
from codeanvil.facts.model import BuildFacts, Dependency, Target, TargetKind

_PLACE = re.compile(
    r"(?:(?P<folder>.+?)/)??(?:(?P<main>src/(?:lib|main))|(?P<kind>src/bin|examples|tests|benches)/(?P<name>[^/]+?)(?:/main)?)\.rs"
)
_KINDS: dict[str, tuple[TargetKind, str]] = {
    "src/bin": ("executable", "autobins"),
    "examples": ("example", "autoexamples"),
    "tests": ("test", "autotests"),
    "benches": ("benchmark", "autobenches"),
}


def join(known: Known) -> None:
    """Packages inherit from the nearest workspace around them, and learn their targets; workspaces, their members."""
    placed = _placed(known.sources) if known.of("cargo") else {}
    for build in known.of("cargo"):
        roots = (each for each in known.above(build.folder, "Cargo.toml") if WORKSPACE in dict(each.values))
        root = next(roots, None)
        package = _inheriting(build, root) if root else build
        package = replace(package, targets=(*package.targets, *_found(package, placed.get(package.folder, ()))))
        known.put(replace(package, commands=commands(package)))
    for root in known.of("cargo"):
        if WORKSPACE in dict(root.values):
            members = known.matching(root.folder, root.subfolders, "Cargo.toml")
            start = len(root.folder) + 1 if root.folder else 0
            known.put(
                replace(
                    root if root.name else _giving(root),
                    subfolders=tuple(member.folder[start:] for member in members),
                    commands=commands(root, has_members=bool(members), runs=_running(members)),
                )
            )


def _giving(root: BuildFacts) -> BuildFacts:
    """A workspace that is no package itself, with what it gives its members."""
    version, edition, oldest = (dict(root.values).get(f"given {key}", "") for key in INHERITED)
    return replace(root, version=version, standard=f"Rust {edition}" if edition else "", minimum=oldest)


def _inheriting(package: BuildFacts, root: BuildFacts) -> BuildFacts:
    own, given = dict(package.values), dict(root.values)
    version, edition, oldest = (given.get(f"given {key}", "") if own.get(key) == WORKSPACE else "" for key in INHERITED)
    managed = {item.name: item for item in root.dependencies if item.group == MANAGED_GROUP}
    return replace(
        package,
        version=package.version or version,
        standard=package.standard or (f"Rust {edition}" if edition else ""),
        minimum=package.minimum or oldest,
        dependencies=tuple(_versioned(item, managed.get(item.name)) for item in package.dependencies),
    )


def _versioned(item: Dependency, managed: Dependency | None) -> Dependency:
    """A dependency without a version of its own is one that the workspace gives."""
    if item.version or managed is None:
        return item
    components = tuple(dict.fromkeys((*managed.components, *item.components)))
    return replace(item, version=managed.version, components=components)


def _placed(sources: Iterable[str]) -> dict[str, list[str]]:
    """Sources that lie where Cargo looks for targets, by the folder of the package, relative to it."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for path in sorted(sources):
        if path.endswith(".rs") and (match := _PLACE.fullmatch(path)):
            folder = match["folder"] or ""
            found[folder].append(path[len(folder) + 1 :] if folder else path)
    return found


def _found(package: BuildFacts, places: Sequence[str]) -> list[Target]:
    if not package.name:
        return []
    values = dict(package.values)
    known = {(target.kind, target.name) for target in package.targets}
    paths = {source for target in package.targets for source in target.sources}
    has_library = any(target.kind == "library" for target in package.targets)
    found = []
    for path in places:
        match = _PLACE.fullmatch(path)
        if match is None or path in paths:
            continue
        if match["main"] == "src/lib":
            target, key = Target(package.name.replace("-", "_"), "library", 0, (path,)), "autolib"
            if has_library:
                continue
        elif match["main"]:
            target, key = Target(package.name, "executable", 0, (path,)), "autobins"
        else:
            kind, key = _KINDS[match["kind"]]
            target = Target(match["name"], kind, 0, (path,))
        if key not in values and (target.kind, target.name) not in known:
            found.append(target)
    return found


def _running(members: Sequence[BuildFacts]) -> str:
    """How to start a program of the workspace: without a name where it has but one."""
    able = [member for member in members if any(target.kind == "executable" for target in member.targets)]
    programs = sum(target.kind == "executable" for member in able for target in member.targets)
    if not able:
        return ""
    return "cargo run" if programs == 1 else f"cargo run -p {able[0].name}"
