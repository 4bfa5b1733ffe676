"""One workspace folder of a client, or one file that is read alone: its settings, its index, its runs."""

import asyncio
import logging
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from lsprotocol import types

from codeanvil.errors import StoreError, WorkspaceError
from codeanvil.lsp.configuration import read_again
from codeanvil.lsp.following import RunFollower
from codeanvil.lsp.indexing import Indexing
from codeanvil.settings import DATA_FOLDER, FILE_NAME, Settings
from codeanvil.workspace.location import Place, elsewhere, index_path, name_of
from codeanvil.workspace.store import Store
from codeanvil.workspace.watching import Watcher

if TYPE_CHECKING:
    from codeanvil.lsp.server import CodeAnvilServer

_log = logging.getLogger(__name__)

_T = TypeVar("_T")


class Folder:
    """One workspace folder: its settings, its index, its runs. `root` is absolute, without symbolic links.

    `name` is what the client opened: the folder, or a file in it that is read alone.
    """

    def __init__(self, server: "CodeAnvilServer", place: Place, settings: Settings) -> None:
        self.place = place
        self.root = root = place.root
        self.settings = settings
        self.name = name_of(root, settings)
        self.index = Indexing(server, root, settings)
        self.runs = RunFollower(server, root, settings)
        self._server = server
        self._store: Store | None = None
        self._asked: Store | None = None
        self._opening = threading.Lock()
        self._watcher: Watcher | None = None
        self._told = False

    @property
    def is_file(self) -> bool:
        """Whether it is one file and no folder."""
        return self.name != self.root

    def start(self) -> None:
        """Bring the index up to date and show the run that goes on, both in the background. Again: nothing."""
        if not self._told and (notice := elsewhere(self.root, self.settings)):
            if self.is_file:
                _log.info("%s", notice)
            else:
                self._server.window_show_message(types.ShowMessageParams(types.MessageType.Info, notice))
        self._told = True
        self.index.start()
        if not self._server.trust.is_withheld:
            self.runs.start()

    def watch(self) -> None:
        """Watch the disk, for clients that tell of no changes. Again: nothing."""
        if self._watcher is not None:
            return
        loop = asyncio.get_running_loop()

        def seen(paths: set[str]) -> None:
            loop.call_soon_threadsafe(self.changed, paths)

        self._watcher = Watcher(self.root, self.settings, seen)
        try:
            self._watcher.start()
        except WorkspaceError as error:
            self._server.warn(str(error))

    async def close(self) -> None:
        """End the index process; a training run goes on."""
        if self._watcher is not None:
            await asyncio.to_thread(self._watcher.stop)
        await asyncio.gather(self.index.close(), self.runs.close())
        self.forget_store()

    def changed(self, paths: Iterable[str]) -> None:
        """Look at files again that were added, changed or removed; paths as in the index."""
        changed = set(paths)
        if FILE_NAME in changed:
            self._server.start(read_again(self._server), "reading the settings again")
        self.index.changed(changed)

    def store(self) -> Store | None:
        """The index, for reading; None until there is one. Call `forget_store` when it fails."""
        if self._store is None:
            try:
                self._store = Store(index_path(self.root, self.settings), read_only=True)
            except StoreError:
                return None
        return self._store

    def store_for_questions(self) -> Store:
        """The index, opened once more for threads that answer: what they read at length holds up no hover.

        Stays open, since what it has read of all names serves the next question. Raises StoreError where there is none.
        """
        with self._opening:
            if self._asked is None:
                self._asked = Store(index_path(self.root, self.settings), read_only=True)
            return self._asked

    def read(self, what: Callable[[Store], _T]) -> _T | None:
        """What the index says, from any thread; None where there is none yet or it cannot be read."""
        store = self.store()
        if store is None:
            return None
        try:
            return what(store)
        except StoreError as error:
            _log.warning("%s", error)
            self.forget_store()
            return None

    def forget_store(self) -> None:
        """Open the index anew at its next use: it was replaced, or is damaged."""
        if self._store is not None:
            self._store.close()
            self._store = None
        with self._opening:
            self._asked = None  # a question may be reading it: it closes when the last one is answered

    def relative(self, path: Path) -> str | None:
        """`path` as the index names it; None outside of the folder and inside of CodeAnvil's own."""
        inside = path if path.is_relative_to(self.root) else path.resolve()
        if not inside.is_relative_to(self.root) or inside.is_relative_to(self.settings.data_folder(self.root)):
            return None
        if self.is_file and inside != self.name:
            return None
        parts = inside.relative_to(self.root).parts
        return None if parts[:1] in {(), (DATA_FOLDER,), (".git",)} else "/".join(parts)
