"""What an outline and a search for symbols show: pure, facts in, the protocol's symbols out."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from lsprotocol import types
from pygls.workspace import PositionCodec

from codeanvil.facts.model import Symbol

_KINDS: dict[str, types.SymbolKind] = {
    "class": types.SymbolKind.Class,
    "struct": types.SymbolKind.Struct,
    "interface": types.SymbolKind.Interface,
    "enum": types.SymbolKind.Enum,
    "union": types.SymbolKind.Struct,
    "trait": types.SymbolKind.Interface,
    "record": types.SymbolKind.Class,
    "annotation": types.SymbolKind.Interface,
    "module": types.SymbolKind.Module,
    "function": types.SymbolKind.Function,
    "method": types.SymbolKind.Method,
    "constructor": types.SymbolKind.Constructor,
    "macro": types.SymbolKind.Constant,
}


def tree(symbols: Iterable[Symbol], lines: Sequence[str], codec: PositionCodec) -> list[types.DocumentSymbol]:
    """The symbols of one file, each below the innermost one whose lines hold all of its own.

    `lines` is the text that the client sees, which may be shorter than what the facts were read from: what lies
    beyond its end is left out.
    """
    top: list[types.DocumentSymbol] = []
    around: list[tuple[Symbol, types.DocumentSymbol]] = []
    for symbol in sorted(symbols, key=lambda each: (each.line, -each.end)):
        if symbol.line > len(lines):
            continue
        shown = types.DocumentSymbol(
            name=symbol.name,
            kind=_KINDS[symbol.kind],
            range=_lines_of(symbol, lines, codec),
            selection_range=name_range(symbol, lines, codec),
            detail=symbol.signature,
            children=[],
        )
        while around and not _holds(around[-1][0], symbol):
            around.pop()
        (around[-1][1].children if around else top).append(shown)  # type: ignore[union-attr]
        around.append((symbol, shown))
    return top


def flat(symbols: Iterable[Symbol], root: Path) -> list[types.SymbolInformation]:
    """The symbols as a list, each with the scope it is in; `root` is the workspace's folder."""
    return [
        types.SymbolInformation(
            location=types.Location((root / symbol.file).as_uri(), _line(symbol.line)),
            name=symbol.name,
            kind=_KINDS[symbol.kind],
            container_name=symbol.scope or None,
        )
        for symbol in symbols
    ]


def name_range(symbol: Symbol, lines: Sequence[str], codec: PositionCodec) -> types.Range:
    """Where the name of a symbol stands in its line, in client units; the line's beginning where it does not."""
    text = lines[symbol.line - 1] if symbol.line <= len(lines) else ""
    found = re.search(rf"(?<!\w){re.escape(symbol.name)}(?!\w)", text)
    if found is None:
        return _line(symbol.line)
    start = codec.client_num_units(text[: found.start()])
    end = start + codec.client_num_units(found[0])
    return types.Range(types.Position(symbol.line - 1, start), types.Position(symbol.line - 1, end))


def _lines_of(symbol: Symbol, lines: Sequence[str], codec: PositionCodec) -> types.Range:
    last = min(max(symbol.end, symbol.line), len(lines))
    end = codec.client_num_units(lines[last - 1].rstrip("\r\n"))
    return types.Range(types.Position(symbol.line - 1, 0), types.Position(last - 1, end))


def _line(line: int) -> types.Range:
    return types.Range(types.Position(line - 1, 0), types.Position(line - 1, 0))


def _holds(outer: Symbol, inner: Symbol) -> bool:
    # Two on one line hold each other by their lines; then the scope tells.
    if (outer.line, outer.end) == (inner.line, inner.end) or outer.line == inner.line:
        return inner.scope == outer.qualified
    return outer.end >= inner.end and outer.end >= inner.line
