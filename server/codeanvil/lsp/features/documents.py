"""`textDocument/didOpen`, `didSave` and `didClose`: the file is looked at again. Unsaved text is never indexed.

Where the client has no folder, an open file is a workspace of its own.
"""

from typing import TYPE_CHECKING

from lsprotocol import types

if TYPE_CHECKING:
    from codeanvil.lsp.server import CodeAnvilServer


def register(server: "CodeAnvilServer") -> None:
    """Handle `textDocument/didOpen`, `textDocument/didSave` and `textDocument/didClose`."""

    async def opened(params: types.DidOpenTextDocumentParams) -> None:
        await server.folders.open_document(params.text_document.uri)
        server.folders.changed([params.text_document.uri])

    def saved(params: types.DidSaveTextDocumentParams) -> None:
        server.folders.changed([params.text_document.uri])

    async def closed(params: types.DidCloseTextDocumentParams) -> None:
        await server.folders.close_document(params.text_document.uri)

    server.feature(types.TEXT_DOCUMENT_DID_OPEN)(opened)
    server.feature(types.TEXT_DOCUMENT_DID_CLOSE)(closed)
    server.feature(types.TEXT_DOCUMENT_DID_SAVE, types.SaveOptions(include_text=False))(saved)
