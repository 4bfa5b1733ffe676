"""Facts of C# source, out of what `queries/csharp.scm` captures."""

import re
from collections.abc import Iterator
from operator import itemgetter

from tree_sitter import Node

from codeanvil.facts.model import SymbolKind
from codeanvil.facts.readers.comments import file_doc
from codeanvil.facts.readers.doc_comments import without_xml, xml_doc
from codeanvil.facts.readers.outline import Outline
from codeanvil.facts.readers.reading import Captures, Draft, Reading

_TYPES: dict[str, SymbolKind] = {
    "class": "class",
    "struct": "struct",
    "interface": "interface",
    "enum": "enum",
    "record": "record",
}
_MEMBERS: dict[str, SymbolKind] = {"method": "method", "operator": "method", "constructor": "constructor"}
_WHAT = (*_TYPES, "namespace", "named", "function", "method", "constructor", "operator", "statement", "using")
_BLANKS = re.compile(r"\s+|//[^\n]*|/\*.*?\*/", re.DOTALL)
_USING = re.compile(r"^(?:global )?using (?:static |unsafe )*(?:@?\w+ ?= ?)?|;$")
_QUALIFIED = re.compile(r"@?\w+(?:(?:\.|::)@?\w+)*")
_ARGUMENTS = re.compile(r"<.*", re.DOTALL)
_MAIN = re.compile(r"\bstatic\b.*\bMain ?\( ?(?:string ?\[ ?\] ?@?\w+)? ?\)", re.IGNORECASE)


def read(source: bytes, captures: Captures) -> Reading:
    """Symbols, imports and file comment out of what was captured in UTF-8 `source`, directives blanked.

    Namespaces are scope, also those of a whole file. The parts of a partial type that are in one file have the bases
    and methods of all. Finalisers (`~Foo`) and operators (`operator +`, `operator int`) are methods; properties,
    indexers and events are none, but scope for functions in them. A delegate is a function without a body: it says
    how one is called. Imports are the names of `using`. An entry point is a static `Main` or the first statement
    outside of any function.
    """
    outline = Outline(source, reopens=False)
    imports: list[str] = []
    parts: dict[tuple[str, int], list[Draft]] = {}
    found = [(node.start_byte, -node.end_byte, what, node) for what in _WHAT for node in captures.get(what, ())]
    for _, _, what, node in sorted(found, key=itemgetter(0, 1)):
        outline.come_to(node)
        if what == "using":
            imports += _imported(outline.text(node))
        elif what == "namespace":
            end = len(source) if node.type == "file_scoped_namespace_declaration" else node.end_byte
            outline.namespace(node, _name(outline, node), end=end)
        elif what == "named":
            outline.namespace(node, _name(outline, node))
        elif what == "statement":
            if all(child.type != "local_function_statement" for child in node.children):
                outline.entry(node)
        elif what in _TYPES:
            _type(outline, what, node, parts)
        else:
            _function(outline, what, node)
    for drafts in parts.values():
        _join(drafts)
    return outline.reading(imports, without_xml(file_doc(source)))


def _name(outline: Outline, node: Node) -> str:
    name = node.child_by_field_name("name")
    return _BLANKS.sub("", outline.text(name)) if name else ""


def _type(outline: Outline, what: str, node: Node, parts: dict[tuple[str, int], list[Draft]]) -> None:
    name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
    if name is None or name.is_missing or name.end_byte <= name.start_byte:
        return
    kind, doc = _TYPES[what], xml_doc(outline.source, node.start_byte)
    draft = outline.type(node, kind, name, body=body, head=_head(node), doc=doc, bases=_bases(outline, node))
    if any(child.type == "modifier" and outline.text(child) == "partial" for child in node.children):
        parameters = next((child for child in node.children if child.type == "type_parameter_list"), None)
        arity = sum(child.type == "type_parameter" for child in parameters.children) if parameters else 0
        parts.setdefault((draft.qualified, arity), []).append(draft)


def _join(drafts: list[Draft]) -> None:
    """Give each part of a partial type what all of them have."""
    methods = {name: None for draft in drafts for name in draft.methods}
    bases = dict.fromkeys(base for draft in drafts for base in draft.bases)
    for draft in drafts:
        draft.bases += tuple(base for base in bases if base not in draft.bases)
        draft.methods = dict(methods)


def _function(outline: Outline, what: str, node: Node) -> None:
    name, called = (node.child_by_field_name("name"), None) if what != "operator" else _operator(outline, node)
    if name is None or name.is_missing or name.end_byte <= name.start_byte:
        return
    if what == "constructor" and _is_extension(outline, name):
        outline.members_of(node)
        return
    body = node.child_by_field_name("body")
    kind = _MEMBERS.get(what)
    if node.type == "delegate_declaration" or (kind == "method" and not outline.in_type):
        kind = "function"
    initializer = next((child for child in node.children if child.type == "constructor_initializer"), None)
    draft = outline.function(
        node,
        name,
        kind=kind,
        body=body,
        stop=initializer.start_byte if initializer else None,
        head=_head(node),
        decl=body is None,
        doc=xml_doc(outline.source, node.start_byte),
        called=called,
    )
    if draft.name == "Main" and draft.kind == "method" and _MAIN.search(draft.signature):
        outline.entry(name)


def _operator(outline: Outline, node: Node) -> tuple[Node | None, str]:
    """Where the name of an operator or a finaliser begins, and that name: `operator +`, `operator int`, `~A`."""
    if node.type == "destructor_declaration":
        tilde = next((child for child in node.children if child.type == "~"), None)
        return tilde, "~" + _name(outline, node)
    keyword = next((child for child in node.children if child.type == "operator"), None)
    parameters = node.child_by_field_name("parameters")
    if keyword is None or parameters is None:
        return None, ""
    text = outline.source[keyword.end_byte : parameters.start_byte].decode(errors="replace")
    name = _BLANKS.sub(" ", text).strip().removeprefix("checked ").strip()
    if node.type == "conversion_operator_declaration":
        name = _ARGUMENTS.sub("", name)
    return (keyword if name else None), f"operator {name}"


def _is_extension(outline: Outline, name: Node) -> bool:
    """Whether what looks like a constructor is a block of extension members: `extension(string s) { ... }`."""
    around = outline.enclosing
    return outline.text(name) == "extension" and around is not None and around.name != "extension"


def _head(node: Node) -> int:
    """First byte of a declaration behind its attributes."""
    own = (child for child in node.children if child.type not in {"attribute_list", "comment"})
    return next((child.start_byte for child in own), node.start_byte)


def _bases(outline: Outline, node: Node) -> Iterator[str]:
    """Simple names in `: A<B>, c.D, global::E(x)`; the underlying type of an enum is no base."""
    clause = next((child for child in node.children if child.type == "base_list"), None)
    for child in clause.named_children if clause else ():
        base = child.child_by_field_name("type") if child.type == "primary_constructor_base_type" else child
        while base is not None and base.type in {"qualified_name", "alias_qualified_name"}:
            base = base.child_by_field_name("name")
        if base is not None and base.type == "generic_name":
            base = base.named_child(0)
        if base is not None and base.type == "identifier":
            yield outline.text(base)


def _imported(directive: str) -> Iterator[str]:
    """What `using A.B;`, `using static A.B;` or `using C = A.B<D>;` names: A.B."""
    name = _ARGUMENTS.sub("", _USING.sub("", _BLANKS.sub(" ", directive).strip())).replace(" ", "")
    if _QUALIFIED.fullmatch(name):
        yield name
