"""`textDocument/documentSymbol`: the outline of a file as it was last saved.

Editors ask once, as soon as a file is shown, and no message has them ask again: so a file that the first index has not
reached is waited for.
"""

from typing import TYPE_CHECKING

from lsprotocol import types

from codeanvil.lsp.outline import flat, tree
from codeanvil.lsp.protocol import capability

if TYPE_CHECKING:
    from codeanvil.lsp.server import CodeAnvilServer


def register(server: "CodeAnvilServer") -> None:
    """Handle `textDocument/documentSymbol`."""

    async def document_symbols(
        params: types.DocumentSymbolParams,
    ) -> list[types.DocumentSymbol] | list[types.SymbolInformation] | None:
        uri = params.text_document.uri
        place = server.folders.of_uri(uri)
        if place is None or not place[0].settings.editor.symbols:
            return None
        folder, path = place

        async def is_held() -> bool:
            return await server.look(folder.read, lambda store: store.file(path)) is not None

        await folder.index.reached(is_held)
        symbols = await server.look(folder.read, lambda store: store.symbols_in(path)) or []
        if not capability(
            server.client_capabilities, "text_document", "document_symbol", "hierarchical_document_symbol_support"
        ):
            return flat(symbols, folder.root)
        lines = server.lines_of(uri)
        return tree(symbols, lines, server.workspace.position_codec) if lines is not None else None

    server.feature(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL)(document_symbols)
