"""What a hover shows of a symbol: pure, facts in, text out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from codeanvil.facts.model import Symbol

_NAMES_SHOWN = 12
_SIGNATURES_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Card:
    """A symbol with what belongs to it. `overloads` are further symbols of the same qualified name,
    `derived` the names of types that derive from it."""

    symbol: Symbol
    overloads: tuple[Symbol, ...] = ()
    derived: tuple[str, ...] = ()


def choose(
    candidates: Sequence[Symbol], *, path: str, line: int, qualifier: str, around: Sequence[Symbol]
) -> Card | None:
    """The symbol most likely meant by a name at `line` (from 1) of the file `path`; None without candidates.

    First the definition on that very line, then one whose scope is the `qualifier` before the name, then one from
    the scope around the cursor (`around`: the symbols of the file), then of the same file, then types before
    members and bodies before declarations.
    """
    if not candidates:
        return None
    scopes = {symbol.qualified for symbol in around if symbol.line <= line <= symbol.end}
    scopes |= {symbol.scope for symbol in around if symbol.line <= line <= symbol.end}
    lang = next((symbol.lang for symbol in around), "")

    def distance(symbol: Symbol) -> tuple[object, ...]:
        last = symbol.scope.rsplit(".", 1)[-1]
        return (
            not (symbol.file == path and symbol.line == line),
            not (qualifier and last == qualifier),
            bool(qualifier) or symbol.scope == "" or symbol.scope not in scopes,
            symbol.file != path,
            bool(lang) and symbol.lang != lang,
            not symbol.is_type,
            symbol.decl,
            symbol.file,
            symbol.line,
        )

    ranked = sorted(candidates, key=distance)
    best = ranked[0]
    return Card(best, tuple(each for each in ranked[1:] if each.qualified == best.qualified))


def markdown(card: Card, root: Path) -> str:
    """The card as Markdown, with links into the workspace at `root`."""
    symbol = card.symbol
    signatures = _signatures(card)
    parts = [f"**{symbol.kind}** `{symbol.qualified}`"]
    if signatures:
        parts.append("\n".join((f"```{symbol.lang}", *signatures, "```")))
    if doc := _doc(card):
        parts.append(_escaped(doc))
    for label, names, more in _relations(card):
        parts.append(f"{label}: {', '.join(f'`{name}`' for name in names)}{more}")
    parts.append(" · ".join(_link(place, root) for place in _places(card)))
    return "\n\n".join(parts)


def plain(card: Card) -> str:
    """The card for clients that show no Markdown."""
    symbol = card.symbol
    parts = [f"{symbol.kind} {symbol.qualified}", *_signatures(card)]
    if doc := _doc(card):
        parts.append(doc)
    parts += [f"{label}: {', '.join(names)}{more}" for label, names, more in _relations(card)]
    parts += [f"{place.file}:{place.line}" for place in _places(card)]
    return "\n".join(parts)


def _signatures(card: Card) -> list[str]:
    """Signatures of the symbol and its overloads in the same file: declaration and body would say it twice."""
    same_file = [each for each in (card.symbol, *card.overloads) if each.file == card.symbol.file and each.signature]
    ordered = sorted(same_file, key=lambda each: each.line)
    return list(dict.fromkeys(each.signature for each in ordered))[:_SIGNATURES_SHOWN]


def _doc(card: Card) -> str:
    """The comment of the symbol; in C++ it often stands at the declaration only."""
    return next((each.doc for each in (card.symbol, *card.overloads) if each.doc), "")


def _relations(card: Card) -> list[tuple[str, list[str], str]]:
    """Label, names, and how many more there are, for all that is not empty."""
    symbol = card.symbol
    listed = [
        ("Bases", list(symbol.bases)),
        ("Derived", list(dict.fromkeys(card.derived))),
        ("Methods", list(dict.fromkeys(symbol.methods))),
    ]
    return [(label, names[:_NAMES_SHOWN], _more(names)) for label, names in listed if names]


def _more(names: list[str]) -> str:
    return f" and {len(names) - _NAMES_SHOWN} more" if len(names) > _NAMES_SHOWN else ""


def _places(card: Card) -> list[Symbol]:
    """Where it is: the symbol itself and, in another file, its declaration or body."""
    other = next((each for each in card.overloads if each.file != card.symbol.file), None)
    return [card.symbol] if other is None else [card.symbol, other]


def _link(symbol: Symbol, root: Path) -> str:
    return f"[{_escaped(symbol.file)}:{symbol.line}]({(root / symbol.file).as_uri()}#L{symbol.line})"


def _escaped(text: str) -> str:
    return re.sub(r"([\\`*_\[\]<>#|~])", r"\\\1", text)
