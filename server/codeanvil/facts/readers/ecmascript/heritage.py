"""What types derive from."""

from collections.abc import Iterator

from tree_sitter import Node

_TYPE_NAMES = frozenset({"type_identifier", "identifier", "property_identifier"})
_MOST_BASES = 100


def bases_of(source: bytes, node: Node) -> Iterator[str]:
    """Simple names of what a class or an interface `extends`, then of what a class `implements`."""
    for clause in node.named_children:
        if clause.type == "class_heritage":
            for part in clause.named_children:
                if part.type == "extends_clause":
                    yield from expression_names(source, part.child_by_field_name("value"))
                elif part.type == "implements_clause":
                    yield from _type_names(source, part)
                else:
                    yield from expression_names(source, part)
        elif clause.type == "extends_type_clause":
            yield from _type_names(source, clause)


def expression_names(source: bytes, expression: Node | None) -> Iterator[str]:
    """The class that an expression names.

    What a call returns is named by the function, as in Python, and by the classes it is called with:
    `mixin(Base, Other)` is mixin, Base and Other. An argument is taken for a class by its capital letter.
    """
    pending = [(expression, True)]
    while pending:
        node, called = pending.pop()
        if node is None:
            continue
        name: Node | None = None
        match node.type:
            case "identifier":
                name = node
            case "member_expression":
                name = node.child_by_field_name("property")
            case "call_expression":
                arguments = node.child_by_field_name("arguments")
                inner = arguments.named_children[:_MOST_BASES] if arguments is not None else ()
                pending += [(argument, False) for argument in reversed(inner)]
                pending.append((node.child_by_field_name("function"), True))
            case "parenthesized_expression" | "as_expression" | "non_null_expression" | "instantiation_expression":
                pending.append((node.named_child(0), called))
        if name is not None:
            text = source[name.start_byte : name.end_byte].decode(errors="replace")
            if called or text[:1].isupper():
                yield text


def _type_names(source: bytes, clause: Node) -> Iterator[str]:
    for node in clause.named_children:
        if name := type_name(source, node):
            yield name


def type_name(source: bytes, node: Node | None) -> str:
    """The simple name of a type that is named, without its arguments; '' for any other type."""
    while node is not None and node.type not in _TYPE_NAMES:
        if node.type in {"generic_type", "nested_type_identifier", "instantiation_expression"}:
            node = node.child_by_field_name("name") or node.named_child(0)
        elif node.type == "member_expression":
            node = node.child_by_field_name("property")
        elif node.type == "parenthesized_type":
            node = node.named_child(0)
        else:
            return ""
    return source[node.start_byte : node.end_byte].decode(errors="replace") if node is not None else ""


def intersected(value: Node) -> tuple[list[Node], list[Node]]:
    """The object types and the other types that `value`, an alias's, is or intersects; a mapped type is another."""
    objects: list[Node] = []
    others: list[Node] = []
    pending = [value]
    while pending:
        node = pending.pop()
        if node.type in {"intersection_type", "parenthesized_type"}:
            pending += reversed(node.named_children)
        elif node.type == "object_type" and not _is_mapped(node):
            objects.append(node)
        else:
            others.append(node)
    return objects, others


def _is_mapped(node: Node) -> bool:
    return any(
        part.type == "mapped_type_clause"
        for child in node.named_children
        if child.type == "index_signature"
        for part in child.named_children
    )
