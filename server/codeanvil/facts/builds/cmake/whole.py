"""A CMake project and the folders that it adds."""

import posixpath
from dataclasses import replace

from codeanvil.facts.builds.cmake.targets import runnable
from codeanvil.facts.builds.documents import ordered
from codeanvil.facts.builds.known import Known
from codeanvil.facts.model import BuildFacts, Target

_PROJECT_NAME = ("${PROJECT_NAME}", "${CMAKE_PROJECT_NAME}")


def join(known: Known) -> None:
    """A project learns from the folders that it adds what it runs, tests and installs.

    The targets of those folders learn the project's name and the path of their executables, unless the folder is a
    project too. Every target stays with the file that defines it.
    """
    for root in known.of("cmake"):
        if root.commands:
            _fold(root, known)


def _fold(root: BuildFacts, known: Known) -> None:
    root = known.builds[root.file]
    targets = list(root.targets)
    installs = False
    for part in list(known.added(root, "CMakeLists.txt", projects=True)):
        below = posixpath.relpath(part.folder or ".", root.folder or ".")
        place = root.runtime_folder or posixpath.join("build", below)
        placed = tuple(_placed(target, root.name, place) for target in part.targets)
        targets += placed
        if not part.commands:
            known.put(replace(part, targets=placed))
        installs = installs or part.installs
    commands = dict(root.commands)
    if any(target.kind == "test" for target in targets):
        commands.setdefault("test", "ctest --test-dir build")
    if programs := runnable(targets):
        commands.setdefault("run", programs[0].command)
    if installs:
        commands.setdefault("install", "cmake --install build")
    known.put(replace(root, commands=ordered(commands)))


def _placed(target: Target, project: str, place: str) -> Target:
    name = target.name
    for variable in _PROJECT_NAME:
        name = name.replace(variable, project)
    if target.kind == "executable" or (target.kind == "test" and target.sources):
        return replace(target, name=name, command=f"./{place}/{name}")
    return replace(target, name=name)
