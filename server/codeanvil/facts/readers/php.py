"""Facts of PHP source: whatever stands around it, HTML included."""

import re
from collections.abc import Iterator
from itertools import pairwise
from operator import itemgetter

from tree_sitter import Node

from codeanvil.facts.model import SymbolKind
from codeanvil.facts.readers.comments import comment_above, file_doc
from codeanvil.facts.readers.outline import Outline
from codeanvil.facts.readers.reading import Captures, Reading
from codeanvil.facts.text import first_sentence

_TYPES: dict[str, SymbolKind] = {"class": "class", "interface": "interface", "trait": "trait", "enum": "enum"}
_WHAT = (*_TYPES, "namespace", "anonymous", "bases", "function", "method", "use", "path")
_COMMENT = re.compile(r"//[^\n]*|#[^\n]*|/\*.*?\*/", re.DOTALL)
_NAME = re.compile(r"(?:\\?\w+)+")
_USE = re.compile(r"use\s+(?:(?:function|const)\s+)?", re.IGNORECASE)
_ALIAS = re.compile(r"\s+as\s.*", re.IGNORECASE | re.DOTALL)
_MEMBER_KIND = re.compile(r"^(?:function|const)\s+", re.IGNORECASE)
_PATH = re.compile(
    r"""\(?\s*(?:(?:__DIR__|dirname\s*\(\s*__FILE__\s*\))\s*\.\s*['"]/|['"])([^'"\\$]+)['"]\s*\)?""",
    re.IGNORECASE,
)
_OPENING = re.compile(rb"(?:#![^\n]*\n)?\s*<\?php\s*(?:declare\s*\([^)]*\)\s*;)?", re.IGNORECASE)
_COMMENT_NEXT = re.compile(rb"\s*(/\*\*.*?\*/)", re.DOTALL)
_TAGS = re.compile(r"(?:^|\n)[ \t/*]*@[a-zA-Z].*", re.DOTALL)
_INHERITED = re.compile(r"\{?@inheritdoc\b\}?", re.IGNORECASE)
_TOP = 20_000
"""Bytes of a file in which its own comment is looked for."""


def read(source: bytes, captures: Captures) -> Reading:
    """Symbols, imports and file comment out of what `queries/php.scm` captured in UTF-8 `source`.

    Bases are what a type extends, then what it implements, then the traits that it uses (`use TraitName;` in its
    body). A namespace is scope, an anonymous class is not. Imports are the names of `use`, groups expanded, and the
    literal paths of `require` and `include`; a path built on `__DIR__` counts by its literal part. A `#!` line makes
    the file an entry point.
    """
    outline = Outline(source)
    imports: list[str] = []
    namespaces = sorted(node.start_byte for node in captures.get("namespace", []))
    following = dict(pairwise([*namespaces, len(source)]))
    found = [(node.start_byte, -node.end_byte, what, node) for what in _WHAT for node in captures.get(what, ())]
    for _, _, what, node in sorted(found, key=itemgetter(0, 1)):
        outline.come_to(node)
        if what == "use":
            imports += _used(outline.text(node))
        elif what == "path":
            imports += _included(outline.text(node))
        elif what == "namespace":
            _enter_namespace(outline, node, following[node.start_byte])
        elif what == "anonymous":
            outline.namespace(node)
        elif what == "bases":
            draft = outline.enclosing
            if draft is not None and not outline.in_function:
                draft.bases += tuple(_names(outline.text(node)))
        else:
            _define(outline, what, node)
    if source.startswith(b"#!"):
        outline.main_line = 1
    return outline.reading(imports, _file_doc(source, namespaces[0] if namespaces else 0))


def _enter_namespace(outline: Outline, node: Node, following: int) -> None:
    """One in braces ends with them; `namespace A\\B;` goes on to the `following` one or the end of the file."""
    name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
    names = outline.text(name).split("\\") if name else ()
    outline.namespace(node, *names, end=node.end_byte if body else following)


def _define(outline: Outline, what: str, node: Node) -> None:
    name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
    if name is None or name.is_missing or not name.end_byte > name.start_byte:
        return
    attributes = node.child_by_field_name("attributes")
    head = attributes.end_byte if attributes else node.start_byte
    doc = _doc(outline.source, node.start_byte)
    if attributes and not doc and (comment := _COMMENT_NEXT.match(outline.source, head, name.start_byte)):
        doc = _sentence(comment[1].decode(errors="replace"))
    if what in _TYPES:
        outline.type(node, _TYPES[what], name, body=body, head=head, doc=doc)
        return
    kind: SymbolKind = "function" if what == "function" else "method"
    if kind == "method" and outline.text(name).lower() == "__construct":
        kind = "constructor"
    outline.function(node, name, kind=kind, body=body, head=head, decl=body is None, doc=doc)


def _doc(source: bytes, start: int) -> str:
    """First sentence of the PHPDoc above `start`; its tags say nothing of their own."""
    return _sentence(comment_above(source, start))


def _sentence(comment: str) -> str:
    if "@" in comment:
        comment = _TAGS.sub("", _INHERITED.sub("", comment))
    return first_sentence(comment) if comment else ""


def _file_doc(source: bytes, namespace: int) -> str:
    """What stands apart at the top, or above the first `namespace`."""
    opening = _OPENING.match(source, 0, _TOP)
    if opening is None:
        return ""
    sentence = file_doc(source[opening.end() : opening.end() + _TOP])
    if sentence and not sentence.startswith("@"):
        return sentence
    return _doc(source, namespace)


def _names(clause: str) -> Iterator[str]:
    """Simple names in `extends A, \\B\\C`, `implements D` or `use E, F { ... }`."""
    names = _NAME.findall(_COMMENT.sub(" ", clause.partition("{")[0]))
    return (name.rpartition("\\")[2] for name in names[1:])


def _used(statement: str) -> Iterator[str]:
    """What `use A\\B as C, D;` and `use A\\{B, C\\D};` name: A\\B and D; A\\B and A\\C\\D."""
    clauses, _, group = _USE.sub("", _COMMENT.sub(" ", statement), count=1).rstrip("; \n").partition("{")
    prefix, clauses = (clauses.strip(), group.rstrip("} ")) if group else ("", clauses)
    for clause in clauses.split(","):
        if name := _ALIAS.sub("", _MEMBER_KIND.sub("", clause.strip())):
            yield prefix + name


def _included(expression: str) -> Iterator[str]:
    """The literal path of a `require` or `include`, if it is one."""
    if path := _PATH.fullmatch(expression):
        yield path[1]
