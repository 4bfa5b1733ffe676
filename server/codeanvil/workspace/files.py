"""Which files of a workspace are read.

A file is read when it is source of a known language, a build file, a file of configuration or a document, and nothing
speaks against it. What is left out is counted by reason; a folder that is left out counts as one. Symbolic links are
not followed: what they point to is either in the workspace under its own name or not in the workspace at all, and so no
loop can arise.
"""

import os
import stat
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from codeanvil.facts.builds import is_build_file
from codeanvil.facts.configuration.names import is_config_file
from codeanvil.facts.documents import format_of
from codeanvil.facts.languages import language_of
from codeanvil.settings import DATA_FOLDER, IndexSettings
from codeanvil.workspace.contents import MINIFIED, NOT_REGULAR, TOO_LARGE, UNREADABLE, VANISHED, read_head
from codeanvil.workspace.ignore import IgnoreRules
from codeanvil.workspace.secrets import is_secret_file

IGNORED = "ignored"
TOOL_FOLDER = "folder of a tool"
LINK = "symbolic link"
NOT_UTF8 = "name is not UTF-8"
OTHER_FILE = "not the one file that is read"
OTHER_KIND = "neither source nor build file nor configuration nor document"
SECRET = "holds secrets by its name"  # noqa: S105 (a reason, not a secret)

_NOT_PART_OF_IT = frozenset({".git", DATA_FOLDER})
"""Nobody would look for them among what was left out."""

# fmt: off
_TOOL_FOLDERS = frozenset({
    ".git", ".hg", ".svn", ".bzr", ".jj", ".codeanvil", "node_modules", "bower_components", "__pycache__", ".venv",
    ".tox", ".nox", ".eggs", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis", ".gradle", ".idea",
    ".vs", ".terraform", ".ccls-cache", ".clangd", "CMakeFiles", "site-packages",
})
# fmt: on
_TOOL_MARKERS = ("pyvenv.cfg", "CACHEDIR.TAG", "CMakeCache.txt")
"""A folder with one of these was made by a tool: a virtual environment, a cache, a CMake build tree."""


@dataclass(frozen=True, slots=True)
class Scan:
    """Paths to read, relative with '/' and sorted, and how many entries were left out by reason."""

    files: list[str]
    left_out: Counter[str] = field(default_factory=Counter)


def scan(root: Path, settings: IndexSettings) -> Scan:
    """All files of the workspace at `root` that are to be read. Never raises: what cannot be listed is counted."""
    return Tree(root, settings).scan()


class Tree:
    """The entries of one workspace, judged by path and by what the file system says, not by content.

    Ignore files are read once; make a new Tree after one of them changed.
    """

    def __init__(self, root: Path, settings: IndexSettings) -> None:
        self._root = root
        self._most_bytes = settings.max_file_bytes
        self._only = settings.only
        self._rules = IgnoreRules(root, settings.exclude)
        self._folders: dict[str, str | None] = {"": None}

    def scan(self, below: str = "") -> Scan:
        """The files in the folder `below` (relative, '' for the root) that are to be read."""
        found = Scan([])
        if self._only:
            return self._scan_one(below)
        if self._parents_reason(f"{below}/x" if below else "x") is None:
            for path, reason in self._walk(below):
                if reason is None:
                    found.files.append(path)
                else:
                    found.left_out[reason] += 1
        found.files.sort()
        return found

    def reason(self, path: str) -> str | None:
        """Why the file at `path` is left out, its parents' reasons included; None when it is to be read.

        What is named as the one file to read is read even where rules leave it out: somebody asked for it.
        """
        why = self._parents_reason(path)
        if why is None:
            try:
                why = self._file_reason(path, (self._root / path).lstat())
            except OSError:
                why = VANISHED
        return why

    def _scan_one(self, below: str) -> Scan:
        inside = not below or self._only == below or self._only.startswith(f"{below}/")
        why = self.reason(self._only) if inside else OTHER_FILE
        if why is None:
            return Scan([self._only])
        return Scan([], Counter() if why in {OTHER_FILE, VANISHED} else Counter({why: 1}))

    def may_matter(self, path: str) -> bool:
        """Whether a change at `path`, which may be gone by now, can change what is indexed."""
        if self._only:
            return f"{self._only}/".startswith(f"{path}/")
        why = self.reason(path)
        if why == VANISHED:  # a file that was indexed, or a folder of such
            return path.rpartition("/")[2] not in _TOOL_FOLDERS
        return why is None or (why == NOT_REGULAR and self._folder_reason(path) is None)

    def _walk(self, below: str) -> Iterator[tuple[str, str | None]]:
        waiting = [below]
        while waiting:
            folder = waiting.pop()
            try:
                entries = list(os.scandir(self._root / folder))
            except OSError:
                yield folder, UNREADABLE
                continue
            for entry in entries:
                path = f"{folder}/{entry.name}" if folder else entry.name
                try:
                    if entry.name in _NOT_PART_OF_IT:
                        continue
                    if entry.is_dir(follow_symlinks=False):
                        reason = self._folder_reason(path)
                        if reason is None:
                            waiting.append(path)
                        else:
                            yield path, reason
                    else:
                        yield path, self._file_reason(path, entry.stat(follow_symlinks=False))
                except OSError:  # it vanished, or the disk is at fault
                    yield path, UNREADABLE

    def _parents_reason(self, path: str) -> str | None:
        if self._only:
            return None if path == self._only else OTHER_FILE
        parts = path.split("/")[:-1]
        folders = ("/".join(parts[: count + 1]) for count in range(len(parts)))
        return next((why for why in map(self._folder_reason, folders) if why), None)

    def _folder_reason(self, folder: str) -> str | None:
        if folder not in self._folders:
            self._folders[folder] = self._judge_folder(folder)
        return self._folders[folder]

    def _judge_folder(self, folder: str) -> str | None:
        name = folder.rpartition("/")[2]
        if not _is_utf8(name):
            return NOT_UTF8
        if name in _TOOL_FOLDERS or self._is_tool_made(folder):
            return TOOL_FOLDER
        if (self._root / folder).is_symlink():
            return LINK
        return IGNORED if self._rules.ignored(folder, folder=True) else None

    def _is_tool_made(self, folder: str) -> bool:
        full = os.path.join(self._root, folder)  # noqa: PTH118 (three times for each folder: Path is five times slower)
        for marker in _TOOL_MARKERS:
            if os.path.exists(f"{full}/{marker}"):  # noqa: PTH110
                # An in-source CMake build leaves its cache beside the project's own sources.
                return marker != "CMakeCache.txt" or not os.path.exists(f"{full}/CMakeLists.txt")  # noqa: PTH110
        return False

    def _file_reason(self, path: str, status: os.stat_result) -> str | None:
        name = path.rpartition("/")[2]
        reasons: tuple[tuple[str, Callable[[], bool]], ...] = (
            (NOT_UTF8, lambda: not _is_utf8(name)),
            (LINK, lambda: stat.S_ISLNK(status.st_mode)),
            (NOT_REGULAR, lambda: not stat.S_ISREG(status.st_mode)),
            (SECRET, lambda: is_secret_file(path)),
            (OTHER_KIND, lambda: not self._is_known_kind(path, name, status)),
            (MINIFIED, lambda: ".min." in name),
            (IGNORED, lambda: not self._only and self._rules.ignored(path, folder=False)),
            (TOO_LARGE, lambda: status.st_size > self._most_bytes),
        )
        return next((reason for reason, holds in reasons if holds()), None)

    def _is_known_kind(self, path: str, name: str, status: os.stat_result) -> bool:
        if language_of(path) or is_build_file(path) or format_of(path) or is_config_file(path):
            return True
        if "." in name or not status.st_mode & stat.S_IXUSR:
            return False
        try:  # a script says its language in its first line
            return language_of(path, read_head(self._root / path)) is not None
        except OSError:
            return False


def is_readable(file: Path) -> bool:
    """Whether a file by itself is source or a build file that may be read."""
    return Tree(file.parent, IndexSettings(only=file.name)).reason(file.name) is None


def _is_utf8(name: str) -> bool:
    """Whether a name from the file system is text: others carry surrogates, which no JSON or SQLite text can."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
