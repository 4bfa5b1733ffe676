"""`textDocument/hover`: the card of the symbol under the cursor, from the index."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from lsprotocol import types

from codeanvil.facts.model import Symbol
from codeanvil.lsp.card import Card, choose, markdown, plain
from codeanvil.lsp.folder import Folder
from codeanvil.lsp.protocol import capability
from codeanvil.lsp.words import Word, word_at

if TYPE_CHECKING:
    from codeanvil.lsp.server import CodeAnvilServer
    from codeanvil.workspace.store import Store

MOST_NAMED = 64
"""Symbols of one name that are looked at."""

MOST_KEPT = 1_000


def register(server: "CodeAnvilServer") -> None:
    """Handle `textDocument/hover`."""

    async def hover(params: types.HoverParams) -> types.Hover | None:
        place = server.folders.of_uri(params.text_document.uri)
        lines = server.lines_of(params.text_document.uri)
        word = word_at(lines, params.position, server.workspace.position_codec) if place and lines is not None else None
        if place is None or word is None:
            return None
        folder, path = place
        line = params.position.line + 1
        card = await server.look(folder.read, lambda store: _card(store, path, line, word))
        return types.Hover(_content(server, folder, card), word.range) if card else None

    server.feature(types.TEXT_DOCUMENT_HOVER)(hover)


def _card(store: "Store", path: str, line: int, word: Word) -> Card | None:
    known = _known(store)
    key = (word.name, word.qualifier, path)
    if key not in known.named:
        known.named[key] = store.nearest_named(word.name, path, word.qualifier, MOST_NAMED)
    if path not in known.around and known.named[key]:
        known.around[path] = store.symbols_in(path)
    found = choose(known.named[key], path=path, line=line, qualifier=word.qualifier, around=known.around.get(path, ()))
    if found is None or not found.symbol.is_type:
        return found
    name = found.symbol.name
    if name not in known.derived:
        known.derived[name] = tuple(store.names_derived_from(name))
    return Card(found.symbol, found.overloads, known.derived[name])


@dataclass(slots=True)
class _Known:
    """What was read of one state of the index: symbols of a name as seen from a file, of a file, heirs of a type."""

    generation: tuple[int, int]
    named: dict[tuple[str, str, str], list[Symbol]] = field(default_factory=dict)
    around: dict[str, list[Symbol]] = field(default_factory=dict)
    derived: dict[str, tuple[str, ...]] = field(default_factory=dict)


_KNOWN: WeakKeyDictionary["Store", _Known] = WeakKeyDictionary()


def _known(store: "Store") -> _Known:
    """What is known of the index as it is now; forgotten whenever it was written to, and before it grows large."""
    generation, known = store.generation(), _KNOWN.get(store)
    if known is None or known.generation != generation or len(known.named) + 8 * len(known.around) > MOST_KEPT:
        known = _KNOWN[store] = _Known(generation)
    return known


def _content(server: "CodeAnvilServer", folder: Folder, card: Card) -> types.MarkupContent:
    formats = capability(server.client_capabilities, "text_document", "hover", "content_format")
    kind = formats[0] if formats else types.MarkupKind.Markdown
    text = markdown(card, folder.root) if kind == types.MarkupKind.Markdown else plain(card)
    return types.MarkupContent(kind, text)
