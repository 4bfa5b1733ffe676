"""`workspace/didChangeWorkspaceFolders`: folders come and go while the server runs."""

from typing import TYPE_CHECKING

from lsprotocol import types

from codeanvil.lsp.configuration import read_again

if TYPE_CHECKING:
    from codeanvil.lsp.server import CodeAnvilServer


def register(server: "CodeAnvilServer") -> None:
    """Handle `workspace/didChangeWorkspaceFolders`."""

    async def changed(params: types.DidChangeWorkspaceFoldersParams) -> None:
        for gone in params.event.removed:
            await server.folders.remove(gone.uri)
        for added in params.event.added:
            server.folders.open(added.uri)
        await read_again(server)
        server.folders.start()

    server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)(changed)
