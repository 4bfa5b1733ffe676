"""What build files say together."""

import posixpath
from collections.abc import Iterator, Sequence
from dataclasses import replace

from codeanvil.facts.builds.cmake.targets import runnable
from codeanvil.facts.model import BuildFacts, Target

_PROJECT_NAME = ("${PROJECT_NAME}", "${CMAKE_PROJECT_NAME}")


def combine(facts: Sequence[BuildFacts]) -> tuple[BuildFacts, ...]:
    """The same facts, in the same order, each knowing what the others say.

    A CMake project learns from the folders that it adds what it runs, tests and installs; the targets of those folders
    learn the project's name and the path of their executables, unless the folder is a project too. Every target stays
    with the file that defines it.
    """
    known = {build.file: build for build in facts}
    for root in facts:
        if root.system == "cmake" and root.commands:
            _fold(root, known)
    return tuple(known[build.file] for build in facts)


def _fold(root: BuildFacts, known: dict[str, BuildFacts]) -> None:
    targets = list(known[root.file].targets)
    installs = False
    for part in list(_parts(root, known)):
        below = posixpath.relpath(part.folder or ".", root.folder or ".")
        place = root.runtime_folder or posixpath.join("build", below)
        placed = tuple(_placed(target, root.name, place) for target in part.targets)
        targets += placed
        if not part.commands:
            known[part.file] = replace(part, targets=placed)
        installs = installs or part.installs
    commands = dict(root.commands)
    if any(target.kind == "test" for target in targets):
        commands.setdefault("test", "ctest --test-dir build")
    if programs := runnable(targets):
        commands.setdefault("run", programs[0].command)
    if installs:
        commands.setdefault("install", "cmake --install build")
    order = [verb for verb in ("configure", "build", "test", "run", "install") if verb in commands]
    known[root.file] = replace(root, commands=tuple((verb, commands[verb]) for verb in order))


def _parts(root: BuildFacts, known: dict[str, BuildFacts]) -> Iterator[BuildFacts]:
    """The files of the folders that `root` adds, and that those add."""
    seen = {root.file}
    pending = [root]
    while pending:
        build = pending.pop(0)
        for folder in build.subfolders:
            part = known.get(posixpath.normpath(posixpath.join(build.folder, folder, "CMakeLists.txt")))
            if part is not None and part.file not in seen:
                seen.add(part.file)
                pending.append(part)
                yield part


def _placed(target: Target, project: str, place: str) -> Target:
    name = target.name
    for variable in _PROJECT_NAME:
        name = name.replace(variable, project)
    if target.kind == "executable" or (target.kind == "test" and target.sources):
        return replace(target, name=name, command=f"./{place}/{name}")
    return replace(target, name=name)
