"""Putting the definitions of a file into their scopes. A reader walks the captured nodes in source order and says
of each what it is; the outline knows what encloses it.

    outline = Outline(source)
    for node in sorted(captured, key=lambda node: (node.start_byte, -node.end_byte)):
        outline.come_to(node)
        outline.type(node, "class", name, bases=..., body=node.child_by_field_name("body"))
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tree_sitter import Node

from codeanvil.facts.model import SymbolKind
from codeanvil.facts.readers.comments import doc_above, file_doc, signature_of
from codeanvil.facts.readers.reading import Draft, Reading, end_line_of, joined, line_of, unique

_CALLED: frozenset[SymbolKind] = frozenset({"function", "method", "constructor"})


@dataclass(frozen=True, slots=True)
class _Around:
    """What encloses the nodes up to byte `end`. `draft` is the definition it is; None for a namespace or an `impl`.

    `members` holds the qualified name of the type whose members are declared directly inside, '' elsewhere.
    """

    end: int
    scope: str
    draft: Draft | None
    members: str = ""


class Outline:
    """The definitions of one file of UTF-8 `source`. `mark` begins comments (`//` or `#`).

    `reopens` says that types with one qualified name are one type, each of which has the methods of all.
    """

    def __init__(self, source: bytes, mark: str = "//", *, reopens: bool = True) -> None:
        self.source = source
        self.drafts: list[Draft] = []
        self.main_line = 0
        self._mark = mark
        self._reopens = reopens
        self._around: list[_Around] = []
        self._types: list[Draft] = []
        self._members: list[tuple[str, str]] = []
        self._added_bases: dict[str, list[str]] = {}

    def text(self, node: Node) -> str:
        """The source text of a node."""
        return self.source[node.start_byte : node.end_byte].decode(errors="replace")

    def come_to(self, node: Node) -> None:
        """Leave whatever ends before `node`. To be called for every node, in source order, outer ones first."""
        while self._around and self._around[-1].end <= node.start_byte:
            self._around.pop()

    @property
    def scope(self) -> str:
        """The enclosing names, joined with '.'."""
        return self._around[-1].scope if self._around else ""

    @property
    def enclosing(self) -> Draft | None:
        """The definition directly around, None at the top, in a namespace or in an `impl`."""
        return self._around[-1].draft if self._around else None

    @property
    def in_type(self) -> bool:
        """Whether members of a type are declared here: directly in it, or in an `impl` or extension of it."""
        return bool(self._around) and bool(self._around[-1].members)

    @property
    def in_function(self) -> bool:
        """Whether the nearest definition around is a function."""
        draft = self.enclosing
        return draft is not None and draft.kind in _CALLED

    def namespace(self, node: Node, *names: str, end: int | None = None) -> None:
        """`node`, or what goes on to byte `end`, encloses what is in it by `names` and is no symbol."""
        self._around.append(_Around(node.end_byte if end is None else end, joined(self.scope, *names), None))

    def root(self, node: Node) -> None:
        """`node` is as if it stood at the top of the file."""
        self._around.append(_Around(node.end_byte, "", None))

    def members_of(self, node: Node, *names: str, bases: Iterable[str] = (), scope: str | None = None) -> None:
        """`node` holds members of a type that is defined elsewhere: an `impl`, an extension. It may add `bases`.

        The `names` of the type are those seen from `scope`, by default where the node stands; without them, it is the
        type around.
        """
        qualified = joined(self.scope if scope is None else scope, *names)
        owner = None if names or self.in_function else self.enclosing
        self._added_bases.setdefault(qualified, []).extend(bases)
        self._around.append(_Around(node.end_byte, qualified, owner, qualified))

    def type(
        self,
        node: Node,
        kind: SymbolKind,
        name: Node,
        *,
        bases: Iterable[str] = (),
        body: Node | None = None,
        stop: int | None = None,
        start: int | None = None,
        head: int | None = None,
        within: Sequence[str] = (),
        decl: bool = False,
        doc: str | None = None,
        called: str | None = None,
    ) -> Draft:
        """Add a type, or a module that has methods as Ruby's, and enter it.

        `name` is the node of its simple name; `called` is that name where it is not the node's text. `start` is the
        first byte of the declaration with its attributes, where that is not the node's: the doc comment ends above
        it. The signature goes from `head` (by default `start`) to byte `stop` (by default where `body` begins);
        `within` are names that stand before its own (`class A::B`).
        """
        draft = self._add(
            node,
            kind,
            name,
            body=body,
            stop=stop,
            start=start,
            head=head,
            within=within,
            decl=decl,
            doc=doc,
            called=called,
        )
        draft.bases = tuple(bases)
        self._types.append(draft)
        self._around.append(_Around(node.end_byte, draft.qualified, draft, draft.qualified))
        return draft

    def function(
        self,
        node: Node,
        name: Node,
        *,
        kind: SymbolKind | None = None,
        body: Node | None = None,
        stop: int | None = None,
        start: int | None = None,
        head: int | None = None,
        within: Sequence[str] = (),
        decl: bool = False,
        doc: str | None = None,
        called: str | None = None,
        enters: bool = True,
    ) -> Draft:
        """Add a function and enter it, unless `enters` is false; as `type`. Without a `kind` it is a method where
        members are declared or where `within` names a type (a receiver), else a function. Methods and constructors
        become the type's."""
        member = self.in_type or bool(within)
        kind = kind or ("method" if member else "function")
        draft = self._add(
            node,
            kind,
            name,
            body=body,
            stop=stop,
            start=start,
            head=head,
            within=within,
            decl=decl,
            doc=doc,
            called=called,
        )
        if member and draft.kind in {"method", "constructor"}:
            owner = self.enclosing
            if owner is not None and not self._reopens and not within:
                owner.methods[draft.name] = None
            else:
                self._members.append((draft.scope, draft.name))
        if enters:
            self.enter(node, draft)
        return draft

    def symbol(
        self,
        node: Node,
        kind: SymbolKind,
        name: Node,
        *,
        body: Node | None = None,
        stop: int | None = None,
        start: int | None = None,
        doc: str | None = None,
    ) -> Draft:
        """Add something else that has a name (a module, a macro) and enter it as a scope; as `type`."""
        draft = self._add(node, kind, name, body=body, stop=stop, start=start, doc=doc)
        self._around.append(_Around(node.end_byte, draft.qualified, None))
        return draft

    def enter(self, node: Node, draft: Draft) -> None:
        """What is in `node` is inside of `draft`, which was added without entering it."""
        self._around.append(_Around(node.end_byte, draft.qualified, draft))

    def becomes_type(self, draft: Draft, kind: SymbolKind) -> None:
        """A function of this outline turned out to be the definition of a type, and has the members of its name."""
        draft.kind = kind
        self._types.append(draft)

    def entry(self, node: Node) -> None:
        """A program starts at `node`; the first one counts."""
        self.main_line = self.main_line or line_of(node)

    def reading(self, imports: Iterable[str] = (), doc: str | None = None) -> Reading:
        """What was found. What `impl`s, extensions and receivers add goes to their type, where it is in this file.

        Bases that they add to types of other files are told as such.
        """
        types: dict[str, list[Draft]] = {}
        for draft in self._types:
            types.setdefault(draft.qualified, []).append(draft)
        for owner, name in self._members:
            for draft in types.get(owner, ()):
                draft.methods[name] = None
        for owner, bases in self._added_bases.items():
            for draft in types.get(owner, ()):
                draft.bases = unique([*draft.bases, *bases])
        return Reading(
            drafts=sorted(self.drafts, key=lambda draft: draft.at),
            imports=unique(list(imports)),
            doc=file_doc(self.source, self._mark) if doc is None else doc,
            main_line=self.main_line,
            added_bases=tuple(
                (owner, base)
                for owner, bases in self._added_bases.items()
                for base in unique(bases)
                if owner and owner not in types
            ),
        )

    def _add(
        self,
        node: Node,
        kind: SymbolKind,
        name: Node,
        *,
        body: Node | None,
        stop: int | None = None,
        start: int | None,
        head: int | None = None,
        within: Sequence[str] = (),
        decl: bool = False,
        doc: str | None = None,
        called: str | None = None,
    ) -> Draft:
        start = node.start_byte if start is None else start
        head = start if head is None else head
        stop = stop or (body.start_byte if body else node.end_byte)
        draft = Draft(
            kind=kind,
            name=called if called is not None else self.text(name),
            scope=joined(self.scope, *within),
            at=name.start_byte,
            line=line_of(name),
            end=end_line_of(node),
            decl=decl,
            doc=doc_above(self.source, start, self._mark) if doc is None else doc,
            signature=signature_of(self.source, head, stop, self._mark),
        )
        self.drafts.append(draft)
        return draft
