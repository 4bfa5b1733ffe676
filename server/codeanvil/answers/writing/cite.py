"""Citations: where an answer's facts stand. Links are made here and nowhere else, from the index."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from codeanvil.facts.model import Symbol
from codeanvil.samples import prose


@dataclass(frozen=True, slots=True)
class Citation:
    """A line of the workspace that an answer rests on; `symbol` is the qualified name there, or ''."""

    path: str
    line: int
    symbol: str = ""

    @property
    def link(self) -> str:
        """`[path:line](path#Lline)`."""
        return f"[{self.path}:{self.line}]({quote(self.path)}#L{self.line})"


def of(symbol: Symbol) -> Citation:
    """Where a symbol's name stands."""
    return Citation(symbol.file, symbol.line, symbol.qualified)


def with_link(symbol: Symbol) -> str:
    """A symbol's name with its link in brackets."""
    return f"{prose.code(prose.display(symbol))} ({of(symbol).link})"


def joined(parts: Iterable[str]) -> str:
    """`a, b and c`."""
    items = list(parts)
    return " and ".join([", ".join(items[:-1]), items[-1]]) if len(items) > 1 else "".join(items)
