"""Which of a project's programs is meant when it is to be run."""

import posixpath
import re
from collections.abc import Iterable

from codeanvil.facts.model import Target

_ASIDE = re.compile(r"test|bench|fuzz|example|sample|demo|internal", re.IGNORECASE)


def main_program(targets: Iterable[Target], project: str = "") -> Target | None:
    """The program that a project is about: of those that test or show nothing the one with the name of the project.

    Without such a one it is the one of the shortest name.
    """
    made = [target for target in targets if target.kind == "executable"]
    programs = [target for target in made if not _ASIDE.search(f"{target.name} {target.command}")]
    names = [posixpath.basename(target.name) for target in programs]
    ranked = sorted(range(len(programs)), key=lambda i: (names[i].lower() != project.lower(), len(names[i])))
    return programs[ranked[0]] if ranked else None
