"""Classes of settings in Python: pydantic's, dataclasses and their like that are called Settings, Config or Options."""

import re
from collections.abc import Iterator

from tree_sitter import Node

from codeanvil.facts.configuration.arguments import read, text_of, value_of
from codeanvil.facts.configuration.values import told
from codeanvil.facts.model import Setting
from codeanvil.facts.text import first_sentence

WORDS = (b"Settings", b"Config", b"Options")
CLASS = re.compile(r"class +\w*(?:Settings|Config|Configuration|Options)\b")
"""What a file has that defines one."""

_NAME = re.compile(r"(Settings|Config|Configuration|Options)$")
_MADE = re.compile(r"\bdataclass\b|\bdefine\b|\battrs?\.s\b|\bfrozen\b")
_BASES = re.compile(r"Settings\b|BaseModel\b|NamedTuple\b|Struct\b|Config\b")
_CALL = re.compile(r"(?:\w+\.)?(?:Field|field|ib|attrib)(?=\()")


def fields(path: str, root: Node) -> Iterator[Setting]:
    """The fields of the classes of settings at the top of a file."""
    for child in root.named_children:
        decorated = child.type == "decorated_definition"
        node = child.child_by_field_name("definition") if decorated else child
        if node is None or node.type != "class_definition":
            continue
        name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
        bases = node.child_by_field_name("superclasses")
        marks = [_text(each) for each in child.named_children if each.type == "decorator"] if decorated else []
        made = any(map(_MADE.search, marks)) or (bases is not None and _BASES.search(_text(bases)))
        if name and body and made and _NAME.search(_text(name)):
            yield from _fields(path, _text(name), body)


def _fields(path: str, owner: str, body: Node) -> Iterator[Setting]:
    children = body.named_children
    for node, after in zip(children, [*children[1:], None], strict=True):
        assigned = node.named_children[0] if node.type == "expression_statement" and node.named_children else None
        if assigned is None or assigned.type != "assignment" or not assigned.child_by_field_name("type"):
            continue
        left, right = assigned.child_by_field_name("left"), assigned.child_by_field_name("right")
        if left is None or left.type != "identifier" or _text(left).startswith("_") or _text(left) == "model_config":
            continue
        default, doc = _value(_text(right)) if right else ("", "")
        name = f"{owner}.{_text(left)}"
        doc = doc or _beside(after, node)
        yield Setting(name, "field", path, left.start_point[0] + 1, told(name, default), doc)


def _value(source: str) -> tuple[str, str]:
    """The default and the description of a field, `8080` or `Field(8080, description="...")`."""
    call = _CALL.match(source)
    given = read(source, call.end()) if call else None
    if given is None:
        return ("" if source == "None" else value_of(source)), ""
    default = given.named.get("default", given.placed[0] if given.placed else "")
    text = text_of(given.named.get("description", "")) or ""
    return ("" if default in {"None", "..."} else value_of(default)), first_sentence(text)


def _beside(after: Node | None, node: Node) -> str:
    """The text below a field, or the comment on its line."""
    if after is None:
        return ""
    if after.type == "comment" and after.start_point[0] == node.end_point[0]:
        return first_sentence(_text(after))
    inner = after.named_children[0] if after.type == "expression_statement" and after.named_children else None
    if inner is not None and inner.type == "string":
        return first_sentence(text_of(_text(inner)) or "")
    return ""


def _text(node: Node) -> str:
    return (node.text or b"").decode(errors="replace")
