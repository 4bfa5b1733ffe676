"""Which files a build must look at: found by walking the workspace, or named by who saw them change."""

import posixpath
from collections import Counter
from collections.abc import Iterable, Set
from dataclasses import dataclass
from pathlib import Path

from codeanvil.settings import IndexSettings
from codeanvil.workspace.attributes import FILE_NAME as ATTRIBUTES_FILE
from codeanvil.workspace.contents import NOT_REGULAR, VANISHED
from codeanvil.workspace.files import Tree
from codeanvil.workspace.ignore import FILE_NAMES as IGNORE_FILES

_OF_OTHERS = IGNORE_FILES | {ATTRIBUTES_FILE}
"""Files that say something of others."""


@dataclass(frozen=True, slots=True)
class Found:
    """Files to look at; files of the index that are gone or left out (path to reason).

    `left_out` counts everything that is left out by its path, by reason; None where not everything was looked at.
    """

    files: list[str]
    gone: dict[str, str]
    left_out: Counter[str] | None = None


class Changes:
    """Finds what has changed in the workspace at `root`. `known`: paths of files that the index has or passed over."""

    def __init__(self, root: Path, settings: IndexSettings) -> None:
        self._tree = Tree(root, settings)

    def concerned(self, paths: Iterable[str]) -> set[str] | None:
        """The files and folders, by paths as the index has them, that a change of these paths may concern.

        None for any file: the workspace itself is among them, or a file of ignore rules.
        """
        changed = {path for path in map(_normal, paths) if path is not None}
        if "" in changed or any(path.rpartition("/")[2] in _OF_OTHERS for path in changed):
            return None
        return changed

    def all(self, known: Set[str]) -> Found:
        """Every file of the workspace."""
        scan = self._tree.scan()
        return Found(scan.files, dict.fromkeys(set(known).difference(scan.files), VANISHED), scan.left_out)

    def among(self, changed: Set[str], known: Set[str]) -> Found:
        """The files at or below the paths `changed`; `known` are those of them that the index knows."""
        there: set[str] = set()
        gone: dict[str, str] = {}
        for path in changed:
            why = self._tree.reason(path)
            if why is None:
                there.add(path)
            if why == NOT_REGULAR:  # a folder
                there.update(self._tree.scan(path).files)
        for path in known - there:
            why = self._tree.reason(path)
            if why is None:
                there.add(path)
            else:
                gone[path] = why
        return Found(sorted(there), gone)


def _normal(path: str) -> str | None:
    """A path as the store has it: relative, without '.', '..' or a trailing '/'; None where that is impossible."""
    clean = posixpath.normpath(path)
    if clean.startswith(("/", "../")) or clean == ".." or any("\ud800" <= letter <= "\udfff" for letter in clean):
        return None  # the last: a name that is not UTF-8 is never indexed
    return "" if clean == "." else clean
