"""Facts of Swift source."""

import re
from collections.abc import Iterator
from operator import itemgetter

from tree_sitter import Node

from codeanvil.facts.model import SymbolKind
from codeanvil.facts.readers.comments import file_doc
from codeanvil.facts.readers.doc_comments import swift_markup
from codeanvil.facts.readers.outline import Outline
from codeanvil.facts.readers.reading import Captures, Reading

_TYPES: dict[str, SymbolKind] = {
    "class": "class",
    "actor": "class",
    "struct": "struct",
    "enum": "enum",
    "protocol": "interface",
}
_WHAT = ("import", "type", "function", "init", "deinit", "subscript", "property", "macro", "code")
_KINDS: dict[str, SymbolKind] = {"init": "constructor", "deinit": "method", "subscript": "method"}
_ENTRY = re.compile(r"@(?:main|UIApplicationMain|NSApplicationMain)\b")
_DIRECTIVE = re.compile(rb"^[ \t]*#(?:if|elseif|else|endif)\b[^\n]*", re.MULTILINE)
# What the top of a file says to Xcode and other tools, and its name with who made it and when.
_NO_DOC = re.compile(r"\S+\.swift\b|MARK:|swiftlint:|swiftformat:|swift-tools-version:")


def read(source: bytes, captures: Captures) -> Reading:
    """Symbols, imports and file comment out of what `queries/swift.scm` captured in UTF-8 `source`.

    A protocol is an interface and an actor a class. Bases are what a type names behind its colon, raw types included,
    then what its extensions in the file add; members of extensions are the type's. Initializers are constructors;
    `deinit`, subscripts and operators are methods, properties are not, but what stands in one is scoped by its name.
    `@main`, statements outside of all definitions and a `#!` line are entry points.
    """
    outline = Outline(source)
    imports: list[str] = []
    found = [(node.start_byte, -node.end_byte, what, node) for what in _WHAT for node in captures.get(what, ())]
    for _, _, what, node in sorted(found, key=itemgetter(0, 1)):
        outline.come_to(node)
        if what == "import":
            imports += [outline.text(child) for child in node.named_children if child.type == "identifier"]
        elif what == "type":
            _enter_type(outline, node)
        elif what == "property":
            outline.namespace(node, _property(outline, node))
        elif what == "macro":
            name = next((child for child in node.named_children if child.type == "simple_identifier"), None)
            if name:
                outline.symbol(node, "macro", name, doc=swift_markup(source, node.start_byte))
        elif what == "code":
            # What the parser does not understand may look like statements; a package's manifest is no program.
            if "error" not in captures and "PackageDescription" not in imports:
                outline.entry(node)
        else:
            _enter_function(outline, what, node)
    if source.startswith(b"#!"):
        outline.main_line = 1
    doc = file_doc(source)
    return outline.reading(imports, "" if _NO_DOC.match(doc) else doc)


def without_directives(source: bytes) -> bytes:
    """`source` with the lines of `#if`, `#elseif`, `#else` and `#endif` blank, every other byte where it was."""
    return _DIRECTIVE.sub(lambda line: b" " * len(line[0]), source) if b"#if" in source else source


def _enter_type(outline: Outline, node: Node) -> None:
    word, name = node.child_by_field_name("declaration_kind"), node.child_by_field_name("name")
    if word is None or name is None or name.is_missing or name.end_byte == name.start_byte:
        return
    bases = list(_bases(outline, node))
    if word.type == "extension":
        outline.members_of(node, *_names(outline, name), bases=bases)
        return
    if _ENTRY.search(outline.text(node.children[0])) and node.children[0].type == "modifiers":
        outline.entry(name)
    outline.type(
        node,
        _TYPES.get(word.type, "class"),
        name,
        bases=bases,
        body=node.child_by_field_name("body"),
        head=_head(node),
        doc=swift_markup(outline.source, node.start_byte),
        called=outline.text(name).strip("`"),
    )


def _enter_function(outline: Outline, what: str, node: Node) -> None:
    """An initializer, `deinit` or subscript is called by its keyword."""
    name = node.child_by_field_name("name") if what == "function" else None
    name = name or next((child for child in node.children if child.type == what), None)
    if name is None or name.is_missing or name.end_byte == name.start_byte:
        return
    body = node.child_by_field_name("body") or next(
        (child for child in node.named_children if child.type == "computed_property"), None
    )
    outline.function(
        node,
        name,
        kind=_KINDS.get(what) if outline.in_type else None,
        body=body,
        head=_head(node),
        decl=body is None or node.parent is None or node.parent.type == "protocol_body",
        doc=swift_markup(outline.source, node.start_byte),
        called=outline.text(name).strip("`"),
    )


def _head(node: Node) -> int:
    """Where the declaration begins behind the attributes that stand first."""
    parts = node.children[0].children if node.children and node.children[0].type == "modifiers" else []
    first = next((part for part in parts if part.type != "attribute"), None)
    if first:
        return first.start_byte
    return node.children[1].start_byte if parts and len(node.children) > 1 else node.start_byte


def _bases(outline: Outline, node: Node) -> Iterator[str]:
    """Simple names in `: NSObject, Module.Protocol<T>, P & Q`."""
    for child in node.named_children:
        inherited = child.child_by_field_name("inherits_from") if child.type == "inheritance_specifier" else None
        if inherited and inherited.type == "user_type" and (names := _names(outline, inherited)):
            yield names[-1]


def _names(outline: Outline, node: Node) -> list[str]:
    """The parts of `Module.Outer<T>.Inner`."""
    if node.type == "type_identifier":
        return [outline.text(node)]
    return [outline.text(child) for child in node.named_children if child.type == "type_identifier"]


def _property(outline: Outline, node: Node) -> str:
    pattern = node.child_by_field_name("name")
    name = pattern.child_by_field_name("bound_identifier") if pattern else None
    return outline.text(name).strip("`") if name else ""
