"""`workspace/didChangeWatchedFiles`: changed files are looked at again, and only those."""

from typing import TYPE_CHECKING

from lsprotocol import types

if TYPE_CHECKING:
    from codeanvil.lsp.server import CodeAnvilServer


def register(server: "CodeAnvilServer") -> None:
    """Handle `workspace/didChangeWatchedFiles`."""

    def changed(params: types.DidChangeWatchedFilesParams) -> None:
        server.folders.changed([change.uri for change in params.changes])

    server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)(changed)
