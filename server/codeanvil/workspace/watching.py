"""Watching a workspace's files, for editors that do not tell of changes themselves."""

import logging
import os
import threading
from collections.abc import Callable
from pathlib import Path

from watchdog.events import (
    EVENT_TYPE_CREATED,
    EVENT_TYPE_DELETED,
    EVENT_TYPE_MODIFIED,
    EVENT_TYPE_MOVED,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer

from codeanvil.errors import WorkspaceError
from codeanvil.settings import FILE_NAME as SETTINGS_FILE
from codeanvil.settings import Settings
from codeanvil.workspace.attributes import FILE_NAME as ATTRIBUTES_FILE
from codeanvil.workspace.files import Tree
from codeanvil.workspace.ignore import FILE_NAMES as IGNORE_FILES

QUIET_SECONDS = 0.2
"""Changes are told when there was none for so long: a save is often several."""

LONGEST_SECONDS = 2.0
"""But no later than so long after the first: a checkout of another branch goes on for a while."""

EVERYTHING = ""
"""The path that is told when the system lost events: whatever is in the workspace may have changed."""

HEADS = frozenset({".git/HEAD", ".git/logs/HEAD"})
"""What git writes when a commit is made or another is checked out: of what changed then, samples tell."""

_WATCHDOG = logging.getLogger("watchdog.observers.inotify_c")
"""Where watchdog says that the system's queue was full; it says so nowhere else."""

_CHANGES = frozenset({EVENT_TYPE_CREATED, EVENT_TYPE_DELETED, EVENT_TYPE_MODIFIED, EVENT_TYPE_MOVED})
"""Events of reading a file are not among them: the index reads what changed, and would call itself."""


class Watcher:
    """Calls `on_change` with the relative paths of files and folders that came, changed or went.

    Only what the index may be concerned with is told: sources, build files, ignore files, the project's settings, and
    that git is at another commit; or EVERYTHING, when more happened at once than the system could note.
    `on_change` runs in a thread of the watcher.
    """

    def __init__(self, root: Path, settings: Settings, on_change: Callable[[set[str]], None]) -> None:
        self._root = root
        self._settings = settings
        self._on_change = on_change
        self._tree = Tree(root, settings.index)
        self._wake = threading.Condition()
        self._changed: set[str] = set()
        self._first = self._last = 0.0
        self._stopping = False
        self._observer = Observer()
        self._lost = _Lost(lambda: self._note(EVERYTHING))
        self._thread = threading.Thread(target=self._tell, name="codeanvil-watcher", daemon=True)

    def start(self) -> None:
        """Watch from now on. Raises WorkspaceError where the system does not let us."""
        data = os.fspath(self._settings.data_folder(self._root))
        only = self._settings.index.only
        below = not only or "/" in only  # of a file in a home nobody wants the whole home watched
        try:
            self._observer.schedule(_Handler(self._root, data, self._seen), os.fspath(self._root), recursive=below)
            self._observer.start()
        except OSError as error:
            raise WorkspaceError(
                f"Changes in {self._root} cannot be watched ({error.strerror}); raise the system's limit of watches "
                "(on Linux fs.inotify.max_user_watches), or index again with `codeanvil prepare` after changes."
            ) from error
        _WATCHDOG.addHandler(self._lost)
        self._thread.start()

    def stop(self) -> None:
        """Watch no longer; changes not yet told are dropped. Again, or before `start`: nothing."""
        _WATCHDOG.removeHandler(self._lost)
        with self._wake:
            self._stopping = True
            self._wake.notify()
        if self._observer.is_alive():
            self._observer.stop()
            self._observer.join()
        if self._thread.is_alive():
            self._thread.join()

    def _seen(self, path: str) -> None:
        name = path.rpartition("/")[2]
        if name in IGNORE_FILES:
            self._tree = Tree(self._root, self._settings.index)
        elif (
            path not in HEADS and path != SETTINGS_FILE and name != ATTRIBUTES_FILE and not self._tree.may_matter(path)
        ):
            return
        self._note(path)

    def _note(self, path: str) -> None:
        with self._wake:
            self._changed.add(path)
            self._wake.notify()

    def _tell(self) -> None:
        while not self._stopping:
            with self._wake:
                self._wake.wait_for(lambda: self._changed or self._stopping)
                count = -1
                waited = 0.0
                while count != len(self._changed) and waited < LONGEST_SECONDS and not self._stopping:
                    count = len(self._changed)
                    self._wake.wait_for(lambda: self._stopping, QUIET_SECONDS)
                    waited += QUIET_SECONDS
                changed, self._changed = self._changed, set()
            if changed and not self._stopping:
                self._on_change(changed)


class _Lost(logging.Handler):
    """Hears of events that were lost."""

    def __init__(self, on_lost: Callable[[], None]) -> None:
        super().__init__(logging.WARNING)
        self._on_lost = on_lost

    def emit(self, record: logging.LogRecord) -> None:
        """Called by logging."""
        if "overflow" in record.getMessage():
            self._on_lost()


class _Handler(FileSystemEventHandler):
    """Passes the relative paths of changes on, but for those in CodeAnvil's own folder."""

    def __init__(self, root: Path, data: str, seen: Callable[[str], None]) -> None:
        self._root = os.fspath(root)
        self._data = data
        self._seen = seen

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Called by watchdog, in its thread."""
        if event.event_type not in _CHANGES or (event.is_directory and event.event_type == EVENT_TYPE_MODIFIED):
            return
        for path in (os.fsdecode(event.src_path), os.fsdecode(event.dest_path)):
            inside = path.startswith(self._root + os.sep)
            if inside and path != self._data and not path.startswith(self._data + os.sep):
                self._seen(os.path.relpath(path, self._root).replace(os.sep, "/"))
