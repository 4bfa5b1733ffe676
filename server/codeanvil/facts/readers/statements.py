"""What `queries/python.scm` captures, found in a third of the query's time: a query looks at every node, and what
Python defines and imports are statements, which stand in statements only.

Holds for trees without errors; `tests/facts/test_python_statements.py` compares the two.
"""

from functools import cache

import tree_sitter
from tree_sitter import Node

from codeanvil.facts.readers.reading import Captures

_CAPTURED = {
    "class_definition": "class",
    "function_definition": "function",
    "import_statement": "import",
    "import_from_statement": "import",
    "future_import_statement": "import",
}
_HOLD_STATEMENTS = frozenset(
    {
        "block", "class_definition", "function_definition", "decorated_definition", "if_statement", "elif_clause",
        "else_clause", "for_statement", "while_statement", "try_statement", "except_clause", "finally_clause",
        "with_statement", "match_statement", "case_clause",
    }
)  # fmt: skip


def captured(root: Node, language: tree_sitter.Language, max_depth: int) -> Captures:
    """The captures of the tree of `root`, a module without errors; what lies deeper than `max_depth` is left out."""
    names, holders = _kinds(language)
    found: Captures = {}
    at_top: list[Node] = []
    cursor = root.walk()
    depth = int(cursor.goto_first_child())
    while depth and (node := cursor.node) is not None:
        kind = node.kind_id
        if kind in names:
            found.setdefault(names[kind], []).append(node)
        if kind in holders and depth < max_depth and cursor.goto_first_child():
            at_top += [node] * (depth == 1)
            depth += 1
            continue
        while depth and not cursor.goto_next_sibling():
            cursor.goto_parent()
            depth -= 1
    if guards := [condition for node in at_top if (condition := _compared(node)) is not None]:
        found["guard"] = guards
    if (doc := _doc(root)) is not None:
        found["doc"] = [doc]
    return found


def _compared(node: Node) -> Node | None:
    """The comparison that an `if` depends on."""
    condition = node.child_by_field_name("condition") if node.type == "if_statement" else None
    return condition if condition is not None and condition.type == "comparison_operator" else None


def _doc(module: Node) -> Node | None:
    """The string that a module begins with."""
    first = module.named_child(0) if module.named_child_count else None
    while first is not None and first.type == "comment":
        first = first.next_named_sibling
    string = first.named_child(0) if first is not None and first.type == "expression_statement" else None
    return string if string is not None and string.type == "string" else None


@cache
def _kinds(language: tree_sitter.Language) -> tuple[dict[int, str], frozenset[int]]:
    """Of the numbers that the grammar gives to kinds of nodes: what is captured by which name, and what is entered."""
    kinds = {number: language.node_kind_for_id(number) for number in range(language.node_kind_count)}
    names = {number: _CAPTURED[kind] for number, kind in kinds.items() if kind in _CAPTURED}
    return names, frozenset(number for number, kind in kinds.items() if kind in _HOLD_STATEMENTS)
