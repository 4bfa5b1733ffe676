"""The build files of one workspace together, as the systems look at them when they are combined."""

import posixpath
from collections.abc import Collection, Iterable, Iterator
from typing import Protocol

from codeanvil.facts.model import BuildFacts


class Known:
    """What is known of a workspace: the facts of its build files by path, in order, and the paths of its sources."""

    def __init__(self, builds: Iterable[BuildFacts], sources: Collection[str] = ()) -> None:
        self.builds = {build.file: build for build in builds}
        self.sources = sources if isinstance(sources, frozenset | set) else frozenset(sources)

    def of(self, *systems: str) -> list[BuildFacts]:
        """The facts of these systems' files, in order."""
        return [build for build in self.builds.values() if build.system in systems]

    def at(self, folder: str, path: str) -> BuildFacts | None:
        """The build file at `path`, seen from `folder`; None where there is none in the workspace."""
        return self.builds.get(posixpath.normpath(posixpath.join(folder, path)))

    def above(self, folder: str, name: str) -> Iterator[BuildFacts]:
        """The build files called `name` in `folder` and the folders around it, nearest first."""
        while True:
            if found := self.builds.get(f"{folder}/{name}" if folder else name):
                yield found
            if not folder:
                return
            folder = folder.rpartition("/")[0]

    def put(self, build: BuildFacts) -> None:
        """What is known of a file from now on."""
        self.builds[build.file] = build

    def drop(self, build: BuildFacts) -> None:
        """Forget a file that has nothing to say but to others."""
        self.builds.pop(build.file, None)


class Join(Protocol):
    """One system's part of `combine`."""

    def __call__(self, known: Known, /) -> None:
        """Make the files of the system know what the others say."""
