"""Names and declarators of C and C++ as their syntax trees spell them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tree_sitter import Node

from codeanvil.facts.text import fold

_NAME_NODES = frozenset(
    {
        "identifier", "field_identifier", "type_identifier", "namespace_identifier", "qualified_identifier",
        "destructor_name", "operator_name", "operator_cast", "template_function", "template_method", "template_type",
    }
)  # fmt: skip
_PARAMETERS = re.compile(
    rb"\(\s*(?:const\b|struct\b|enum\b|(?:unsigned|signed|void|bool|char|short|int|long|float|double|\w+_t)\b(?!\s*[({])"
    rb"|[\w:]+\s*[*&]+\s*(?:const\s+)?\w+\s*[,)]|[\w:]+\s+\w+\s*[,)]|void\s*\(\s*\*)"
)
_AROUND_SIGNS = re.compile(r"\s*([^\w\s\"])\s*|\s+(?=\")|(?<=\")\s+")


@dataclass(frozen=True, slots=True)
class Declarator:
    """What a declaration introduces. `is_function` is false for variables, function pointers among them."""

    name: Node
    is_function: bool


def innermost(name: Node) -> Node:
    """The last part of a qualified name."""
    while name.type == "qualified_identifier":
        part = name.child_by_field_name("name")
        if part is None:
            break
        name = part
    return name


def declarators(declaration: Node) -> Iterator[Declarator]:
    """The named declarators of a declaration, pointers and parentheses around the name taken off."""
    for outermost in declaration.children_by_field_name("declarator"):
        node: Node | None = outermost
        is_function = outermost.type == "init_declarator" and _declares_parameters(outermost)
        while node is not None and node.type not in _NAME_NODES:
            if node.type == "function_declarator":
                is_function = True
            elif node.type == "init_declarator":
                pass
            elif node.type != "parenthesized_declarator":
                is_function = False
            inner = node.child_by_field_name("declarator")
            node = inner if inner is not None else _last_named(node)
        if node is not None:
            conversion = node.type == "operator_cast" or (
                node.type == "qualified_identifier" and innermost(node).type == "operator_cast"
            )
            yield Declarator(node, is_function or conversion)


def _declares_parameters(initialised: Node) -> bool:
    """Whether what the grammar takes for initial values are parameters: `void f(T* x, void (*g)());`."""
    values = initialised.child_by_field_name("value")
    if values is None or values.type != "argument_list":
        return False
    return _PARAMETERS.match(values.text or b"") is not None


def simple_names(node: Node | None, source: bytes) -> list[str]:
    """The parts of a qualified name, outermost first, template arguments taken off: `a::B<T>::f` is a, B, f."""
    names = []
    while node is not None:
        if node.type == "qualified_identifier":
            scope = node.child_by_field_name("scope")
            if scope is not None:
                names.append(_simple(scope, source))
            node = node.child_by_field_name("name")
        elif node.type in {"dependent_type", "dependent_name"}:
            node = _last_named(node)
        else:
            names.append(_simple(node, source))
            break
    return [name for name in names if name]


def namespace_names(node: Node | None, source: bytes) -> list[str]:
    """`a::inline b` as a, b; nothing for a namespace without a name."""
    if node is None:
        return []
    text = source[node.start_byte : node.end_byte].decode(errors="replace")
    return [part.strip().removeprefix("inline ").strip() for part in text.split("::") if part.strip()]


def _simple(node: Node, source: bytes) -> str:
    end = node.end_byte
    match node.type:
        case "template_type" | "template_function" | "template_method":
            name = node.child_by_field_name("name")
            node, end = (name, name.end_byte) if name is not None else (node, end)
        case "operator_cast":
            declarator = node.child_by_field_name("declarator")
            parameters = _parameters(declarator)
            head = source[node.start_byte : parameters.start_byte if parameters is not None else end]
            return fold(head.decode(errors="replace"))
    text = fold(source[node.start_byte : end].decode(errors="replace"))
    return _AROUND_SIGNS.sub(lambda m: m[1] or "", text) if node.type in {"operator_name", "destructor_name"} else text


def _parameters(declarator: Node | None) -> Node | None:
    """Parameter list of the abstract declarator of a conversion, below its pointers and references."""
    while declarator is not None:
        parameters = declarator.child_by_field_name("parameters")
        if parameters is not None:
            return parameters
        inner = declarator.child_by_field_name("declarator")
        declarator = inner if inner is not None else _last_named(declarator)
    return None


def _last_named(node: Node) -> Node | None:
    return node.named_child(node.named_child_count - 1) if node.named_child_count else None
