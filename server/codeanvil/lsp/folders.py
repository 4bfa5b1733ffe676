"""The workspace folders of a client, one state each."""

import asyncio
import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.uris import to_fs_path

from codeanvil.errors import CodeAnvilError, SettingsError, StoreError, UsageError, WideFolderError, WorkspaceError
from codeanvil.lsp.configuration import pushed, read_again
from codeanvil.lsp.following import RunFollower
from codeanvil.lsp.indexing import Indexing
from codeanvil.settings import DATA_FOLDER, FILE_NAME, Settings, load
from codeanvil.workspace.files import is_readable
from codeanvil.workspace.location import Place, allow_wide, elsewhere, index_path, name_of, place, refuse_wide
from codeanvil.workspace.store import Store
from codeanvil.workspace.watching import Watcher

if TYPE_CHECKING:
    from codeanvil.lsp.server import CodeAnvilServer

_log = logging.getLogger(__name__)

MOST_FILES = 4
"""Documents that are open as workspaces of their own: each has an index process."""

_T = TypeVar("_T")

_FEW = 50
"""Changed files that are looked up at once."""

READ_IT = "Read all of it"
LEAVE_IT = "Leave it alone"


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


class Folders:
    """All folders that are open, in the client's order."""

    def __init__(self, server: "CodeAnvilServer") -> None:
        self._server = server
        self._folders: list[Folder] = []
        self._unsure: dict[Path, str] = {}  # folders not to be read before the user says so; '' once they are asked
        self._watching = False
        self.options: Mapping[str, Any] = {}

    def __iter__(self) -> Iterator[Folder]:
        return iter(list(self._folders))

    def take_options(self, options: object) -> None:
        """Take the settings that a client sends of itself, in `initialize` or when they change."""
        settings = pushed(options)
        if settings is None and options is not None:
            self._server.warn(
                "The editor's settings for CodeAnvil are not an object; the project's own are used instead."
            )
        self.options = settings or {}

    def start(self) -> None:
        """Start what is not started yet, and ask the user about folders that nobody should read by mistake."""
        for folder in self:
            folder.start()
            if self._watching:
                folder.watch()
        for root, question in list(self._unsure.items()):
            if question:
                self._unsure[root] = ""
                self._server.start(self._ask_about(root, question), f"asking about {root}")

    def watch(self) -> None:
        """Watch the disk under every folder, now and later: the client tells of no changes."""
        self._watching = True
        self.start()

    def changed(self, uris: Sequence[str]) -> None:
        """Look at these files and folders again, in every folder that holds them.

        A checkout of another branch tells of thousands at once: such are looked up in a thread, off the loop.
        """
        if len(uris) <= _FEW:
            for folder, paths in _located(uris, list(self)):
                folder.changed(paths)
        else:
            self._server.start(self._many_changed(uris), f"looking up {len(uris)} changed files")

    async def _many_changed(self, uris: Sequence[str]) -> None:
        for folder, paths in await self._server.in_thread(_located, uris, list(self)):
            if folder in self._folders:
                folder.changed(paths)

    def open(self, uri: str) -> Folder | None:
        """Add the folder at `uri`; None, with a message to the user, where it is none CodeAnvil can work on."""
        path = to_fs_path(uri)
        if path is None:
            _log.info("%s is not on this machine's disk and is left alone", uri)
            return None
        try:
            found = place(Path(path))
        except CodeAnvilError as error:
            self._server.warn(str(error))
            return None
        root, settings = found.root, self.settings_of(found, self.options)
        name = name_of(root, settings)
        if name in self._unsure or any(folder.name == name for folder in self._folders):
            return None
        try:
            refuse_wide(root, settings)
        except WideFolderError as error:
            self._unsure[root] = str(error)
            return None
        folder = Folder(self._server, found, settings)
        self._folders.append(folder)
        return folder

    async def open_document(self, uri: str) -> None:
        """Open a document as a workspace of its own where the client has no folders; nothing where it has."""
        path = to_fs_path(uri)
        if path is None or self._unsure or not all(folder.is_file for folder in self) or not is_readable(Path(path)):
            return
        if (folder := self.open(uri)) is None:
            return
        self._folders.remove(folder)
        self._folders.insert(0, folder)  # the last one opened is meant where a command names none
        await asyncio.gather(*(self.remove(other.name.as_uri()) for other in self._folders[MOST_FILES:]))
        await read_again(self._server)
        self.start()

    async def close_document(self, uri: str) -> None:
        """Close a document that is a workspace of its own."""
        found = self.of_uri(uri)
        if found and found[0].is_file:
            await self.remove(uri)

    async def _ask_about(self, root: Path, question: str) -> None:
        """Open the folder `root` if the user says so. Until then nothing in it is looked at."""
        params = types.ShowMessageRequestParams(
            types.MessageType.Warning, question, [types.MessageActionItem(READ_IT), types.MessageActionItem(LEAVE_IT)]
        )
        try:
            answer = await self._server.window_show_message_request_async(params)
        except JsonRpcException as error:
            _log.warning(
                "The editor cannot ask (%s). %s To read all of it, say `codeanvil prepare --yes`.", error, question
            )
            return
        is_open = self._unsure.pop(root, None) is not None
        if not is_open or answer is None or answer.title != READ_IT:
            _log.info("%s is left alone", root)
            return
        try:
            allow_wide(root, self.settings_of(Place(root), self.options))
        except CodeAnvilError as error:
            self._server.warn(str(error))
            return
        self.open(root.as_uri())
        await read_again(self._server)
        self.start()

    def settings_of(self, found: Place, layer: Mapping[str, Any]) -> Settings:
        """Settings with the client's `layer`; what cannot be used is told and left out."""
        try:
            return load(found.root, layer, found.layer)
        except SettingsError as error:
            self._server.warn(f"{error} The project's own settings are used instead.")
        try:
            return load(found.root, found.layer)
        except SettingsError:
            return Settings.model_validate(found.layer)

    async def apply(self, folder: Folder, layer: Mapping[str, Any]) -> None:
        """Go on with settings read anew. A folder whose settings changed starts anew; a run in it goes on."""
        settings = self.settings_of(folder.place, layer)
        if settings == folder.settings or folder not in self._folders:
            return
        position = self._folders.index(folder)
        self._folders[position] = Folder(self._server, folder.place, settings)
        await folder.close()
        self.start()

    async def remove(self, uri: str) -> None:
        """Close the folder at `uri`; nothing where it is not open."""
        path = _path(uri)
        self._unsure.pop(path, None)
        for folder in self:
            if folder.name == path:
                self._folders.remove(folder)
                await folder.close()

    async def close(self) -> None:
        """Close all folders; what goes wrong with one is logged."""
        for outcome in await asyncio.gather(*(folder.close() for folder in self), return_exceptions=True):
            if isinstance(outcome, Exception):
                _log.error("A folder could not be closed", exc_info=outcome)
        self._folders.clear()

    def of_uri(self, uri: str) -> tuple[Folder, str] | None:
        """The innermost folder that holds a document, and the document's path in it."""
        text = to_fs_path(uri)
        if text is None:
            return None
        found = [(folder, path) for folder in self._folders if (path := folder.relative(Path(text)))]
        return min(found, key=lambda pair: len(pair[1]), default=None)

    def named(self, workspace: str | None) -> Folder:
        """The open folder that a command names by path or URI, or the first. Raises UsageError."""
        if not self._folders:
            raise UsageError("No folder is open: open the folder of a project first.")
        if not workspace:
            return self._folders[0]
        path = _path(workspace)
        for folder in self._folders:
            if folder.name == path:
                return folder
        known = ", ".join(str(folder.name) for folder in self._folders)
        raise UsageError(f"The folder {workspace} is not open; open are: {known}.")


def _located(uris: Iterable[str], folders: Sequence[Folder]) -> list[tuple[Folder, set[str]]]:
    """For each folder, the paths in it of the files at `uris`."""
    files = [Path(text) for text in map(to_fs_path, uris) if text is not None]
    return [(folder, {path for file in files if (path := folder.relative(file))}) for folder in folders]


def _path(text: str) -> Path:
    """A folder named by path or URI, absolute and without symbolic links."""
    return Path((to_fs_path(text) if text.startswith("file:") else None) or text).resolve()
