"""What the readers of all languages share: a symbol in the making, and what a reader hands back."""

from dataclasses import dataclass, field

from tree_sitter import Node

from codeanvil.facts.model import Symbol, SymbolKind

Captures = dict[str, list[Node]]
"""Nodes by the capture names of a language's query."""


@dataclass(slots=True)
class Draft:
    """A symbol whose methods are still being found. `at` is the byte where its name begins."""

    kind: SymbolKind
    name: str
    scope: str
    at: int
    line: int
    end: int
    bases: tuple[str, ...] = ()
    decl: bool = False
    doc: str = ""
    signature: str = ""
    methods: dict[str, None] = field(default_factory=dict)

    @property
    def qualified(self) -> str:
        """Scope and name."""
        return f"{self.scope}.{self.name}" if self.scope else self.name

    def symbol(self, path: str, lang: str) -> Symbol:
        """The finished value."""
        return Symbol(
            kind=self.kind,
            lang=lang,
            name=self.name,
            scope=self.scope,
            qualified=self.qualified,
            file=path,
            line=self.line,
            end=self.end,
            bases=self.bases,
            methods=tuple(self.methods),
            decl=self.decl,
            doc=self.doc,
            signature=self.signature,
        )


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader found in a file. `main_line` is the line of `int main(` or the main guard, 0 without one.

    `added_bases`: as those of `FileFacts`.
    """

    drafts: list[Draft]
    imports: tuple[str, ...] = ()
    doc: str = ""
    main_line: int = 0
    added_bases: tuple[tuple[str, str], ...] = ()


def joined(*names: str) -> str:
    """The names that are not empty, joined with '.'."""
    return ".".join(filter(None, names))


def line_of(node: Node) -> int:
    """Line of the node's first character, from 1."""
    return node.start_point[0] + 1


def end_line_of(node: Node) -> int:
    """Line of the node's last character, from 1."""
    row, column = node.end_point
    return row + 1 if column or row == node.start_point[0] else row


def unique(names: list[str]) -> tuple[str, ...]:
    """`names` in order, each once."""
    return tuple(dict.fromkeys(names))
