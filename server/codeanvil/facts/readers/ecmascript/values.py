"""What names are bound to: the nodes of expressions, looked at without going down into them."""

from collections.abc import Iterator

from tree_sitter import Node

from codeanvil.facts.text import fold

FUNCTIONS = frozenset({"arrow_function", "function_expression", "generator_function"})
MODULE_EXPORTS = ["module", "exports"]
_WRAPPERS = frozenset({"parenthesized_expression", "as_expression", "satisfies_expression", "non_null_expression"})
_MOST_NAMES = 50
"""Longest chain `a.b.c` that is a name; in a broken file there may be one of any length."""


def unwrapped(value: Node | None) -> Node | None:
    """The expression itself: without parentheses and casts, and of `a = b = value` the value."""
    while value is not None:
        if value.type in _WRAPPERS:
            value = next((child for child in value.named_children if child.type != "comment"), None)
        elif value.type == "type_assertion":
            value = value.named_child(value.named_child_count - 1)
        elif value.type == "assignment_expression":
            value = value.child_by_field_name("right")
        else:
            break
    return value


def chain(expression: Node | None) -> list[Node]:
    """The nodes of `a`, `b` and `c` in `a.b.c`; empty where it is anything else."""
    names: list[Node] = []
    while expression is not None and len(names) < _MOST_NAMES:
        if expression.type == "member_expression":
            name = expression.child_by_field_name("property")
            if name is None:
                return []
            names.append(name)
            expression = expression.child_by_field_name("object")
        else:
            return [expression, *names[::-1]] if expression.type in {"identifier", "this"} else []
    return []


def without_exports(names: list[str]) -> list[str]:
    """`names` without the CommonJS object that they are properties of."""
    return names[2:] if names[:2] == MODULE_EXPORTS else names[1:] if names[0] == "exports" else names


def spelled(source: bytes, name: Node) -> str:
    """The name that a property's node gives: `'a-b'` and `['a-b']` are a-b, `[Symbol.iterator]` stays."""
    text = source[name.start_byte : name.end_byte].decode(errors="replace")
    inner = text[1:-1].strip() if name.type == "computed_property_name" else text
    if inner[:1] in {"'", '"'} and inner[-1:] == inner[:1]:
        return fold(inner[1:-1])
    return fold(text)


def members(value: Node) -> Iterator[tuple[Node, Node | None]]:
    """The named functions, classes and objects in an object literal: (`pair`, its value) or (method, None)."""
    for child in value.named_children:
        if child.type == "method_definition":
            yield child, None
        elif child.type == "pair":
            inner = unwrapped(child.child_by_field_name("value"))
            if inner is not None and (inner.type in FUNCTIONS or inner.type in {"class", "object"}):
                yield child, inner


def stop_of(source: bytes, value: Node, body: Node | None) -> int | None:
    """Where the signature ends that begins before `value`: at an arrow, else where the body begins."""
    if body is None:
        return None
    if value.type == "arrow_function":
        arrow = source.rfind(b"=>", value.start_byte, body.start_byte)
        return arrow if arrow >= 0 else body.start_byte
    return body.start_byte
