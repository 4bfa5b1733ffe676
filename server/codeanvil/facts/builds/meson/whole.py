"""A Meson project and the folders that it adds."""

import posixpath
from dataclasses import replace

from codeanvil.facts.builds.known import Known
from codeanvil.facts.builds.meson.project import commands_of
from codeanvil.facts.builds.meson.targets import placed


def join(known: Known) -> None:
    """A project learns from the folders that it adds what it runs, tests and installs.

    The targets of those folders learn where the project builds them. Every target stays with the file that defines it.
    """
    for root in known.of("meson"):
        if not root.commands:
            continue
        targets, installs = list(root.targets), root.installs
        for part in known.added(root, "meson.build", projects=False):
            place = posixpath.relpath(part.folder or ".", root.folder or ".")
            made = tuple(placed(target, place) for target in part.targets)
            targets += made
            installs = installs or part.installs
            known.put(replace(part, targets=made))
        known.put(replace(root, commands=commands_of(root.name, tuple(targets), installs=installs), installs=installs))
