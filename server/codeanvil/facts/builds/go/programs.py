"""The programs of a Go module, which its folders tell and not its `go.mod`; and workspaces of modules."""

import posixpath
import re
from collections import defaultdict
from dataclasses import replace

from codeanvil.facts.builds.documents import ordered
from codeanvil.facts.builds.known import Known
from codeanvil.facts.builds.programs import main_program
from codeanvil.facts.model import BuildFacts, Target

_PASSED_OVER = frozenset({"vendor", "testdata", "node_modules"})


def join(known: Known) -> None:
    """A module learns which folders hold a `main.go`: they are its programs.

    Where a workspace lies beside it, that one has the commands.
    """
    mains: dict[str, list[str]] = defaultdict(list)
    modules = {build.file: build for build in known.of("go") if build.file.rpartition("/")[2] == "go.mod"}
    for path in sorted(known.sources, key=lambda path: (path.count("/"), path)) if modules else ():
        folder, _, name = path.rpartition("/")
        if name == "main.go" and not _PASSED_OVER & set(folder.split("/")):
            module = next(known.above(folder, "go.mod"), None)
            if module is not None:
                mains[module.file].append(folder)
    for build in modules.values():
        known.put(_with_programs(build, mains[build.file]))
        workspace = known.at(build.folder, "go.work")
        if workspace is not None and workspace.commands:
            known.put(replace(workspace, name=workspace.name or build.name))
            known.put(replace(known.builds[build.file], commands=()))


def _with_programs(build: BuildFacts, folders: list[str]) -> BuildFacts:
    targets = [_program(build, folder) for folder in folders]
    commands = dict(build.commands)
    if targets:
        commands["install"] = "go install ./..."
        if program := main_program(targets, _base(build.name)):
            commands["run"] = program.command
    return replace(build, targets=tuple(targets), commands=ordered(commands), installs=bool(targets))


def _program(build: BuildFacts, folder: str) -> Target:
    below = posixpath.relpath(folder or ".", build.folder or ".")
    name = _base(build.name) if below == "." else posixpath.basename(below)
    source = posixpath.normpath(posixpath.join(below, "main.go"))
    return Target(name or "main", "executable", 1, (source,), (), "go run ." if below == "." else f"go run ./{below}")


def _base(module: str) -> str:
    """The name of the program that lies in a module's own folder."""
    return posixpath.basename(re.sub(r"/v\d+\Z", "", module))
