"""Kotlin's companion objects, whose members are called as if they were those of the class around."""

from codeanvil.facts.model import Symbol
from codeanvil.facts.readers.kotlin import COMPANION


def companion(symbol: Symbol) -> str:
    """The scope of what is in the companion object of a Kotlin type; of any other symbol its own."""
    return f"{symbol.qualified}.{COMPANION}" if symbol.lang == "kotlin" and symbol.is_type else symbol.qualified


def as_called(symbol: Symbol) -> str:
    """The qualified name by which a symbol is called: `Foo.create` for `Foo.Companion.create`."""
    return symbol.qualified.replace(f".{COMPANION}.", ".") if symbol.lang == "kotlin" else symbol.qualified
