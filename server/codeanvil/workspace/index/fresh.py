"""An index that is looked at again before it is read: for servers that stay while files change."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from codeanvil.settings import Settings
from codeanvil.workspace.index.build import build_index
from codeanvil.workspace.index.workers import Workers
from codeanvil.workspace.location import index_path
from codeanvil.workspace.store import Store

FRESH_SECONDS = 2.0
"""An index looked at so recently is not looked at again: several questions come in a row."""


class FreshIndex:
    """The index of one workspace, brought up to date when it is read, from any thread."""

    def __init__(self, root: Path, settings: Settings) -> None:
        self._root, self._settings = root, settings
        self._workers = Workers(settings.index.processes)
        self._guard = threading.Lock()
        self._looked = float("-inf")

    def close(self) -> None:
        """End the processes that read files."""
        self._workers.close()

    @contextmanager
    def store(self) -> Iterator[Store]:
        """The store as the files are now. Raises CodeAnvilError."""
        with self._guard:
            if time.monotonic() - self._looked > FRESH_SECONDS:
                build_index(self._root, self._settings, workers=self._workers)
                self._looked = time.monotonic()
        with Store(index_path(self._root, self._settings)) as store:
            yield store
