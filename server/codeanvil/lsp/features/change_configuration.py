"""`workspace/didChangeConfiguration`: settings are read anew; where nothing changed, nothing happens."""

from typing import TYPE_CHECKING

from lsprotocol import types

from codeanvil.lsp.configuration import read_again

if TYPE_CHECKING:
    from codeanvil.lsp.server import CodeAnvilServer


def register(server: "CodeAnvilServer") -> None:
    """Handle `workspace/didChangeConfiguration`."""

    async def changed(params: types.DidChangeConfigurationParams) -> None:
        if params.settings:
            server.folders.take_options(params.settings)
        await read_again(server)

    server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)(changed)
