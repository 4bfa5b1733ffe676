"""Facts of Java source."""

import re
from collections.abc import Iterator
from operator import itemgetter

from tree_sitter import Node

from codeanvil.facts.model import SymbolKind
from codeanvil.facts.readers.comments import file_doc
from codeanvil.facts.readers.doc_comments import javadoc
from codeanvil.facts.readers.easing import last_tries, second_tries
from codeanvil.facts.readers.outline import Outline
from codeanvil.facts.readers.reading import Captures, Reading

__all__ = ["last_tries", "read", "second_tries"]

_TYPES: dict[str, SymbolKind] = {
    "class": "class",
    "interface": "interface",
    "enum": "enum",
    "record": "record",
    "annotation": "annotation",
}
_WHAT = (*_TYPES, "package", "anonymous", "named", "method", "constructor", "import")
_CLAUSES = frozenset({"superclass", "super_interfaces", "extends_interfaces"})
_ANNOTATIONS = frozenset({"annotation", "marker_annotation"})
_COMMENTS = frozenset({"line_comment", "block_comment"})
_BLANKS = re.compile(r"\s+|//[^\n]*|/\*.*?\*/", re.DOTALL)
_IMPORT = re.compile(r"import\s+(?:static\s+)?(?:module\s+)?|;")
_MAIN = re.compile(r"\bstatic\b.*\bvoid main\s?\([^,()]*\bString\b[^,()]*\)")
_SIMPLE_MAIN = re.compile(r"\bvoid main\s?\(\s?(?:[^,()]*\bString\b[^,()]*)?\)")


def read(source: bytes, captures: Captures) -> Reading:
    """Symbols, imports and file comment out of what `queries/java.scm` captured in UTF-8 `source`.

    The package is scope. Bases are what a type extends, then what it implements. What an anonymous class declares is
    scoped by the names around it: method, field or enum constant. Imports are names as written, `.*` included; a
    static import names the member. `main` with an array of strings is an entry point, and in a class without a header
    any `void main()`.
    """
    outline = Outline(source, reopens=False)
    imports: list[str] = []
    package: Node | None = None
    found = [(node.start_byte, -node.end_byte, what, node) for what in _WHAT for node in captures.get(what, ())]
    for _, _, what, node in sorted(found, key=itemgetter(0, 1)):
        outline.come_to(node)
        if what == "import":
            imports.append(_IMPORT.sub("", _BLANKS.sub(" ", outline.text(node))).replace(" ", ""))
        elif what == "package":
            package = package or node
            outline.namespace(node, _package(outline, node), end=len(source))
        elif what == "anonymous":
            outline.namespace(node)
        elif what == "named":
            name = node.child_by_field_name("name")
            outline.namespace(node, outline.text(name) if name else "")
        else:
            _define(outline, what, node)
    doc = javadoc(source, package.start_byte) if package else ""
    return outline.reading(imports, doc or file_doc(source))


def _package(outline: Outline, node: Node) -> str:
    name = next((child for child in node.named_children if child.type in {"scoped_identifier", "identifier"}), None)
    return _BLANKS.sub("", outline.text(name)) if name else ""


def _define(outline: Outline, what: str, node: Node) -> None:
    name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
    if name is None or name.is_missing or name.end_byte <= name.start_byte:
        return
    doc, head = javadoc(outline.source, node.start_byte), _head(node)
    if what in _TYPES:
        outline.type(node, _TYPES[what], name, body=body, head=head, doc=doc, bases=_bases(outline, node))
        return
    kind: SymbolKind = "method" if what == "method" else "constructor"
    if outline.enclosing is None and node.parent is not None and node.parent.type == "program":
        kind = "function"
    draft = outline.function(node, name, kind=kind, body=body, head=head, decl=body is None, doc=doc)
    if draft.name == "main" and (_SIMPLE_MAIN if kind == "function" else _MAIN).search(draft.signature):
        outline.entry(name)


def _head(node: Node) -> int:
    """First byte of a declaration behind the annotations that it begins with."""
    modifiers = node.child(0)
    if modifiers is None or modifiers.type != "modifiers":
        return node.start_byte
    own = (child for child in modifiers.children if child.type not in _ANNOTATIONS | _COMMENTS)
    return next((child.start_byte for child in own), modifiers.end_byte)


def _bases(outline: Outline, node: Node) -> Iterator[str]:
    """Simple names in `extends A<B>` and `implements c.D, @E F`."""
    for clause in node.children:
        if clause.type in _CLAUSES:
            for part in clause.named_children:
                for type_node in part.named_children if part.type == "type_list" else [part]:
                    if type_node.type not in _COMMENTS and (base := _simple(type_node)):
                        yield outline.text(base)


def _simple(node: Node) -> Node | None:
    """The node of a type's own name, without the names before it, arguments and annotations."""
    inner: Node | None = node
    while inner is not None and inner.type != "type_identifier":
        if inner.type == "generic_type":
            inner = next((child for child in inner.named_children if child.type not in _COMMENTS), None)
        elif inner.type in {"scoped_type_identifier", "annotated_type"}:
            inner = next((child for child in reversed(inner.named_children) if child.type not in _COMMENTS), None)
        else:
            return None
    return inner
