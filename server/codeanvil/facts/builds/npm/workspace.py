"""Packages of JavaScript together: which manager they are for, members of workspaces, versions from catalogues."""

from collections.abc import Sequence
from dataclasses import replace

from codeanvil.facts.builds import locks
from codeanvil.facts.builds.known import Known
from codeanvil.facts.builds.npm.catalogs import SCHEME, version_of
from codeanvil.facts.builds.npm.managers import DEFAULT, SYSTEMS, commands, with_manager
from codeanvil.facts.builds.npm.package import MANAGER
from codeanvil.facts.model import BuildFacts

_PACKAGE = "package.json"
_PNPM = "pnpm-workspace.yaml"
_MODERN_YARN = "yarn workspaces foreach -A run {}"


def join(known: Known) -> None:
    """Members of a workspace have its manager and its catalogues' versions; others that of their own lock file."""
    packages = [build for build in known.of(*SYSTEMS) if build.file.rpartition("/")[2] == _PACKAGE]
    members = {root.file: _members(root, known) for root in packages}
    roots = {member.file: root for root in packages for member in members[root.file]}
    for package in packages:
        root = roots.get(package.file)
        manager = _manager(package, known) or (_manager(root, known) if root else "") or DEFAULT
        known.put(_catalogued(_managed(package, manager), root or package, known))
    for root in packages:
        if members[root.file]:
            known.put(_whole(known.builds[root.file], [known.builds[member.file] for member in members[root.file]]))
    for workspace in known.of("pnpm"):
        if workspace.file.rpartition("/")[2] == _PNPM:
            found = known.matching(workspace.folder, workspace.subfolders, _PACKAGE)
            known.put(replace(workspace, subfolders=_below(workspace, found)))


def _members(root: BuildFacts, known: Known) -> list[BuildFacts]:
    beside = known.at(root.folder, _PNPM)
    return known.matching(root.folder, (*root.subfolders, *(beside.subfolders if beside else ())), _PACKAGE)


def _manager(package: BuildFacts, known: Known) -> str:
    """The manager that a folder shows: by the package's own word, a lock file, or pnpm's workspace; '' for none."""
    if MANAGER in dict(package.values):
        return package.system
    lock = locks.tool_of(known, package.folder, frozenset(SYSTEMS))
    return lock or ("pnpm" if known.at(package.folder, _PNPM) else "")


def _managed(package: BuildFacts, manager: str) -> BuildFacts:
    targets = tuple(with_manager(target, manager) for target in package.targets)
    told = commands(manager, targets) if package.commands else ()
    return replace(package, system=manager, targets=targets, commands=told)


def _catalogued(package: BuildFacts, root: BuildFacts, known: Known) -> BuildFacts:
    if not any(dependency.version.startswith(SCHEME) for dependency in package.dependencies):
        return package
    beside = known.at(root.folder, _PNPM)
    values = {**dict(root.values), **(dict(beside.values) if beside else {})}
    return replace(
        package,
        dependencies=tuple(
            replace(each, version=version_of(values, each.name, each.version))
            if each.version.startswith(SCHEME)
            else each
            for each in package.dependencies
        ),
    )


def _whole(root: BuildFacts, members: Sequence[BuildFacts]) -> BuildFacts:
    told = commands(root.system, root.targets, members)
    if root.system == "yarn" and _is_modern(root):
        told = tuple(
            (verb, _MODERN_YARN.format(verb) if "workspaces run" in command else command) for verb, command in told
        )
    return replace(root, subfolders=_below(root, members), commands=told)


def _is_modern(root: BuildFacts) -> bool:
    """Whether the Yarn is not the first, whose commands were others."""
    return dict(root.values).get(MANAGER, "yarn@1").partition("@")[2].partition(".")[0] not in {"", "0", "1"}


def _below(root: BuildFacts, members: Sequence[BuildFacts]) -> tuple[str, ...]:
    start = len(root.folder) + 1 if root.folder else 0
    return tuple(member.folder[start:] for member in members)
