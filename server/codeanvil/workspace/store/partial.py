"""C#'s partial types: one type in several files, each of which knows its own part."""

import re
from collections.abc import Iterable
from dataclasses import replace

from codeanvil.facts.model import Symbol

_PARTIAL = re.compile(r"\bpartial\b")


def is_part(symbol: Symbol) -> bool:
    """Whether the type may go on in other files."""
    return symbol.lang == "csharp" and symbol.is_type and _PARTIAL.search(symbol.signature) is not None


def arity(symbol: Symbol) -> int:
    """How many type parameters a type has: `Foo<T>` is another type than `Foo`."""
    parameters = re.search(rf"\b{re.escape(symbol.name)}\s*<([^<>]*)>", symbol.signature)
    return parameters[1].count(",") + 1 if parameters else 0


def whole(symbol: Symbol, parts: Iterable[Symbol]) -> Symbol:
    """A part with the bases and methods of all `parts` of its type, its own first; others of the name are left out."""
    own = [part for part in parts if is_part(part) and arity(part) == arity(symbol)]
    return replace(
        symbol,
        bases=tuple(dict.fromkeys([*symbol.bases, *(base for part in own for base in part.bases)])),
        methods=tuple(dict.fromkeys([*symbol.methods, *(method for part in own for method in part.methods)])),
    )
