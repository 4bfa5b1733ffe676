"""The definitions of a Ruby file, node by node."""

import re
from collections.abc import Iterator

from tree_sitter import Node

from codeanvil.facts.model import SymbolKind
from codeanvil.facts.readers.outline import Outline
from codeanvil.facts.readers.reading import Draft
from codeanvil.facts.readers.ruby.comments import doc_above

_MADE: dict[str, tuple[SymbolKind, tuple[str, ...]]] = {
    "Class": ("class", ()), "Module": ("module", ()), "Struct": ("class", ("Struct",)), "Data": ("class", ("Data",)),
}  # fmt: skip
_READERS = frozenset({"attr", "attr_reader", "attr_accessor"})
_WRITERS = frozenset({"attr_writer", "attr_accessor"})
_DEFINERS = frozenset({"define_method", "define_singleton_method", "alias_method"})
_WORD_BEFORE = re.compile(rb"(?:\A|\n)[ \t]*([a-z_]\w*[!?]?[ \t]+)\Z")
_LONGEST_WORD = 64
_MOST_NAMES = 50
"""Longest chain `A::B::C` that is a name; in a broken file there may be one of any length."""


class Definitions:
    """Takes the captured nodes of one file in source order into its outline."""

    def __init__(self, source: bytes) -> None:
        self.outline = Outline(source, mark="#")
        self.imports: list[str] = []
        self._source = source
        self._named: set[int] = set()
        self._signature = (0, 0)
        self._singleton_class = (0, 0)

    def take(self, what: str, node: Node) -> None:
        """Take `node`, which was captured as `what`."""
        match what:
            case "class" | "module":
                self._type("class" if what == "class" else "module", node, node.child_by_field_name("name"), node)
            case "made":
                self._made(node)
            case "singleton":
                self._singleton(node)
            case "method":
                self._method(node)
            case "alias":
                name = node.child_by_field_name("name")
                if name is not None and name.type != "global_variable":
                    self._called(node, name)
            case "anonymous":
                if node.id not in self._named:
                    self.outline.namespace(node)
            case _:
                self._call(node)

    # --- types

    def _type(self, kind: SymbolKind, whole: Node, name: Node | None, node: Node) -> None:
        """`node` is the class or module, `whole` what gives it its `name`."""
        names = self._names(name)
        if not names or names[-1].is_missing:
            return
        if self.outline.text(names[0]) == "::":
            self.outline.root(whole)
            names = names[1:]
        superclass = node.child_by_field_name("superclass")
        bases = self._bases(superclass.named_child(0) if superclass is not None else None)
        self.outline.type(
            whole,
            kind,
            names[-1],
            bases=bases,
            stop=(superclass or name or names[-1]).end_byte,
            within=[self.outline.text(each) for each in names[:-1]],
            doc=doc_above(self._source, whole.start_byte),
        )

    def _made(self, node: Node) -> None:
        """`Point = Struct.new(:x) do ... end` and its like."""
        left, call = node.child_by_field_name("left"), node.child_by_field_name("right")
        maker = call.child_by_field_name("receiver") if call is not None else None
        names = self._names(left)
        if call is None or maker is None or not names:
            return
        kind, bases = _MADE[self.outline.text(maker)]
        arguments, block = call.child_by_field_name("arguments"), call.child_by_field_name("block")
        if block is not None:
            self._named.add(block.id)
        if kind == "class" and not bases and arguments is not None:
            bases = tuple(self._bases(arguments.named_child(0)))
        if self.outline.text(names[0]) == "::":
            self.outline.root(node)
            names = names[1:]
        self.outline.type(
            node,
            kind,
            names[-1],
            bases=bases,
            stop=block.start_byte if block is not None else None,
            within=[self.outline.text(each) for each in names[:-1]],
            doc=doc_above(self._source, node.start_byte),
        )

    def _names(self, name: Node | None) -> list[Node]:
        """The nodes of `A`, `B` and `C` in `A::B::C`, behind a node `::` when that is how it begins."""
        names: list[Node] = []
        while name is not None and name.type == "scope_resolution" and len(names) < _MOST_NAMES:
            names += name.children_by_field_name("name")[:1]
            outer = name.child_by_field_name("scope")
            if outer is None:
                return [*name.children[:1], *names[::-1]]
            name = outer
        return (
            [name, *names[::-1]] if name is not None and name.type in {"constant", "identifier", "self"} else names[:1]
        )

    def _bases(self, expression: Node | None) -> Iterator[str]:
        """The class that an expression names: of `Struct.new(...)` and `Migration[7.0]` that before the brackets, of
        `Delegate(A)` the function and the classes that it is called with."""
        pending = [expression]
        while pending:
            node = pending.pop()
            if node is None:
                continue
            match node.type:
                case "constant":
                    yield self.outline.text(node)
                case "scope_resolution":
                    pending += node.children_by_field_name("name")
                case "element_reference":
                    pending.append(node.child_by_field_name("object"))
                case "call":
                    method, arguments = node.child_by_field_name("method"), node.child_by_field_name("arguments")
                    if method is not None and method.type == "constant":
                        if arguments is not None:
                            pending += reversed(arguments.named_children[:_MOST_NAMES])
                        pending.append(method)
                    elif method is not None and self.outline.text(method) == "new" and self._maker(node) == "Class":
                        pending.append(arguments.named_child(0) if arguments is not None else None)
                    else:
                        pending.append(node.child_by_field_name("receiver"))

    def _maker(self, call: Node) -> str:
        receiver = call.child_by_field_name("receiver")
        return self.outline.text(receiver) if receiver is not None else ""

    def _singleton(self, node: Node) -> None:
        """`class << self` holds methods of the type around, `class << Type` those of the type; an object's own methods
        are functions."""
        owner = self._owner(node.child_by_field_name("value"))
        self._singleton_class = (node.start_byte, node.end_byte)
        if owner is None:
            self.outline.namespace(node)
        else:
            self.outline.members_of(node, *owner)

    def _owner(self, value: Node | None) -> list[str] | None:
        """The names of the type in `class << Type` and `def Type.method`, none for that around; None for an object."""
        if value is None or value.type == "self":
            return []
        if value.type not in {"constant", "scope_resolution"}:
            return None
        names = [self.outline.text(each) for each in self._names(value)]
        return [] if names == [self._type_name()] else names

    def _type_name(self) -> str:
        return self.outline.scope.rpartition(".")[2] if self.outline.in_type else ""

    # --- methods

    def _method(self, node: Node) -> None:
        name, owner = node.child_by_field_name("name"), node.child_by_field_name("object")
        if name is None or name.is_missing or name.end_byte == name.start_byte:
            return
        within = self._owner(owner)
        is_member = bool(within) or (self.outline.in_type and within is not None)
        called = "".join(self.outline.text(name).split())
        kind: SymbolKind = "method" if is_member else "function"
        if is_member and called == "initialize" and owner is None:
            kind = "constructor"
        parameters = node.child_by_field_name("parameters")
        self.outline.function(
            node,
            name,
            kind=kind,
            stop=(parameters or name).end_byte,
            within=within or (),
            doc=doc_above(self._source, self._start_of(node)),
            called=called,
        )

    def _start_of(self, node: Node) -> int:
        """Where the line of a definition begins: before `private` in `private def`, and before Sorbet's `sig`."""
        start = node.start_byte
        if word := _WORD_BEFORE.search(self._source, max(0, start - _LONGEST_WORD), start):
            start = word.start(1)
        first, last = self._signature
        return first if first < last <= start and self._source[last:start].isspace() else start

    def _call(self, node: Node) -> None:
        method, arguments = node.child_by_field_name("method"), node.child_by_field_name("arguments")
        word = self.outline.text(method) if method is not None else ""
        given = arguments.named_children if arguments is not None else []
        if word == "sig":
            self._signature = (node.start_byte, node.end_byte)
        elif word in {"include", "prepend"}:
            draft = self.outline.enclosing
            first, last = self._singleton_class
            extends = draft is not None and draft.at < first <= node.start_byte < last
            if draft is not None and not self.outline.in_function and not extends:
                draft.bases += tuple(base for each in given for base in self._bases(each) if base not in draft.bases)
        elif word in _DEFINERS:
            if given and given[0].type in {"simple_symbol", "string"}:
                self._called(node, given[0])
        elif word in _READERS | _WRITERS:
            for name in given:
                if name.type in {"simple_symbol", "string"}:
                    self._accessors(node, name, word)
        elif given:
            self._import(word, given[-1])

    def _accessors(self, node: Node, name: Node, word: str) -> None:
        if word in _READERS:
            self._called(node, name)
        if word in _WRITERS:
            self._called(node, name, "=")

    def _called(self, node: Node, name: Node, suffix: str = "") -> Draft | None:
        """A method by a call or `alias` that gives its literal name."""
        called = self.outline.text(name).strip(":\"'") + suffix
        if not called.removesuffix("=").strip() or "#{" in called or "\n" in called or not self.outline.in_type:
            return None
        return self.outline.function(
            node,
            name,
            kind="method",
            stop=self._stop_of(node),
            doc=doc_above(self._source, node.start_byte),
            called=called,
            enters=False,
        )

    def _stop_of(self, node: Node) -> int:
        block = node.child_by_field_name("block")
        return block.start_byte if block is not None else node.end_byte

    def _import(self, word: str, path: Node) -> None:
        text = self.outline.text(path)[1:-1]
        if path.type != "string" or not text or "#{" in text:
            return
        is_relative = word == "require_relative" and not text.startswith((".", "/"))
        self.imports.append(f"./{text}" if is_relative else text)
