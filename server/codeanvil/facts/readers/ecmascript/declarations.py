"""Classes, functions and other things as they are declared, with their comments and signatures."""

import re

from tree_sitter import Node

from codeanvil.facts.model import SymbolKind
from codeanvil.facts.readers.ecmascript.comments import doc_above
from codeanvil.facts.readers.ecmascript.heritage import bases_of, intersected, type_name
from codeanvil.facts.readers.ecmascript.values import spelled, stop_of
from codeanvil.facts.readers.outline import Outline
from codeanvil.facts.readers.reading import Draft

DEFAULT = "default"
"""The name of what has none and is exported by default."""

_KEYWORDS = re.compile(rb"(?:\bexport\s+)?(?:\bdefault\s+)?(?:\bdeclare\s+)?(?:\b((?:const|let|var)\s+))?\Z")
_LAST_KEYWORDS = (b"export", b"default", b"declare", b"const", b"let", b"var")
_BLANK = re.compile(rb"(?>\s+|//[^\n]*+|/\*.*?\*/)*+", re.DOTALL)
_NEAR = 64
"""Most bytes of the keywords before a declaration."""

_APART = 2_000
"""Most bytes from a decorator to what it belongs to."""


class Declarations:
    """Adds what is declared to an outline. Nodes are to come in source order, outer ones first."""

    def __init__(self, source: bytes) -> None:
        self.outline = Outline(source, reopens=False)
        self.source = source
        self.signatures: set[int] = set()
        """Ids of the method signatures in object types that have a name."""
        self._decorators = (0, 0)

    def decorator(self, node: Node) -> None:
        """A decorator that stands before its definition and is no part of it."""
        start, end = self._decorators
        joins = start < end and self._is_blank(end, node.start_byte)
        self._decorators = (start if joins else node.start_byte, node.end_byte)

    def type(self, kind: SymbolKind, whole: Node, name: Node, node: Node, within: tuple[str, ...] = ()) -> None:
        """`node` is the class, interface or enum, `whole` what binds it to `name`; that is `node` again without one."""
        called = spelled(self.source, name) if name is not node else DEFAULT
        if name.is_missing or not called:
            return
        start, head, doc = self._begin(whole)
        self.outline.type(
            whole,
            kind,
            name,
            bases=bases_of(self.source, node),
            body=node.child_by_field_name("body"),
            start=start,
            head=node.start_byte if name is node else head,
            within=within,
            doc=doc,
            called=called,
        )

    def function(
        self,
        kind: SymbolKind,
        whole: Node,
        name: Node,
        node: Node,
        within: tuple[str, ...] = (),
        *,
        enters: bool = True,
    ) -> Draft | None:
        """As `type`; None where the name is empty."""
        called = spelled(self.source, name) if name is not node else DEFAULT
        if name.is_missing or not called:
            return None
        start, head, doc = self._begin(whole)
        body = node.child_by_field_name("body")
        return self.outline.function(
            whole,
            name,
            kind=kind,
            stop=stop_of(self.source, node, body),
            start=start,
            head=node.start_byte if name is node else head,
            within=within,
            decl=body is None,
            doc=doc,
            called=called,
            enters=enters,
        )

    def method(self, node: Node, name: Node) -> None:
        """Something callable in the body of a class or an interface."""
        is_constructor = self.outline.text(name) == "constructor"
        self.function("constructor" if is_constructor else "method", node, name, node)

    def alias(self, node: Node, name: Node) -> None:
        """A type alias, which counts as an interface where it could be one."""
        value = node.child_by_field_name("value")
        objects, others = intersected(value) if value is not None else ([], [])
        if value is None or not objects or name.is_missing:
            return
        start, head, doc = self._begin(node)
        bases = [base for other in others if (base := type_name(self.source, other))]
        stop = max(self.source.rfind(b"=", name.end_byte, value.start_byte), name.end_byte)
        self.outline.type(node, "interface", name, bases=bases, stop=stop, start=start, head=head, doc=doc)
        self.signatures.update(child.id for part in objects for child in part.named_children)

    def namespace(self, node: Node, name: Node | None) -> None:
        """`namespace A.B` is a module in a module; `declare module "x"` is a file's name and no scope."""
        if name is None or name.type == "string":
            self.outline.namespace(node)
            return
        start = self._begin(node)[0]
        pending = [name]
        while pending:
            part = pending.pop()
            if part.type == "nested_identifier":
                pending += reversed(part.named_children)
            elif not part.is_missing:
                self.outline.symbol(node, "module", part, body=node.child_by_field_name("body"), start=start)

    def _begin(self, node: Node) -> tuple[int, int, str]:
        """First byte of the statement with `export` and decorators, that of the signature, and the doc comment."""
        source, head = self.source, node.start_byte
        start = inner = head
        if source[max(0, head - _NEAR) : head].rstrip().endswith(_LAST_KEYWORDS):
            keywords = _KEYWORDS.search(source, max(0, head - _NEAR), head)
            if keywords:
                start = inner = keywords.start()
                head = keywords.start(1) if keywords[1] else head
        first, last = self._decorators
        if source.startswith(b"@", head):
            head = inner = next((c.start_byte for c in node.children if c.type not in {"decorator", "comment"}), head)
        elif first < last and self._is_blank(last, start):
            start = first
        return start, head, doc_above(source, start) or (doc_above(source, inner) if inner != start else "")

    def _is_blank(self, start: int, end: int) -> bool:
        """Whether there are only white space and comments from byte `start` to byte `end`, which is near."""
        return start <= end <= start + _APART and _BLANK.fullmatch(self.source, start, end) is not None
