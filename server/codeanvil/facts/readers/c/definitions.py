"""Facts of C and C++ source, out of what `queries/c.scm` and `queries/cpp.scm` capture."""

import re
from dataclasses import dataclass

from tree_sitter import Node

from codeanvil.facts.model import SymbolKind
from codeanvil.facts.readers.c.comments import doc_of, file_doc, signature_of
from codeanvil.facts.readers.c.names import declarators, innermost, namespace_names, simple_names
from codeanvil.facts.readers.reading import Captures, Draft, Reading, end_line_of, joined, line_of, unique

_KINDS: dict[str, SymbolKind] = {
    "class_specifier": "class",
    "struct_specifier": "struct",
    "union_specifier": "union",
    "enum_specifier": "enum",
}
_DEFINITION = re.compile(rb"(?:[^\\\n]|\\.)*", re.DOTALL)
_MAINS = frozenset({"main", "wmain", "WinMain", "wWinMain"})
_BODIES = frozenset({"compound_statement", "try_statement"})
_BASES = frozenset({"type_identifier", "qualified_identifier", "template_type", "dependent_type"})


@dataclass(frozen=True, slots=True)
class _Around:
    """What encloses a definition, up to byte `end`. `owner` is the type, where it is one with a name."""

    end: int
    sort: str
    scope: str
    owner: Draft | None = None


def read(source: bytes, prepared: bytes, captures: Captures, lang: str) -> Reading:
    """Symbols, includes and file comment of UTF-8 `source`; `prepared` is what was parsed, position by position.

    A function declared in a type is its method. One defined outside of it (`void Foo::bar() {}`) is a method scoped
    by the names before its own. A friend defined in a type is a function of the namespace.
    """
    reader = _Reader(source, prepared, lang)
    steps = (
        ("namespace", reader.namespace),
        ("template", reader.template),
        ("friend", reader.friend),
        ("typedef", reader.typedef),
        ("type", reader.type),
        ("forward", reader.forward),
        ("function", reader.function),
        ("declaration", reader.declaration),
        ("untyped", reader.untyped),
        ("macro", reader.macro),
    )
    events = [
        (node.start_byte, -node.end_byte, order, step, node)
        for order, (name, step) in enumerate(steps)
        for node in captures.get(name, ())
    ]
    for start, _, _, step, node in sorted(events, key=lambda event: event[:3]):
        while reader.around and reader.around[-1].end <= start:
            reader.around.pop()
        step(node)
    includes = sorted(captures.get("include", ()), key=lambda node: node.start_byte)
    return Reading(
        drafts=sorted(reader.drafts, key=lambda draft: draft.at),
        imports=unique([reader.text(node).strip('<>" ') for node in includes]),
        doc=file_doc(prepared),
        main_line=reader.main_line,
    )


class _Reader:
    """Takes the captured nodes in source order; `around` is the stack of what encloses the present one."""

    def __init__(self, source: bytes, prepared: bytes, lang: str) -> None:
        self.source = source
        self.prepared = prepared
        self.lang = lang
        self.drafts: list[Draft] = []
        self.around: list[_Around] = []
        self.main_line = 0
        self._head = (0, 0)
        self._names: dict[int, Node] = {}
        self._namespaces: set[str] = set()

    def text(self, node: Node) -> str:
        return self.source[node.start_byte : node.end_byte].decode(errors="replace")

    def namespace(self, node: Node) -> None:
        names = namespace_names(node.child_by_field_name("name"), self.source)
        self._namespaces.update(names)
        self.around.append(_Around(node.end_byte, "namespace", joined(self._scope(), *names)))

    def template(self, node: Node) -> None:
        self._begin_head(node)

    def friend(self, node: Node) -> None:
        scope = next((outer.scope for outer in reversed(self.around) if outer.sort == "namespace"), "")
        self.around.append(_Around(node.end_byte, "friend", scope))

    def typedef(self, node: Node) -> None:
        """`typedef struct {...} Name` names the struct; `typedef struct tag Name` is known by both names."""
        specifier = node.child_by_field_name("type")
        aliases = [d.name for d in declarators(node) if d.name.type == "type_identifier" and not d.is_function]
        if specifier is None or not aliases:
            return
        self._begin_head(node)
        tag, body = specifier.child_by_field_name("name"), specifier.child_by_field_name("body")
        if tag is None:
            self._names[specifier.start_byte] = aliases[0]
            return
        if body is None and self._in_function():
            return
        if body is None:
            self._add_type(specifier, tag, decl=True, start=node.start_byte, end=node.end_byte)
        plain = [a for a in node.children_by_field_name("declarator") if a.type == "type_identifier"]
        for alias in plain[:1]:
            if self.text(alias) != self.text(tag):
                draft = self._add_type(specifier, alias, decl=body is None, start=node.start_byte, end=node.end_byte)
                draft.signature = f"typedef {specifier.type.removesuffix('_specifier')} {self.text(tag)} {draft.name}"

    def type(self, node: Node) -> None:
        name = node.child_by_field_name("name") or self._names.get(node.start_byte)
        body = node.child_by_field_name("body")
        if name is None or name.is_missing or body is None:
            self.around.append(_Around(node.end_byte, "type", self._scope()))
            return
        draft = self._add_type(node, name, decl=False, start=self._take_head(node), end=body.start_byte)
        self.around.append(_Around(node.end_byte, "type", draft.qualified, draft))

    def forward(self, node: Node) -> None:
        name = node.child_by_field_name("name")
        if name is not None and not self._in_function():
            self._add_type(node, name, decl=True, start=self._take_head(node), end=node.end_byte)

    def function(self, node: Node) -> None:
        start = self._take_head(node)
        body = node.child_by_field_name("body")
        if body is None and (last_part := node.child(node.child_count - 1)) is not None and last_part.type in _BODIES:
            body = last_part
        has_body = body is not None
        end = body.start_byte if body is not None else node.end_byte
        # Initialisers between parameters and body have been blanked.
        last = start + len(self.prepared[start:end].rstrip())
        end = last if self.source[last:end].lstrip().startswith(b":") else end
        if self.lang == "c" and (name := _untyped_name(node)) is not None and not self._in_function():
            draft = self._add_named_function(node, name, decl=False, start=start, end=end, has_type=True)
        else:
            draft = self._add_function(node, decl=not has_body, start=start, end=end)
        self.around.append(_Around(node.end_byte, "function", draft.qualified if draft else self._scope()))

    def declaration(self, node: Node) -> None:
        # `R rand(static_cast<unsigned int>(seed()));` is a variable, whatever the grammar says.
        is_value = self.prepared.find(b"_cast<", node.start_byte, node.end_byte) >= 0
        if not is_value and (not self.around or self.around[-1].sort in {"namespace", "type"}):
            self._add_function(node, decl=True, start=self._take_head(node), end=node.end_byte)

    def untyped(self, node: Node) -> None:
        """`main() { }`: a statement that calls, and a block behind it."""
        call, body = node.named_child(0), node.next_named_sibling
        while body is not None and body.type == "declaration":
            body = body.next_named_sibling
        name = call.child_by_field_name("function") if call is not None else None
        if name is None or body is None or self._in_function() or self.text(name).isupper():
            return
        self._add_named_function(node, name, decl=False, start=node.start_byte, end=body.start_byte, has_type=True)
        self.drafts[-1].end = end_line_of(body)
        self.around.append(_Around(body.end_byte, "function", self.drafts[-1].qualified))

    def macro(self, node: Node) -> None:
        name, parameters = node.child_by_field_name("name"), node.child_by_field_name("parameters")
        if name is None or parameters is None:
            return
        whole = _DEFINITION.match(self.source, node.start_byte)
        end = max(line_of(name), line_of(node) + (whole[0].rstrip().count(b"\n") if whole else 0))
        draft = Draft("macro", self.text(name), "", name.start_byte, line_of(name), end)
        draft.doc = doc_of(self.source, self.prepared, node.start_byte, node.end_byte)
        draft.signature = "#define " + signature_of(self.source, name.start_byte, parameters.end_byte)
        self.drafts.append(draft)

    def _add_type(self, node: Node, name: Node, *, decl: bool, start: int, end: int) -> Draft:
        *prefix, simple = simple_names(name, self.source) or [self.text(name)]
        draft = Draft(
            kind=_KINDS[node.type],
            name=simple,
            scope=self._scope_of(prefix),
            at=innermost(name).start_byte,
            line=line_of(innermost(name)),
            # The name of `typedef struct {...} Name` stands behind the type.
            end=max(end_line_of(node), line_of(innermost(name))),
            bases=self._bases(node),
            decl=decl,
            doc=doc_of(self.source, self.prepared, start, node.end_byte),
            signature=signature_of(self.source, start, end),
        )
        self.drafts.append(draft)
        return draft

    def _bases(self, node: Node) -> tuple[str, ...]:
        clause = next((child for child in node.named_children if child.type == "base_class_clause"), None)
        bases = [child for child in clause.named_children if child.type in _BASES] if clause is not None else []
        return tuple(names[-1] for base in bases if (names := simple_names(base, self.source)))

    def _add_function(self, node: Node, *, decl: bool, start: int, end: int) -> Draft | None:
        draft = None
        if not self._in_function():
            has_type = node.child_by_field_name("type") is not None
            for declarator in declarators(node):
                if declarator.is_function:
                    draft = self._add_named_function(
                        node, declarator.name, decl=decl, start=start, end=end, has_type=has_type
                    )
        return draft

    def _add_named_function(
        self, node: Node, name: Node, *, decl: bool, start: int, end: int, has_type: bool
    ) -> Draft | None:
        *prefix, simple = simple_names(name, self.source) or [""]
        outer = self.around[-1] if self.around else None
        # `Foo::~Foo() = default;` is a definition: it stands outside of the type.
        decl = decl and not (prefix and node.type == "function_definition")
        kind = self._function_kind(prefix, simple, outer, decl=decl, has_type=has_type)
        if not simple or kind is None:
            return None
        if outer is not None and outer.sort == "type":
            prefix = []
            if outer.owner is not None:
                outer.owner.methods[simple] = None
        draft = Draft(
            kind=kind,
            name=simple,
            scope=self._scope_of(prefix),
            at=innermost(name).start_byte,
            line=line_of(innermost(name)),
            end=end_line_of(node),
            decl=decl,
            doc=doc_of(self.source, self.prepared, start, node.end_byte),
            signature=signature_of(self.source, start, end),
        )
        self.drafts.append(draft)
        if simple in _MAINS and not draft.scope and not decl and not self.main_line:
            self.main_line = draft.line
        return draft

    def _function_kind(
        self, prefix: list[str], name: str, outer: _Around | None, *, decl: bool, has_type: bool
    ) -> SymbolKind | None:
        """What a function is by its place; None for what only looks like one: a macro's use, a variable."""
        special = name.startswith(("~", "operator"))
        if outer is not None and outer.sort == "type":
            if outer.owner is not None and name == outer.owner.name:
                return "constructor"
            return "method" if has_type or special else None
        if prefix:
            if decl:
                return None
            if prefix[-1] in self._namespaces and not special:
                return "function"
            return "constructor" if name == prefix[-1] else "method"
        return "function" if has_type or self.lang == "c" or name in _MAINS else None

    def _scope(self) -> str:
        return self.around[-1].scope if self.around else ""

    def _scope_of(self, prefix: list[str]) -> str:
        """The scope of `a::B::f`, whose first name may be that of a scope around it: in `namespace a` it is a.B."""
        around = self._scope().split(".") if prefix else []
        if prefix and prefix[0] in around:
            return joined(*around[: around.index(prefix[0])], *prefix)
        return joined(self._scope(), *prefix)

    def _in_function(self) -> bool:
        return bool(self.around) and self.around[-1].sort == "function"

    def _begin_head(self, node: Node) -> None:
        """Remember where a `template<...>` or `typedef` begins: what it introduces begins there."""
        if node.end_byte > self._head[1]:
            self._head = (node.start_byte, node.end_byte)

    def _take_head(self, node: Node) -> int:
        start, end = self._head
        self._head = (0, 0)
        return start if start <= node.start_byte and node.end_byte <= end else node.start_byte


def _untyped_name(definition: Node) -> Node | None:
    """The name of `name(x) { }`, which has no type: the grammar takes the name for the type of `(x)`."""
    name, declarator = definition.child_by_field_name("type"), definition.child_by_field_name("declarator")
    if name is None or declarator is None or declarator.type != "parenthesized_declarator":
        return None
    return name if name.type == "type_identifier" and name.text and not name.text.isupper() else None
