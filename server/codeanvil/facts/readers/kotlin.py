"""Facts of Kotlin source."""

import re
from collections.abc import Iterator
from operator import itemgetter

from tree_sitter import Node

from codeanvil.facts.model import SymbolKind
from codeanvil.facts.readers.comments import file_doc
from codeanvil.facts.readers.doc_comments import kdoc
from codeanvil.facts.readers.easing import ANNOTATIONS, last_tries, masked, second_tries
from codeanvil.facts.readers.outline import Outline
from codeanvil.facts.readers.reading import Captures, Reading, joined

__all__ = ["COMPANION", "last_tries", "prepared", "read", "second_tries"]

COMPANION = "Companion"
"""What a companion object is called that has no name of its own."""

_WHAT = ("package", "type", "function", "constructor", "named", "anonymous", "import")
# The grammar takes `@A enum class B` for a call of `class`, with or without other modifiers.
_ANNOTATED = re.compile(ANNOTATIONS + rb"(?P<found>(?=(?:[a-z]+\s+){0,9}?(?:class|interface|object)\b))?")
_BODIES = frozenset({"class_body", "enum_class_body", "function_body", "block"})
_SUPERTYPES = frozenset({"user_type", "constructor_invocation", "explicit_delegation"})
_ANNOTATIONS = frozenset({"annotation", "line_comment", "block_comment"})
_BLANKS = re.compile(r"\s+|//[^\n]*|/\*.*?\*/", re.DOTALL)
_ALIAS = re.compile(r"\s+as\s.*", re.DOTALL)
_MAIN = re.compile(r"\bfun main ?\( ?(?:vararg \w+ ?: ?String|\w+ ?: ?Array ?< ?(?:out )?String ?>)? ?,? ?\)")


def prepared(source: bytes) -> bytes:
    """UTF-8 `source` as the grammar can read it, every position kept.

    Annotations of types are blanked: they hide the types. The last line is ended: after a property the scanner looks
    for the end of an annotation, and does so for ever where the file ends in it.
    """
    if not source.endswith(b"\n"):
        source += b"\n"
    if b"@" not in source:
        return source
    text = bytearray(source)
    for match in _ANNOTATED.finditer(masked(source)):
        if match["found"] is not None:
            text[match.start() : match.end()] = re.sub(rb"\S", b" ", match[0])
    return bytes(text)


def read(source: bytes, captures: Captures) -> Reading:
    """Symbols, imports and file comment out of what was captured in UTF-8 `source`, `prepared`.

    The package is scope. Objects are classes, and so is a companion object, called `Companion` where it has no name.
    An extension function is a function of its package, or a method of the class that it stands in. Constructors are
    those written as such; a primary one is in the signature of its class. What an object expression declares is
    scoped by the names around it: function, property or enum entry. Imports are names as written, `.*` included. An
    entry point is a function `main` of the file or a `@JvmStatic` one of an object, and the first line of a script
    that begins with `#!`.
    """
    outline = Outline(source, reopens=False)
    imports: list[str] = []
    package: Node | None = None
    members = {node.id for node in captures.get("member", ())}
    found = [(node.start_byte, -node.end_byte, what, node) for what in _WHAT for node in captures.get(what, ())]
    for _, _, what, node in sorted(found, key=itemgetter(0, 1)):
        outline.come_to(node)
        if what == "import":
            name = _ALIAS.sub("", outline.text(node).removeprefix("import"))
            imports.append(_BLANKS.sub("", name).replace("`", ""))
        elif what == "package":
            package = package or node
            outline.namespace(node, _path(outline, _child(node, "qualified_identifier")), end=len(source))
        elif what == "anonymous":
            outline.namespace(node)
        elif what == "named":
            outline.namespace(node, _name_of(outline, _child(node, "variable_declaration") or node))
        elif what == "type":
            _type(outline, node)
        else:
            _function(outline, node, what, member=node.id in members)
    if source.startswith(b"#!"):
        outline.main_line = 1
    doc = kdoc(source, package.start_byte) if package else ""
    return outline.reading(imports, doc or file_doc(source))


def _type(outline: Outline, node: Node) -> None:
    name = _child(node, "identifier")
    companion = node.type == "companion_object"
    if companion and name is None:
        where, called = _child(node, "object"), COMPANION
    else:
        where, called = name, outline.text(name).strip("`") if name else ""
    if where is None or not called:
        return
    outline.type(
        node,
        _kind(outline, node),
        where,
        called=called,
        bases=_bases(outline, node),
        body=next((child for child in node.children if child.type in _BODIES), None),
        head=_head(node),
        doc=kdoc(outline.source, node.start_byte),
    )


def _kind(outline: Outline, node: Node) -> SymbolKind:
    if _child(node, "interface"):
        return "interface"
    modifiers = _child(node, "modifiers")
    words = {outline.text(child) for child in modifiers.children if child.type == "class_modifier"} if modifiers else ()
    return "enum" if "enum" in words else "annotation" if "annotation" in words else "class"


def _function(outline: Outline, node: Node, what: str, *, member: bool) -> None:
    body = next((child for child in node.children if child.type in _BODIES), None)
    kind: SymbolKind = "method" if member or outline.in_type else "function"
    name = node.child_by_field_name("name") if what == "function" else _child(node, "constructor")
    called = outline.text(name).strip("`") if name else ""
    stop, local = body, outline.in_function
    if what == "constructor":
        kind, stop = "constructor", _child(node, ":") or body
        around = outline.enclosing
        called = around.name if around and name else ""
    if name is None or not called:
        return
    draft = outline.function(
        node,
        name,
        kind=kind,
        called=called,
        body=body,
        stop=stop.start_byte if stop else None,
        head=_head(node),
        decl=body is None and what == "function",
        doc=kdoc(outline.source, node.start_byte),
    )
    static = b"@JvmStatic" in outline.source[node.start_byte : name.start_byte]
    if called == "main" and not local and (kind == "function" or static) and _MAIN.search(draft.signature):
        outline.entry(name)


def _head(node: Node) -> int:
    """First byte of a declaration behind the annotations that it begins with."""
    modifiers = node.child(0)
    if modifiers is None or modifiers.type != "modifiers":
        return node.start_byte
    own = (child for child in modifiers.children if child.type not in _ANNOTATIONS)
    return next((child.start_byte for child in own), modifiers.end_byte)


def _bases(outline: Outline, node: Node) -> Iterator[str]:
    """Simple names in `: A<B>(x), c.D, E by f`; a function type has none."""
    clause = _child(node, "delegation_specifiers")
    for specifier in clause.named_children if clause else ():
        base = next((child for child in specifier.named_children if child.type in _SUPERTYPES), None)
        while base is not None and base.type != "user_type":
            base = next((child for child in base.named_children if child.type in _SUPERTYPES), None)
        names = [child for child in base.named_children if child.type == "identifier"] if base else []
        if names:
            yield outline.text(names[-1]).strip("`")


def _child(node: Node, sort: str) -> Node | None:
    return next((child for child in node.children if child.type == sort), None)


def _name_of(outline: Outline, node: Node) -> str:
    name = _child(node, "identifier")
    return outline.text(name).strip("`") if name else ""


def _path(outline: Outline, node: Node | None) -> str:
    return joined(*(outline.text(child).strip("`") for child in node.named_children)) if node else ""
