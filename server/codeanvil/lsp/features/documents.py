"""`textDocument/didOpen` and `didSave`: the file is looked at again. Unsaved text is never indexed."""

from typing import TYPE_CHECKING

from lsprotocol import types

if TYPE_CHECKING:
    from codeanvil.lsp.server import CodeAnvilServer


def register(server: "CodeAnvilServer") -> None:
    """Handle `textDocument/didOpen` and `textDocument/didSave`."""

    def opened(params: types.DidOpenTextDocumentParams) -> None:
        server.folders.changed([params.text_document.uri])

    def saved(params: types.DidSaveTextDocumentParams) -> None:
        server.folders.changed([params.text_document.uri])

    server.feature(types.TEXT_DOCUMENT_DID_OPEN)(opened)
    server.feature(types.TEXT_DOCUMENT_DID_SAVE, types.SaveOptions(include_text=False))(saved)
