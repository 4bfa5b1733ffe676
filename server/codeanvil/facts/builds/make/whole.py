"""A makefile and the files that it includes."""

import posixpath
from collections.abc import Iterator
from dataclasses import replace
from fnmatch import fnmatchcase

from codeanvil.facts.builds.documents import ordered
from codeanvil.facts.builds.known import Known
from codeanvil.facts.builds.make.makefile import DEFAULT_NAMES, commands_of
from codeanvil.facts.model import BuildFacts, Target


def join(known: Known) -> None:
    """A makefile has the commands for targets of the files that it includes.

    Of several makefiles in one folder only the one that `make` takes has commands.
    """
    for build in known.of("make"):
        folder, _, name = build.file.rpartition("/")
        if name not in DEFAULT_NAMES:
            continue
        if any(known.at(folder, better) for better in DEFAULT_NAMES[: DEFAULT_NAMES.index(name)]):
            known.put(replace(build, commands=()))
        else:
            _fold(build, known)


def _fold(root: BuildFacts, known: Known) -> None:
    parts = list(_parts(root, known))
    targets = [_placed(target, ".") for part in parts for target in part.targets]
    default = targets[0].name if targets and not root.targets else ""
    commands = dict(commands_of([*root.targets, *targets], default)) | dict(root.commands)
    known.put(replace(root, commands=ordered(commands)))
    for part in parts:
        if part.file.rpartition("/")[2] not in DEFAULT_NAMES:
            place = posixpath.relpath(root.folder or ".", part.folder or ".")
            known.put(replace(part, targets=tuple(_placed(target, place) for target in part.targets)))


def _parts(root: BuildFacts, known: Known) -> Iterator[BuildFacts]:
    """The files that `root` includes, and that those include; all paths are relative to the folder of `root`."""
    seen = {root.file}
    pending = [root]
    while pending:
        for name in pending.pop(0).includes:
            if "*" in name:
                pattern = posixpath.normpath(posixpath.join(root.folder, name)).replace("[", "[[]")
                found = [build for build in known.of("make") if fnmatchcase(build.file, pattern)]
            else:
                found = [build for build in (known.at(root.folder, name),) if build and build.system == "make"]
            for part in found:
                if part.file not in seen:
                    seen.add(part.file)
                    pending.append(part)
                    yield part


def _placed(target: Target, place: str) -> Target:
    if target.kind == "executable":
        path = posixpath.normpath(posixpath.join(place, target.name))
        return replace(target, command=path if path.startswith("../") else f"./{path}")
    return replace(target, command=f"make {target.name}" if place == "." else f"make -C {place} {target.name}")
