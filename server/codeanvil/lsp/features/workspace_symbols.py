"""`workspace/symbol`: symbols of all open folders by a part of their name."""

import re
from typing import TYPE_CHECKING

from lsprotocol import types

from codeanvil.facts.model import Symbol
from codeanvil.lsp.outline import flat

if TYPE_CHECKING:
    from codeanvil.lsp.folder import Folder
    from codeanvil.lsp.server import CodeAnvilServer
    from codeanvil.workspace.store import Store

MOST = 200
"""Symbols that are told at most, of each folder; who types one more letter asks again."""


def register(server: "CodeAnvilServer") -> None:
    """Handle `workspace/symbol`."""

    async def workspace_symbols(params: types.WorkspaceSymbolParams) -> list[types.SymbolInformation]:
        found = [
            (folder, await server.in_thread(_found, folder, params.query))
            for folder in server.folders
            if folder.settings.editor.symbols
        ]
        return [shown for folder, symbols in found for shown in flat(symbols, folder.root)]

    server.feature(types.WORKSPACE_SYMBOL)(workspace_symbols)


def _found(folder: "Folder", query: str) -> list[Symbol]:
    return folder.read(lambda store: search(store, query)) or []


def search(store: "Store", query: str) -> list[Symbol]:
    """Up to `MOST` symbols whose name holds the letters of `query` in their order, in any case; the closest first.

    What stands before the last '.' or '::' of a query must be letters of the scope, likewise. An empty query finds the
    types that most files mention.
    """
    scope, _, wanted = query.replace("::", ".").replace(" ", "").rpartition(".")
    if not wanted and not scope:
        names = [qualified for qualified, _ in store.most_referred(MOST)]
        return [symbol for name in names for symbol in store.symbols_named(name) if symbol.is_type][:MOST]
    pattern, in_scope = _letters(wanted), _letters(scope)
    names = sorted(
        (name for name in store.symbol_names() if pattern.search(name)),
        key=lambda name: (*_distance(name, wanted), len(name), name),
    )
    found: list[Symbol] = []
    for name in names:
        # Of a type, where it is defined, not everywhere that it is declared.
        known = [symbol for symbol in store.symbols_named(name) if in_scope.search(symbol.scope)]
        found += [symbol for symbol in known if not symbol.decl] or known
        if len(found) >= MOST:
            break
    return found[:MOST]


def _letters(wanted: str) -> re.Pattern[str]:
    return re.compile(".*?".join(map(re.escape, wanted)), re.IGNORECASE)


def _distance(name: str, wanted: str) -> tuple[bool, bool, bool, bool]:
    """False where it is closer: the very name, in any case, its beginning, a part of it."""
    low, short = name.lower(), wanted.lower()
    return name != wanted, low != short, not low.startswith(short), short not in low
