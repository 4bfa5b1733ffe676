"""Which build files are the project's own, and which lie in it as somebody else's, as examples or as test data."""

import posixpath
from collections.abc import Sequence

from codeanvil.facts.builds.systems import system
from codeanvil.facts.model import BuildFacts
from codeanvil.facts.roles import NOT_OWN, role_of


def own(builds: Sequence[BuildFacts]) -> list[BuildFacts]:
    """The build files that tell something about the project itself, in the same order; all where none does.

    Of those among tests and examples, parts of a build count, what another build file names, what makes tests, and
    lists of what to install. Whole projects that nothing refers to are data.
    """
    named = {
        posixpath.normpath(posixpath.join(b.folder, path)) for b in builds for path in (*b.subfolders, *b.includes)
    }
    return [build for build in builds if _is_own(build, named)] or list(builds)


def _is_own(build: BuildFacts, named: set[str]) -> bool:
    role = build.role or role_of(build.file, b"", None)
    if role == "source" or role in NOT_OWN:
        return role == "source"
    if not build.commands or build.file in named or build.folder in named:
        return True
    return role == "test" and (
        system(build.system).place == "installs" or any(target.kind == "test" for target in build.targets)
    )
