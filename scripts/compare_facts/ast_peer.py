"""Python definitions as Python's own `ast` sees them."""

import ast
import tokenize
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path

from scripts.compare_facts.definition import Definition, Findings, Unread

_Named = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def found(root: Path, paths: Sequence[str], language: str) -> Findings:  # noqa: ARG001
    """What the files define. Those that `ast` refuses, as Python 2, are unread."""
    definitions: list[Definition] = []
    unread: list[Unread] = []
    for path in paths:
        source = (root / path).read_bytes()
        try:
            definitions += of_source(source, path)
        except (SyntaxError, ValueError, UnicodeDecodeError) as error:
            unread.append(Unread(path, 1, source.count(b"\n") + 1, f"refused by Python itself: {type(error).__name__}"))
    return Findings(definitions, unread)


def of_source(source: bytes, path: str) -> Iterator[Definition]:
    """What one file defines. Raises what `ast.parse` raises."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree = ast.parse(source)
    encoding, _ = tokenize.detect_encoding(iter(source.splitlines(keepends=True)).__next__)
    lines = source.decode(encoding).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    yield from _inside(tree, (), None, path, lines)


def _inside(
    node: ast.AST, scope: tuple[str, ...], methods: list[str] | None, path: str, lines: list[str]
) -> Iterator[Definition]:
    """What stands in `node`; `methods` is where a class around it collects them."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, _Named):
            yield from _inside(child, scope, methods, path, lines)
            continue
        where = (child.name, ".".join(scope), path, _name_line(child, lines))
        within = (*scope, child.name)
        if isinstance(child, ast.ClassDef):
            inside: list[str] = []
            yield from _inside(child, within, inside, path, lines)
            bases = tuple(name for base in child.bases if (name := _simple_name(base)))
            yield Definition("type", *where, bases, tuple(dict.fromkeys(inside)))
        else:
            if methods is not None:
                methods.append(child.name)
            yield Definition("function" if methods is None else "method", *where)
            yield from _inside(child, within, None, path, lines)


def _name_line(node: _Named, lines: list[str]) -> int:
    """`ast` knows where `def` stands; its name may be on a later line, behind a backslash."""
    line = node.lineno
    while lines[line - 1].rstrip().endswith("\\") and node.name not in lines[line - 1]:
        line += 1
    return line


def _simple_name(base: ast.expr) -> str | None:
    match base:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Subscript(value=value) | ast.Call(func=value):
            return _simple_name(value)
    return None
