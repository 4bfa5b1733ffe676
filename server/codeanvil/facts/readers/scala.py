"""Facts of Scala source, 2 and 3."""

import re
from collections.abc import Iterator
from operator import itemgetter

from tree_sitter import Node

from codeanvil.facts.model import SymbolKind
from codeanvil.facts.readers.comments import file_doc
from codeanvil.facts.readers.doc_comments import scaladoc
from codeanvil.facts.readers.easing import last_tries, second_tries
from codeanvil.facts.readers.outline import Outline
from codeanvil.facts.readers.reading import Captures, Reading

__all__ = ["last_tries", "read", "second_tries"]

_TYPES: dict[str, SymbolKind] = {"class": "class", "trait": "trait", "enum": "enum"}
_WHAT = (*_TYPES, "package", "given", "function", "anonymous", "named", "import")
_BLANKS = re.compile(r"\s+|//[^\n]*|/\*.*?\*/", re.DOTALL)
_CLAUSE = re.compile(r"((?:[^,{}]|\{[^{}]*\})+)")
_ALIAS = re.compile(r"\s*=>.*|\s+as\s.*", re.DOTALL)
_OBJECT = re.compile(r"\bobject\b")
_MAIN = re.compile(r"\bdef main ?\( ?\w+ ?: ?Array ?\[ ?String ?\] ?\)")
_MAIN_ANNOTATION = re.compile(rb"@main\b")


def read(source: bytes, captures: Captures) -> Reading:
    """Symbols, imports and file comment out of what `queries/scala.scm` captured in UTF-8 `source`.

    Packages are scope. Objects, companions and package objects are classes, and so is a `given` that has a name and a
    body. What an extension holds is a function of the package, or a method of the type that the extension stands in.
    What an anonymous class declares is scoped by the names around it: function or value. Imports are names as written,
    groups expanded, wildcards included. An entry point is a `main` of an object, an object that extends `App`, a
    function marked `@main`, and the first line of a script that begins with `#!`.
    """
    outline = Outline(source, reopens=False)
    imports: list[str] = []
    package: Node | None = None
    tops, extended, refined = ({node.id for node in captures.get(what, ())} for what in ("top", "extension", "refined"))
    members = {node.id for node in captures.get("member", ())} - tops
    found = [(node.start_byte, -node.end_byte, what, node) for what in _WHAT for node in captures.get(what, ())]
    for _, _, what, node in sorted(found, key=itemgetter(0, 1)):
        outline.come_to(node)
        if what == "import":
            imports += _imported(outline.text(node))
        elif what == "package":
            package = package or node
            end = node.end_byte if node.child_by_field_name("body") else len(source)
            outline.namespace(node, _name(outline, node), end=end)
        elif what == "anonymous":
            outline.namespace(node)
        elif what == "named":
            outline.namespace(node, _value(outline, node))
        elif what == "given":
            _given(outline, node)
        elif what in _TYPES:
            _type(outline, what, node)
        elif node.id not in refined:
            member = node.id in members or (node.id in extended and outline.in_type)
            _function(outline, node, "method" if member else "function")
    if source.startswith(b"#!"):
        outline.main_line = 1
    doc = scaladoc(source, package.start_byte) if package else ""
    return outline.reading(imports, doc or file_doc(source))


def _given(outline: Outline, node: Node) -> None:
    body = next((child for child in node.children if child.type == "with_template_body"), None)
    if _name(outline, node) and body:
        _type(outline, "class", node)
    else:
        outline.namespace(node, _name(outline, node))


def _type(outline: Outline, what: str, node: Node) -> None:
    name = node.child_by_field_name("name")
    called = _name(outline, node)
    if name is None or not called:
        return
    bases = tuple(_bases(outline, node))
    draft = outline.type(
        node,
        _TYPES[what],
        name,
        called=called,
        bases=bases,
        body=node.child_by_field_name("body"),
        stop=_stop(node),
        head=_head(node),
        doc=scaladoc(outline.source, node.start_byte),
    )
    draft.end = _end_line(outline.source, node)
    if node.type == "object_definition" and "App" in bases:
        outline.entry(name)


def _function(outline: Outline, node: Node, kind: SymbolKind) -> None:
    name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
    called, around = _name(outline, node), outline.enclosing
    if called == "this" and around is not None and outline.in_type:
        kind, called = "constructor", around.name
    if name is None or not called:
        return
    draft = outline.function(
        node,
        name,
        kind=kind,
        called=called,
        body=body,
        stop=_stop(node),
        head=_head(node),
        decl=node.type == "function_declaration",
        doc=scaladoc(outline.source, node.start_byte),
    )
    draft.end = _end_line(outline.source, node)
    in_object = kind == "method" and around is not None and _OBJECT.search(around.signature)
    if (in_object and called == "main" and _MAIN.search(draft.signature)) or _MAIN_ANNOTATION.search(
        outline.source, node.start_byte, name.start_byte
    ):
        outline.entry(name)


def _stop(node: Node) -> int | None:
    """Where a declaration ends: before what parts it from its body, `=` or `with`, if that is there."""
    return next((child.start_byte for child in node.children if child.type in {"=", "with"}), None)


def _head(node: Node) -> int:
    """First byte of a declaration behind its annotations."""
    own = (child for child in node.children if child.type not in {"annotation", "comment", "block_comment"})
    return next((child.start_byte for child in own), node.start_byte)


def _end_line(source: bytes, node: Node) -> int:
    """Last line of a definition. What is told by indentation goes on to the next one; comments there are left out."""
    end = node.end_byte
    while True:
        end = node.start_byte + len(source[node.start_byte : end].rstrip())
        line_start = source.rfind(b"\n", node.start_byte, end) + 1
        begin = source.rfind(b"/*", node.start_byte, end) if source.endswith(b"*/", 0, end) else -1
        if line_start and source[line_start:end].lstrip().startswith(b"//"):
            end = line_start
        elif begin > 0 and not source[source.rfind(b"\n", 0, begin) + 1 : begin].strip():
            end = begin
        else:
            return node.end_point[0] - source.count(b"\n", end, node.end_byte) + 1


def _bases(outline: Outline, node: Node) -> Iterator[str]:
    """Simple names in `extends a.B[C](x) with D#E`; a function type has none."""
    clause = node.child_by_field_name("extend")
    types = clause.children_by_field_name("type") if clause else node.children_by_field_name("return_type")
    for base in types:
        name: Node | None = base
        while name is not None and name.type not in {"type_identifier", "identifier"}:
            if name.type in {"stable_type_identifier", "projected_type"}:
                name = name.named_child(name.named_child_count - 1)
            elif name.type in {"generic_type", "annotated_type", "applied_constructor_type", "compound_type"}:
                name = name.named_child(0)
            else:
                name = None
        if name is not None:
            yield outline.text(name).strip("`")


def _name(outline: Outline, node: Node) -> str:
    name = node.child_by_field_name("name")
    if name is None or name.is_missing:
        return ""
    text = outline.text(name)
    return _BLANKS.sub("", text).replace("`", "") if node.type == "package_clause" else text.strip("`")


def _value(outline: Outline, node: Node) -> str:
    """The name of a value; '' for a pattern of several."""
    pattern = node.child_by_field_name("pattern")
    return outline.text(pattern).strip("`") if pattern and pattern.type == "identifier" else ""


def _imported(statement: str) -> Iterator[str]:
    """What `import a.b.{C, D => E, _}, f.g as h` names: a.b.C, a.b.D, a.b._ and f.g."""
    text = _BLANKS.sub(" ", statement).removeprefix("import")
    for clause in _CLAUSE.findall(text):
        path, _, group = clause.partition("{")
        for selector in group.rstrip("} ").split(",") if group else [""]:
            name = _ALIAS.sub("", path + selector.strip()).replace(" ", "").replace("`", "")
            if name and not name.endswith("."):
                yield name
