"""A `configure.ac` and the makefiles that are made by it."""

import posixpath
from collections.abc import Iterator
from dataclasses import replace

from codeanvil.facts.builds.documents import ordered
from codeanvil.facts.builds.known import Known
from codeanvil.facts.builds.make.makefile import commands_of
from codeanvil.facts.builds.programs import main_program
from codeanvil.facts.model import BuildFacts

_PARTS = ("Makefile.am", "Makefile.in", "GNUmakefile.in")


def join(known: Known) -> None:
    """A project learns from its makefiles how it is tested, run and installed."""
    for root in known.of("autotools"):
        if root.commands:
            _fold(root, known)


def _fold(root: BuildFacts, known: Known) -> None:
    parts = list(_parts(root, known))
    targets = [(part, target) for part in parts for target in part.targets]
    # What a makefile at the top offers besides, where Automake does not make it.
    above = [target for part, target in targets if part.folder == root.folder]
    commands = {verb: line for verb, line in commands_of(above, "") if verb in {"test", "install"}}
    commands |= dict(root.commands)
    if any(target.kind == "test" for _, target in targets):
        commands.setdefault("test", "make check")
    below = {id(target): posixpath.relpath(part.folder or ".", root.folder or ".") for part, target in targets}
    if program := main_program((target for _, target in targets), root.name):
        commands["run"] = f"./{posixpath.normpath(posixpath.join(below[id(program)], program.name))}"
    installs = root.installs or any(part.installs for part in parts)
    known.put(replace(root, commands=ordered(commands), installs=installs))


def _parts(root: BuildFacts, known: Known) -> Iterator[BuildFacts]:
    """The makefiles of the folders that `root` names, and that those name."""
    seen: set[str] = set()
    pending = [root.folder, *(posixpath.join(root.folder, folder) for folder in root.subfolders)]
    while pending:
        folder = posixpath.normpath(pending.pop(0) or ".")
        folder = "" if folder == "." else folder
        if folder in seen:
            continue
        seen.add(folder)
        part = next(filter(None, (known.at(folder, name) for name in _PARTS)), None)
        if part is not None and part.system == "autotools":
            yield part
            pending += [posixpath.join(folder, below) for below in part.subfolders]
