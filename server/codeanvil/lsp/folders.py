"""The workspace folders of a client, one state each."""

import asyncio
import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.uris import to_fs_path

from codeanvil.errors import CodeAnvilError, SettingsError, UsageError, WideFolderError
from codeanvil.lsp.configuration import pushed, read_again
from codeanvil.lsp.folder import Folder
from codeanvil.settings import Settings, load
from codeanvil.workspace.files import is_readable
from codeanvil.workspace.location import Place, allow_wide, name_of, place, refuse_wide

if TYPE_CHECKING:
    from codeanvil.lsp.server import CodeAnvilServer

_log = logging.getLogger(__name__)

MOST_FILES = 4
"""Documents that are open as workspaces of their own: each has an index process."""

_FEW = 50
"""Changed files that are looked up at once."""

READ_IT = "Read all of it"
LEAVE_IT = "Leave it alone"


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
        if self._server.trust.is_withheld:
            return
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
        """Settings with the client's `layer`; what cannot be used is told and left out.

        Of a folder that the user does not trust, none of its own count.
        """
        if self._server.trust.is_withheld:
            return self._server.trust.settings_of(found)
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
