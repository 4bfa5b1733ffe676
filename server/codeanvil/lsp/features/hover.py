"""`textDocument/hover`: the card of the symbol under the cursor, from the index."""

from typing import TYPE_CHECKING

from lsprotocol import types

from codeanvil.lsp.card import Card, choose, markdown, plain
from codeanvil.lsp.folders import Folder
from codeanvil.lsp.protocol import capability
from codeanvil.lsp.words import Word, word_at

if TYPE_CHECKING:
    from codeanvil.lsp.server import CodeAnvilServer
    from codeanvil.workspace.store import Store


def register(server: "CodeAnvilServer") -> None:
    """Handle `textDocument/hover`."""

    def hover(params: types.HoverParams) -> types.Hover | None:
        place = server.folders.of_uri(params.text_document.uri)
        lines = server.lines_of(params.text_document.uri)
        word = word_at(lines, params.position, server.workspace.position_codec) if place and lines is not None else None
        if place is None or word is None:
            return None
        folder, path = place
        card = folder.read(lambda store: _card(store, path, params.position.line + 1, word))
        return types.Hover(_content(server, folder, card), word.range) if card else None

    server.feature(types.TEXT_DOCUMENT_HOVER)(hover)


def _card(store: "Store", path: str, line: int, word: Word) -> Card | None:
    candidates = store.symbols_named(word.name)
    found = choose(candidates, path=path, line=line, qualifier=word.qualifier, around=store.symbols_in(path))
    if found and found.symbol.is_type:
        return Card(found.symbol, found.overloads, tuple(store.derived_from(found.symbol.name)))
    return found


def _content(server: "CodeAnvilServer", folder: Folder, card: Card) -> types.MarkupContent:
    formats = capability(server.client_capabilities, "text_document", "hover", "content_format")
    kind = formats[0] if formats else types.MarkupKind.Markdown
    text = markdown(card, folder.root) if kind == types.MarkupKind.Markdown else plain(card)
    return types.MarkupContent(kind, text)
