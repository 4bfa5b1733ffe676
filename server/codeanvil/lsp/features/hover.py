"""`textDocument/hover`: the card of the symbol under the cursor, from the index."""

import logging
from typing import TYPE_CHECKING

from lsprotocol import types
from pygls.workspace import Workspace

from codeanvil.errors import StoreError
from codeanvil.lsp.card import Card, choose, markdown, plain
from codeanvil.lsp.folders import Folder
from codeanvil.lsp.protocol import capability
from codeanvil.lsp.words import Word, word_at

if TYPE_CHECKING:
    from codeanvil.lsp.server import CodeAnvilServer

_log = logging.getLogger(__name__)


def register(server: "CodeAnvilServer") -> None:
    """Handle `textDocument/hover`."""

    def hover(params: types.HoverParams) -> types.Hover | None:
        place = server.folders.of_uri(params.text_document.uri)
        word = _word(server.workspace, params) if place else None
        if place is None or word is None:
            return None
        folder, path = place
        card = _card(folder, path, params.position.line + 1, word)
        return types.Hover(_content(server, folder, card), word.range) if card else None

    server.feature(types.TEXT_DOCUMENT_HOVER)(hover)


def _word(workspace: Workspace, params: types.HoverParams) -> Word | None:
    document = workspace.get_text_document(params.text_document.uri)
    try:
        return word_at(document.lines, params.position, workspace.position_codec)
    except (OSError, ValueError):  # not open, and on the disk it is not there, or not UTF-8
        return None


def _card(folder: Folder, path: str, line: int, word: Word) -> Card | None:
    store = folder.store()
    if store is None:
        return None
    try:
        candidates = store.symbols_named(word.name)
        found = choose(candidates, path=path, line=line, qualifier=word.qualifier, around=store.symbols_in(path))
        if found and found.symbol.is_type:
            return Card(found.symbol, found.overloads, tuple(store.derived_from(found.symbol.name)))
    except StoreError as error:
        _log.warning("%s", error)
        folder.forget_store()
        return None
    return found


def _content(server: "CodeAnvilServer", folder: Folder, card: Card) -> types.MarkupContent:
    formats = capability(server.client_capabilities, "text_document", "hover", "content_format")
    kind = formats[0] if formats else types.MarkupKind.Markdown
    text = markdown(card, folder.root) if kind == types.MarkupKind.Markdown else plain(card)
    return types.MarkupContent(kind, text)
