"""The Python reader must agree with Python's own parser, definition by definition.

Known differences: none on the standard library. Where the grammar of tree-sitter is behind Python's, as with syntax
newer than it, the file has a `problem`.
"""

import ast
import sysconfig
import warnings
from pathlib import Path

import pytest

from codeanvil.facts.extract import extract

LIBRARY = Path(sysconfig.get_path("stdlib"))
# What no class or function of the project is in, and a file that Python parses and never compiles.
LEFT_OUT = {"site-packages", "__pycache__"}
UNCOMPILED = {"badsyntax_future8.py"}
PACKAGES = ["*.py", *sorted(path.name for path in LIBRARY.iterdir() if path.is_dir() and path.name not in LEFT_OUT)]

CASES = '''
import abc, typing
from typing import Generic as G

@decorator(x)
class A(Generic[T], a.b.C, namedtuple("N", "x y"), (Paren), *rest, metaclass=abc.ABCMeta):
    """Doc."""
    if True:
        def under_if(self): pass
    else:
        async def under_else(self): pass
    try:
        def under_try(self): pass
    except E:
        def under_except(self): pass
    finally:
        def under_finally(self): pass
    with x:
        for i in y:
            def under_for(self): pass
    match z:
        case 1:
            def under_match(self): pass
    @property
    def prop(self): return 1
    @prop.setter
    def prop(self, value):
        class Local(A.B[int].C):
            def method(self):
                def inner(): pass
        # a comment at the end

    class Nested: x = lambda self: 1

    type = 3


if x:
    class Conditional(A if x else B): ...
async def coroutine(a, /, b: int = 3, *, c="#no: comment", **kw) -> dict[str, int]: return {}
def generic[T: int](x: T) -> T: return x
class Generic2[T](Base[T]): pass
def \\
  continued(): pass
def f(): pass; g = 1
class Ünïcode: pass
'''


def from_ast(source: bytes) -> list[tuple[object, ...]]:
    """Kind, name, scope, line, end, bases and methods of every definition."""
    found: list[tuple[object, ...]] = []

    def visit(node: ast.AST, scope: tuple[str, ...], methods: list[str] | None) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.ClassDef):
                inside: list[str] = []
                visit(child, (*scope, child.name), inside)
                bases = tuple(name for base in child.bases if (name := simple_name(base)))
                names = tuple(dict.fromkeys(inside))
                found.append(("class", child.name, ".".join(scope), name_line(child), child.end_lineno, bases, names))
            elif isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
                kind = "function" if methods is None else "method"
                if methods is not None:
                    methods.append(child.name)
                found.append((kind, child.name, ".".join(scope), name_line(child), child.end_lineno, (), ()))
                visit(child, (*scope, child.name), None)
            else:
                visit(child, scope, methods)

    lines = source.decode().splitlines()

    def name_line(node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> int:
        line = node.lineno
        while lines[line - 1].rstrip().endswith("\\") and node.name not in lines[line - 1]:
            line += 1
        return line

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        visit(ast.parse(source), (), None)
    return sorted(found, key=str)


def simple_name(base: ast.expr) -> str | None:
    match base:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Subscript(value=value) | ast.Call(func=value):
            return simple_name(value)
    return None


def from_extract(source: bytes) -> list[tuple[object, ...]]:
    facts = extract("m.py", source, "python")
    assert facts.problem is None
    return sorted(((s.kind, s.name, s.scope, s.line, s.end, s.bases, s.methods) for s in facts.symbols), key=str)


def modules(package: str) -> list[Path]:
    return sorted(LIBRARY.glob(package) if "*" in package else (LIBRARY / package).rglob("*.py"))


def understood(source: bytes) -> bool:
    """Whether Python of this version takes it: its library holds broken sources, and those of Python 2, for its tests."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            source.decode("utf-8")
            ast.parse(source)
        except (SyntaxError, ValueError):
            return False
    return True


@pytest.mark.parametrize("package", PACKAGES)
def test_the_standard_library_is_read_as_ast_reads_it(package):
    for path in modules(package):
        source = path.read_bytes()
        if path.name not in UNCOMPILED and understood(source):
            assert from_extract(source) == from_ast(source), path


def test_the_standard_library_is_there():
    assert sum(len(modules(package)) for package in PACKAGES) > 600


def test_python_2_is_read_as_far_as_it_can_be():
    source = b"""
import urllib2
class Old:
    def run(self, (a, b)):
        print "run", `a`
        try:
            exec "a" in {}
        except (IOError, OSError), error:
            raise ValueError, "old", None
        if a <> b: print >>sys.stderr, 0777L
class After(Old): pass
"""
    facts = extract("old.py", source, "python")
    assert [(s.kind, s.qualified) for s in facts.symbols] == [
        ("class", "Old"),
        ("method", "Old.run"),
        ("class", "After"),
    ]
    assert facts.problem is None or facts.problem.startswith("old.py has a syntax error at line ")


def test_definitions_in_every_place_are_read_as_ast_reads_them():
    # Type parameters are newer than the oldest Python we run on.
    source = "\n".join(line for line in CASES.splitlines() if "[T: int]" not in line and "2[T]" not in line).encode()
    assert from_extract(source) == from_ast(source)


def test_type_parameters_are_no_bases():
    by_name = {symbol.name: symbol for symbol in extract("m.py", CASES.encode(), "python").symbols}
    assert by_name["Generic2"].bases == ("Base",)
    assert by_name["generic"].kind == "function"


@pytest.mark.parametrize("newline", [b"\r\n", b"\r"])
def test_lines_are_the_same_whatever_ends_them(newline):
    source = CASES.encode()
    expected = [(s.name, s.line, s.end) for s in extract("m.py", source, "python").symbols]
    found = [(s.name, s.line, s.end) for s in extract("m.py", source.replace(b"\n", newline), "python").symbols]
    assert found == expected
