"""A Meson project and the folders that it adds."""

import posixpath
from collections.abc import Iterator
from dataclasses import replace

from codeanvil.facts.builds.known import Known
from codeanvil.facts.builds.meson.project import commands_of
from codeanvil.facts.builds.meson.targets import placed
from codeanvil.facts.model import BuildFacts


def join(known: Known) -> None:
    """A project learns from the folders that it adds what it runs, tests and installs.

    The targets of those folders learn where the project builds them. Every target stays with the file that defines it.
    """
    for root in known.of("meson"):
        if not root.commands:
            continue
        targets, installs = list(root.targets), root.installs
        for part in _parts(root, known):
            place = posixpath.relpath(part.folder or ".", root.folder or ".")
            made = tuple(placed(target, place) for target in part.targets)
            targets += made
            installs = installs or part.installs
            known.put(replace(part, targets=made))
        known.put(replace(root, commands=commands_of(root.name, tuple(targets), installs=installs), installs=installs))


def _parts(root: BuildFacts, known: Known) -> Iterator[BuildFacts]:
    """The files of the folders that `root` adds, and that those add."""
    seen = {root.file}
    pending = [root]
    while pending:
        build = pending.pop(0)
        for folder in build.subfolders:
            part = known.at(posixpath.join(build.folder, folder), "meson.build")
            if part is not None and part.file not in seen and not part.commands:
                seen.add(part.file)
                pending.append(part)
                yield part
