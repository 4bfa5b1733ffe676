"""The build files of one workspace together, as the systems look at them when they are combined."""

import posixpath
from collections.abc import Collection, Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
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

    def matching(self, folder: str, patterns: Iterable[str], name: str) -> list[BuildFacts]:
        """The build files called `name` in the folders that `patterns` mean, seen from `folder`, in order.

        `*` stands for one folder's name or a part of it, `**` for any folders; a pattern after `!` takes away.
        """
        patterns = list(patterns)
        wanted = [_parts(pattern) for pattern in patterns if not pattern.startswith("!")]
        unwanted = [_parts(pattern[1:]) for pattern in patterns if pattern.startswith("!")]
        start = f"{folder}/" if folder else ""
        found = []
        for build in self.builds.values() if wanted else ():
            if build.file.endswith(f"/{name}") and build.folder.startswith(start):
                below = build.folder[len(start) :].split("/")
                if any(_fits(below, each) for each in wanted) and not any(_fits(below, each) for each in unwanted):
                    found.append(build)
        return found

    def added(self, root: BuildFacts, name: str, *, projects: bool) -> Iterator[BuildFacts]:
        """The build files called `name` in the folders that `root` adds, and that those add, nearest first.

        With `projects` also those that are a project of their own, having commands.
        """
        seen = {root.file}
        pending = [root]
        while pending:
            build = pending.pop(0)
            for folder in build.subfolders:
                part = self.at(posixpath.join(build.folder, folder), name)
                if part is not None and part.file not in seen and (projects or not part.commands):
                    seen.add(part.file)
                    pending.append(part)
                    yield part

    def put(self, build: BuildFacts) -> None:
        """What is known of a file from now on."""
        self.builds[build.file] = build

    def drop(self, build: BuildFacts) -> None:
        """Forget a file that has nothing to say but to others."""
        self.builds.pop(build.file, None)


def _parts(pattern: str) -> list[str]:
    return [part for part in posixpath.normpath(pattern.replace("\\", "/")).split("/") if part not in {"", "."}]


def _fits(folder: Sequence[str], pattern: Sequence[str]) -> bool:
    """Whether a folder's path, in parts, is one that the pattern means; in no more steps than lengths multiplied."""
    at = part = 0
    resume: tuple[int, int] | None = None
    while at < len(folder):
        if part < len(pattern) and pattern[part] == "**":
            resume, part = (at, part), part + 1
        elif part < len(pattern) and fnmatchcase(folder[at], pattern[part]):
            at, part = at + 1, part + 1
        elif resume:  # let the last `**` stand for one folder more
            at, part = resume[0] + 1, resume[1] + 1
            resume = (at, resume[1])
        else:
            return False
    return all(rest == "**" for rest in pattern[part:])


class Join(Protocol):
    """One system's part of `combine`."""

    def __call__(self, known: Known, /) -> None:
        """Make the files of the system know what the others say."""
