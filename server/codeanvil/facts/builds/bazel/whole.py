"""A Bazel workspace and its packages."""

import posixpath
from collections import defaultdict
from dataclasses import replace

from codeanvil.facts.builds.bazel.module import COMMANDS
from codeanvil.facts.builds.bazel.packages import placed
from codeanvil.facts.builds.documents import ordered
from codeanvil.facts.builds.known import Known
from codeanvil.facts.builds.programs import main_program
from codeanvil.facts.model import BuildFacts, Target

_ROOTS = ("MODULE.bazel", "WORKSPACE.bazel", "WORKSPACE")
_PACKAGES = frozenset({"BUILD", "BUILD.bazel"})


def join(known: Known) -> None:
    """A workspace learns from its packages what it tests and runs; their targets learn their labels.

    Of a `MODULE.bazel` and a `WORKSPACE` in one folder the first has the commands.
    """
    builds = known.of("bazel")
    roots: dict[str, BuildFacts] = {}
    for name in _ROOTS:
        for build in builds:
            if posixpath.basename(build.file) == name:
                if build.folder in roots:
                    known.put(replace(build, commands=()))
                else:
                    roots[build.folder] = build
    targets: dict[str, list[Target]] = defaultdict(list)
    for build in builds:
        root = _root_of(build.folder, roots)
        if posixpath.basename(build.file) in _PACKAGES and root is not None:
            package = build.folder[len(root) :].lstrip("/")
            made = tuple(placed(target, package) for target in build.targets)
            options = tuple(
                replace(option, name=f"--//{package}:{option.name.rpartition(':')[2]}") for option in build.options
            )
            targets[root] += made
            known.put(replace(build, targets=made, options=options))
    for folder, build in roots.items():
        known.put(_with(build, targets[folder], known))


def _root_of(folder: str, roots: dict[str, BuildFacts]) -> str | None:
    while folder not in roots:
        if not folder:
            return None
        folder = folder.rpartition("/")[0]
    return folder


def _with(build: BuildFacts, targets: list[Target], known: Known) -> BuildFacts:
    commands = {"build": COMMANDS["build"]}
    if any(target.kind == "test" for target in targets):
        commands["test"] = COMMANDS["test"]
    if program := main_program(targets, build.name):
        commands["run"] = program.command
    version = known.at(build.folder, ".bazelversion")
    if version is not None:
        known.drop(version)
    return replace(build, commands=ordered(commands), minimum=version.minimum if version else "")
