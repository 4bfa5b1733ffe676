"""`initialized`: asks the client for settings per folder and for file events, then starts the index."""

from typing import TYPE_CHECKING

from lsprotocol import types

from codeanvil.lsp.configuration import read_again
from codeanvil.lsp.registration import register_dynamically

if TYPE_CHECKING:
    from codeanvil.lsp.server import CodeAnvilServer


def register(server: "CodeAnvilServer") -> None:
    """Handle `initialized`."""

    async def initialized(_: types.InitializedParams) -> None:
        await read_again(server)
        server.folders.start()
        await register_dynamically(server)

    server.feature(types.INITIALIZED)(initialized)
