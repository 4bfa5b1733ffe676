"""Facts of Rust source."""

import re
from collections.abc import Iterator
from operator import itemgetter

from tree_sitter import Node

from codeanvil.facts.languages import LANGUAGES
from codeanvil.facts.model import SymbolKind
from codeanvil.facts.readers.easing import masked
from codeanvil.facts.readers.outline import Outline
from codeanvil.facts.readers.reading import Captures, Reading
from codeanvil.facts.text import first_sentence

_TYPES: dict[str, SymbolKind] = {"struct": "struct", "enum": "enum", "union": "union", "trait": "trait"}
_WHAT = ("above", "use", "mod", *_TYPES, "alias", "impl", "function", "macro")
_WRAPPERS = {
    "reference_type": "type",
    "pointer_type": "type",
    "generic_type": "type",
    "higher_ranked_trait_bound": "type",
    "dynamic_type": "trait",
    "function_type": "trait",
    "scoped_type_identifier": "name",
}
_NAMES = frozenset({"type_identifier", "identifier", "primitive_type", "metavariable"})
_DOC_ATTRIBUTE = re.compile(r'#!?\[\s*doc\s*=\s*r?#*"(.*)"#*\s*\]', re.DOTALL)
_STEPS = re.compile(r"\b(super|crate)\s*::")
_USE = re.compile(r"^(?:pub\s*(?:\([^)]*\))?\s+)?(?:use|extern\s+crate)\s+")
_PARTS = re.compile(r"[^{},]+|[{},]")
_ALIAS = re.compile(r"\s+as\s.*", re.DOTALL)
# What brackets must hold for it to be worth looking into them.
_ITEM = re.compile(rb"\{.*?\b(?:fn|struct|enum|union|trait|impl|mod|macro_rules)\b", re.DOTALL)
_MOST_NESTED = 50
_MOST_MACROS = 4
"""Uses of macros in one another that are looked into."""

# What the grammar does not know: `trait A = B + C;`, macros by the word `macro`, attributes of closures.
_TRAIT_ALIAS = re.compile(rb"\btrait(?=\s+\w+\s*(?:<[^;{}]*>\s*)?=)")
_MACRO = re.compile(rb"^[ \t]*(?:pub\b[ \t]*(?:\([^()\n]*\)[ \t]*)?)?macro[ \t]+\w+[ \t]*(?=[({])", re.MULTILINE)
_OF_EXPRESSION = re.compile(rb"(?<=[=(,])\s*#\[[^\]\n]*\]")

_COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)


def read(source: bytes, captures: Captures) -> Reading:
    """Symbols, imports and file comment out of what `queries/rust.scm` captured in UTF-8 `source`.

    Modules are scopes and symbols. Bases of a trait are its supertraits, of another type the traits that `impl`s in
    its file implement for it: this is how a Rust type says what it is. What an `impl` holds are methods of its type,
    or of its trait where it is for all types of a sort (`impl<T> Trait for T`). Only doc comments document. Imports are
    paths, groups expanded; `mod name;` imports `self::name`.
    """
    outline = Outline(source)
    imports: list[str] = []
    above = _Above(outline)
    found = [(node.start_byte, -node.end_byte, what, node) for what, node in _with_macros(source, captures)]
    for _, _, what, node in sorted(found, key=itemgetter(0, 1)):
        outline.come_to(node)
        if what == "above":
            above.add(node)
            continue
        doc = above.doc_of(node) if what not in {"use", "impl"} else above.forget()
        name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
        if what == "use":
            imports += _used(outline.text(node))
        elif what == "impl":
            _enter_impl(outline, node)
        elif name is None or name.is_missing or name.end_byte == name.start_byte:
            continue
        elif what == "alias":
            _enter_trait_alias(outline, node, name, doc)
        elif what == "mod" and body is None:
            imports.append(f"self::{outline.text(name)}")
        elif what == "mod":
            outline.symbol(node, "module", name, body=body, doc=doc)
        elif what == "macro":
            outline.symbol(node, "macro", name, stop=name.end_byte, doc=doc)
        elif what == "function":
            if outline.text(name) == "main" and not outline.scope:
                outline.entry(name)
            outline.function(node, name, body=body, decl=body is None, doc=doc)
        else:
            # The fields of a tuple struct are all that it says.
            stop = node.end_byte if body and body.type == "ordered_field_declaration_list" else None
            bases = _bounds(outline, node.child_by_field_name("bounds"))
            outline.type(node, _TYPES[what], name, bases=bases, body=body, stop=stop, doc=doc)
    return outline.reading(imports, above.file_doc())


def second_tries(source: bytes, lang: str) -> Iterator[tuple[str, bytes]]:
    """UTF-8 `source` with aliases of traits as if they were of types, without macros by the word `macro` and without
    attributes of expressions."""
    code, text = masked(source), bytearray(source)
    for match in _OF_EXPRESSION.finditer(code):
        text[match.start() : match.end()] = re.sub(rb"[^\n]", b" ", match[0])
    for match in _TRAIT_ALIAS.finditer(code):
        text[match.start() : match.end()] = b"type "
    end = 0
    for match in _MACRO.finditer(code):
        if match.start() >= end:
            end = _end_of_block(code, match.end())
            text[match.start() : end] = re.sub(rb"[^\n]", b" ", source[match.start() : end])
    if text != source:
        yield lang, bytes(text)


def _end_of_block(code: bytes, start: int) -> int:
    """The byte behind the closing of the first braces from `start` on."""
    depth = 0
    for match in re.compile(rb"[{}]").finditer(code, start):
        depth += 1 if match[0] == b"{" else -1
        if depth <= 0:
            return match.end()
    return len(code)


def _enter_trait_alias(outline: Outline, node: Node, name: Node, doc: str) -> None:
    """`trait A = B + C;`, which was read as an alias of types; of such nothing is told."""
    word = next((child for child in node.children if child.type == "type"), None)
    if word is not None and outline.source[word.start_byte :].startswith(b"trait"):
        of = node.child_by_field_name("type")
        bounds = of.named_children if of is not None and of.type == "bounded_type" else [of]
        bases = [base for bound in bounds for base in _simple(outline, bound)]
        outline.type(node, "trait", name, bases=bases, stop=node.end_byte - 1, doc=doc)


def _with_macros(source: bytes, captures: Captures) -> Iterator[tuple[str, Node]]:
    """What was captured, and what stands in uses of macros among the items: `cfg_rt! { fn f() {} }`.

    Of a macro with a syntax of its own (`cfg_if! { if #[cfg(unix)] { fn f() {} } }`) its blocks are looked into.
    """
    language = LANGUAGES["rust"]
    yield from ((what, node) for what in _WHAT for node in captures.get(what, ()))
    pending = [(node, 1) for node in captures.get("tokens", ())]
    while pending:
        tokens, depth = pending.pop()
        if depth > _MOST_MACROS or not _ITEM.match(source, tokens.start_byte, tokens.end_byte):
            continue
        root = language.parse(source, tokens)
        if root.has_error:
            pending += [(child, depth + 1) for child in tokens.named_children if child.type == "token_tree"]
            continue
        inside = language.captures(root) or {}
        yield from ((what, node) for what in _WHAT for node in inside.get(what, ()))
        pending += [(node, depth + 1) for node in inside.get("tokens", ())]


class _Above:
    """The comments and attributes that stand above a definition, as the walk comes by them."""

    def __init__(self, outline: Outline) -> None:
        self._outline = outline
        self._pending: list[Node] = []
        self._inner: list[str] = []

    def add(self, node: Node) -> None:
        """Take the next one in source order."""
        if node.child_by_field_name("inner") or node.type == "inner_attribute_item":
            if node.parent and node.parent.type == "source_file":
                self._inner.append(self._documentation(node))
        elif not self._pending or self._pending[-1].start_byte < node.start_byte:
            # A comment in a use of a macro is captured twice.
            self._pending.append(node)

    def doc_of(self, node: Node) -> str:
        """First sentence of the doc comments above `node`: what else stands among them does no harm."""
        start, said = node.start_byte, list[str]()
        for above in reversed(self._pending):
            if self._outline.source[above.end_byte : start].strip():
                break
            start = above.start_byte
            if documentation := self._documentation(above):
                said.append(documentation)
        self.forget()
        return first_sentence("\n".join(reversed(said))) if said else ""

    def forget(self) -> str:
        """Nothing that was taken stands above what comes."""
        self._pending.clear()
        return ""

    def file_doc(self) -> str:
        """First sentence of what documents the file itself."""
        return first_sentence("\n".join(filter(None, self._inner))) if self._inner else ""

    def _documentation(self, node: Node) -> str:
        """The text of a doc comment, or of a `doc` attribute as if it were one; '' of anything else."""
        text = self._outline.text(node)
        if node.child_by_field_name("doc"):
            return text.rstrip("\n")
        attribute = _DOC_ATTRIBUTE.fullmatch(text)
        return "\n".join(f"///{line}" for line in attribute[1].split("\n")) if attribute else ""


def _enter_impl(outline: Outline, node: Node) -> None:
    """The methods in an `impl` are those of its type; of its trait where the type has no name of its own."""
    of = node.child_by_field_name("type")
    trait = next(_simple(outline, node.child_by_field_name("trait")), "")
    generic = node.child_by_field_name("type_parameters")
    parameters = {
        outline.text(name)
        for parameter in (generic.named_children if generic else ())
        if (name := parameter.child_by_field_name("name"))
    }
    owner = next(_simple(outline, of), "")
    if owner and of and owner not in parameters:
        refused = any(child.type == "!" for child in node.children)
        bases = [trait] if trait and not refused else []
        outline.members_of(node, owner, bases=bases, scope=_scope_of(outline, of))
    else:
        outline.members_of(node, trait)


def _scope_of(outline: Outline, of: Node) -> str:
    """The scope from which `super::Name` or `crate::Name` names a type; paths through other modules are left out."""
    modules = outline.scope.split(".")
    for step in _STEPS.findall(outline.text(of)):
        modules = [] if step == "crate" else modules[:-1]
    return ".".join(modules)


def _simple(outline: Outline, node: Node | None) -> Iterator[str]:
    """The simple name in `&'a path::Name<T>`, the first in `dyn Name + Send`; nothing in `(A, B)`."""
    while node and (node.type in _WRAPPERS or node.type == "bounded_type"):
        wrapped = _WRAPPERS.get(node.type)
        node = node.child_by_field_name(wrapped) if wrapped else next(iter(node.named_children), None)
    if node and node.type in _NAMES and not node.is_missing:
        yield outline.text(node)


def _bounds(outline: Outline, bounds: Node | None) -> Iterator[str]:
    """Supertraits in `: A + path::B<T> + 'static + ?Sized`."""
    for bound in bounds.named_children if bounds else ():
        yield from _simple(outline, bound)


def _used(statement: str) -> Iterator[str]:
    """Paths that `use a::{b, c::{self, d as e}};` names: a::b, a::c, a::c::d."""
    prefixes, path = [""], ""
    for part in _PARTS.findall(_USE.sub("", _COMMENT.sub(" ", statement)).rstrip("; \n") + ","):
        if part == "{":
            prefixes.append(prefixes[-1] + path)
            path = ""
        elif part in ",}":
            if path and (name := _full(prefixes[-1], path)):
                yield name
            path = ""
            if part == "}" and len(prefixes) > 1:
                prefixes.pop()
        else:
            path = _ALIAS.sub("", part.strip())
        if len(prefixes) > _MOST_NESTED:
            return


def _full(prefix: str, path: str) -> str:
    if path in {"self", "*"}:
        path = ""
    return (prefix + path).removesuffix("*").rstrip(":").removeprefix("::") if path or prefix else ""
