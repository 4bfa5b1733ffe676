"""Facts of Go source."""

import re
from collections.abc import Iterator
from operator import itemgetter

from tree_sitter import Node

from codeanvil.facts.model import SymbolKind
from codeanvil.facts.readers.comments import comment_above, doc_above, file_doc
from codeanvil.facts.readers.outline import Outline
from codeanvil.facts.readers.reading import Captures, Reading, joined
from codeanvil.facts.text import first_sentence

_WHAT = ("package", "import", "constant", "type", "required", "function", "method")
_KINDS: dict[str, SymbolKind] = {"struct_type": "struct", "interface_type": "interface"}
_WRAPPERS = frozenset({"pointer_type", "parenthesized_type", "generic_type", "qualified_type"})
_IOTA = re.compile(r"\biota\b")
# As go/ast tells them from what documents: no space after the slashes, and a colon or a known word.
_DIRECTIVE = re.compile(r"^[ \t]*//(?:line |extern |export |[a-z0-9]+:[a-z0-9]|[ \t]*\+build\b)[^\n]*\n?", re.MULTILINE)
# What an interface may name as an element without inheriting from it: it restricts type arguments.
_NO_INTERFACES = frozenset(
    {
        "bool", "byte", "complex64", "complex128", "float32", "float64", "int", "int8", "int16", "int32", "int64",
        "rune", "string", "uint", "uint8", "uint16", "uint32", "uint64", "uintptr",
    }
)  # fmt: skip


def read(source: bytes, captures: Captures) -> Reading:
    """Symbols, imports and file comment out of what `queries/go.scm` captured in UTF-8 `source`.

    The package's name is the scope of all that is in it, as Go itself writes `http.Server`. Bases are embedded
    fields and interfaces. A method belongs to its receiver's type, which may be in another file. A named type that is
    neither struct nor interface is a class, or an enum where constants of this file count it up by `iota`. An alias is
    no type of its own, and what is called `_` is nothing.
    """
    outline = Outline(source)
    imports: list[str] = []
    counted: set[str] = set()
    package: Node | None = None
    found = [(node.start_byte, -node.end_byte, what, node) for what in _WHAT for node in captures.get(what, ())]
    for _, _, what, node in sorted(found, key=itemgetter(0, 1)):
        outline.come_to(node)
        if what == "package":
            package = package or node
            outline.namespace(node, outline.text(node), end=len(source))
        elif what == "import":
            imports.append(outline.text(node).strip('"`'))
        elif what == "constant":
            counted |= _counted(outline, node)
        elif what == "type":
            _type(outline, node)
        else:
            _function(outline, node, package)
    for draft in outline.drafts:
        if draft.kind == "class" and draft.qualified in counted:
            draft.kind = "enum"
    return outline.reading(filter(None, imports), _file_doc(source, package))


def _type(outline: Outline, node: Node) -> None:
    name, defined, declaration = node.child_by_field_name("name"), node.child_by_field_name("type"), node.parent
    if name is None or defined is None or declaration is None or not _is_name(outline, name):
        return
    alone = declaration.child_count < 2 or declaration.child(1).type != "("
    keyword = next(iter(defined.children), None)
    draft = outline.type(
        node,
        _KINDS.get(defined.type, "class"),
        name,
        bases=_bases(outline, defined),
        start=declaration.start_byte if alone else node.start_byte,
        stop=keyword.end_byte if keyword and defined.type in _KINDS else defined.end_byte,
        doc=_doc(
            outline.source, node.start_byte, *([declaration.start_byte] if declaration.named_child_count == 1 else [])
        ),
    )
    if not alone:
        draft.signature = f"type {draft.signature}"


def _bases(outline: Outline, defined: Node) -> Iterator[str]:
    """Simple names of what a struct or an interface embeds."""
    if defined.type == "struct_type":
        fields = next((child for child in defined.named_children if child.type == "field_declaration_list"), None)
        for field in fields.named_children if fields else ():
            embedded = field.child_by_field_name("type")
            if field.type == "field_declaration" and embedded and not field.child_by_field_name("name"):
                yield from _simple(outline, embedded)
    elif defined.type == "interface_type":
        for element in defined.named_children:
            if element.type == "type_elem" and element.named_child_count == 1:
                yield from (name for name in _simple(outline, element.named_children[0]) if name not in _NO_INTERFACES)


def _simple(outline: Outline, node: Node | None) -> Iterator[str]:
    """The simple name in `*pkg.Name[T]` or `(Name)`; nothing where the type has none, as `~int`."""
    while node and node.type in _WRAPPERS:
        inner = node.child_by_field_name("name" if node.type == "qualified_type" else "type")
        node = inner or next(iter(node.named_children), None)
    if node and node.type == "type_identifier" and _is_name(outline, node):
        yield outline.text(node)


def _function(outline: Outline, node: Node, package: Node | None) -> None:
    name, body, receiver = (node.child_by_field_name(field) for field in ("name", "body", "receiver"))
    if name is None or name.is_missing or (node.type == "method_elem" and not outline.in_type):
        return
    if not _is_name(outline, name):
        outline.namespace(node, outline.text(name))
        return
    owner = next(iter(_simple(outline, _type_of(receiver))), "") if receiver else ""
    outline.function(
        node,
        name,
        body=body,
        within=[owner] if owner else [],
        decl=body is None,
        doc=_doc(outline.source, node.start_byte),
    )
    if node.type == "function_declaration" and package and outline.text(package) == outline.text(name) == "main":
        outline.entry(name)


def _type_of(receiver: Node) -> Node | None:
    declared = next((child for child in receiver.named_children if child.type == "parameter_declaration"), None)
    return declared.child_by_field_name("type") if declared else None


def _counted(outline: Outline, node: Node) -> set[str]:
    """The type of a constant that is counted up, qualified."""
    name, value = node.child_by_field_name("type"), node.child_by_field_name("value")
    if name is None or value is None or not _IOTA.search(outline.text(value)):
        return set()
    return {joined(outline.scope, outline.text(name))}


def _is_name(outline: Outline, name: Node) -> bool:
    return not name.is_missing and outline.text(name) not in {"", "_"}


def _doc(source: bytes, *starts: int) -> str:
    """First sentence of the comment above the first of `starts` that has one; directives say nothing."""
    for start in starts:
        comment = _DIRECTIVE.sub("", comment_above(source, start))
        if comment and (sentence := first_sentence(comment)):
            return sentence
    return ""


def _file_doc(source: bytes, package: Node | None) -> str:
    """The package's comment above its clause, or what stands apart at the top."""
    if package is None or package.parent is None:
        return ""
    head = _DIRECTIVE.sub("", source[: package.parent.start_byte].decode(errors="replace")).encode()
    return doc_above(head, len(head)) or file_doc(head)
