"""Syntax trees of build files that are programs in a language with a grammar: Ruby, Scala, Starlark, Swift."""

from collections.abc import Iterator

from tree_sitter import Node

from codeanvil.facts.builds.documents import MAX_SCRIPT_BYTES, UnreadableError, check_size
from codeanvil.facts.languages import LANGUAGES
from codeanvil.facts.text import to_utf8

MAX_DEPTH = 60
"""Nodes inside one another that readers go into."""

MAX_LINES = 30
"""Lines of a comment that are read: to find the one before costs the grammar's library the length of the list."""

MIN_STEPS = 2_000
"""Steps of the parser (`Language.parse_for`) that a script may take, and one more for each byte."""

MAX_NODES = 200_000
"""Nodes that are looked at for mistakes."""


def tree(language: str, source: bytes) -> Node:
    """Root of the tree of `source` in one of `LANGUAGES`. Raises `UnreadableError` for what is too large or garbage."""
    check_size(source, MAX_SCRIPT_BYTES)
    text = to_utf8(source)
    root = LANGUAGES[language].parse_for(text, MIN_STEPS + len(text))
    if root is None:
        raise UnreadableError("the parser does not come to its end")
    return root


def text(node: Node | None) -> str:
    """The text of a node; '' for none."""
    return (node.text or b"").decode("utf-8", "replace") if node is not None else ""


def line(node: Node) -> int:
    """Line of the node's first character, from 1."""
    return node.start_point[0] + 1


def first_mistake(root: Node) -> int:
    """Line of the first thing that the grammar does not allow; 0 without one."""
    pending = [root] if root.has_error else []
    for _ in range(MAX_NODES):
        if not pending:
            break
        node = pending.pop()
        if node.is_error or node.is_missing:
            return line(node)
        pending += [child for child in reversed(node.children) if child.has_error or child.is_missing]
    return line(root) if root.has_error else 0


def named(node: Node | None) -> Iterator[Node]:
    """The named children of a node, but for comments."""
    for child in node.named_children if node is not None else ():
        if child.type not in {"comment", "line_comment", "block_comment", "multiline_comment"}:
            yield child


def comment_above(node: Node) -> str:
    """The comments that stand on the lines above `node` and nothing else with them."""
    lines: list[str] = []
    row = node.start_point[0] - 1
    comment = node.prev_named_sibling
    if comment is None and node.parent is not None and node.parent.start_point == node.start_point:
        comment = node.parent.prev_named_sibling  # the first of a block
    while (
        comment is not None and "comment" in comment.type and comment.start_point[0] == row and len(lines) < MAX_LINES
    ):
        before = comment.prev_named_sibling
        if before is not None and before.end_point[0] == row and "comment" not in before.type:
            break  # it belongs to what stands before it on its line
        lines.append(text(comment).rstrip("\n"))
        row, comment = row - 1, before
    return "\n".join(reversed(lines))


__all__ = ["MAX_DEPTH", "UnreadableError", "comment_above", "first_mistake", "line", "named", "text", "tree"]
