"""Which files a build must look at: found by walking the workspace, or named by who saw them change."""

import posixpath
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from codeanvil.settings import IndexSettings
from codeanvil.workspace.files import NOT_REGULAR, VANISHED, Tree
from codeanvil.workspace.ignore import FILE_NAMES as IGNORE_FILES


@dataclass(frozen=True, slots=True)
class Found:
    """Files to look at; files of the index that are gone or left out (path to reason).

    `left_out` counts everything that is left out by its path, by reason; None where not everything was looked at.
    """

    files: list[str]
    gone: dict[str, str]
    left_out: Counter[str] | None = None


class Changes:
    """Finds what has changed in the workspace at `root`, of which the index has the files `known`."""

    def __init__(self, root: Path, settings: IndexSettings, known: Collection[str]) -> None:
        self._tree = Tree(root, settings)
        self._known = known

    def all(self) -> Found:
        """Every file of the workspace."""
        scan = self._tree.scan()
        return Found(scan.files, dict.fromkeys(set(self._known).difference(scan.files), VANISHED), scan.left_out)

    def among(self, paths: Iterable[str]) -> Found:
        """Files that may have changed or gone, named by their paths or those of folders above them.

        A changed ignore file may concern any file.
        """
        changed = {path for path in map(_normal, paths) if path is not None}
        if "" in changed:
            return self.all()
        if any(path.rpartition("/")[2] in IGNORE_FILES for path in changed):
            found = self.all()
            files = [path for path in found.files if path in changed or path not in self._known]
            return Found(files, found.gone, found.left_out)
        there: set[str] = set()
        gone: dict[str, str] = {}
        for path in changed:
            why = self._tree.reason(path)
            if why is None:
                there.add(path)
            if why == NOT_REGULAR:  # a folder
                there.update(self._tree.scan(path).files)
        for path in self._known:
            if path not in there and any(part in changed for part in _with_parents(path)):
                why = self._tree.reason(path)
                if why is None:
                    there.add(path)
                else:
                    gone[path] = why
        return Found(sorted(there), gone)


def _with_parents(path: str) -> Iterator[str]:
    while path:
        yield path
        path = path.rpartition("/")[0]


def _normal(path: str) -> str | None:
    """A path as the store has it: relative, without '.', '..' or a trailing '/'; None where that is impossible."""
    clean = posixpath.normpath(path)
    if clean.startswith(("/", "../")) or clean == "..":
        return None
    return "" if clean == "." else clean
