"""What is found in Python's statements is what the query captures, on the standard library and on what is made up."""

import re
import sysconfig
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeanvil.facts.languages import LANGUAGES, MAX_DEPTH
from codeanvil.facts.readers.reading import Captures

PYTHON = LANGUAGES["python"]
LIBRARY = Path(sysconfig.get_path("stdlib"))
PLACES = """
# comment
'''doc''', 1
import a, b.c as d; from . import e
from __future__ import annotations
if __name__ == "__main__": from x import y
elif z == 1:
    class InElif: import in_class
else:
    if a == b:
        pass
    def f(): ...
if (a == b): pass
if a: import c
while x:
    import in_while
else:
    import in_while_else
for x in y:
    async def in_for(): import deep
else:
    import in_for_else
try: import t
except E: import ex
except* G: import group
else: import tel
finally: import fin
async with a as b: import w
async for i in j: import af
match m:
    case [1, *_] if a == b:
        class InCase: pass
    case _: import c2
@decorated(lambda: 1)
class D(metaclass=M):
    @property
    async def p(self): return (yield)
    if __name__ == "__main__": pass
type X[T] = list[T]
def g[T](a: T = lambda: 0) -> None:
    x = [import_ for import_ in y]
    return x
"""


def captured(captures: Captures | None) -> dict[str, list[tuple[int, int, str]]]:
    """Captures as values, in source order."""
    assert captures is not None
    return {
        name: sorted((node.start_byte, node.end_byte, node.type) for node in nodes) for name, nodes in captures.items()
    }


def same(source: bytes) -> None:
    root = PYTHON.parse(source)
    assert captured(PYTHON.captures(root)) == captured(PYTHON.queried(root))


def test_every_place_where_a_statement_can_stand_is_looked_at() -> None:
    root = PYTHON.parse(PLACES.encode())
    assert not root.has_error
    imports = re.findall(r"\b(?:from .*?)?import ", PLACES)
    assert len(captured(PYTHON.captures(root))["import"]) == len(imports)
    same(PLACES.encode())


@pytest.mark.parametrize(
    "source", ["", "#", "'''a'''", "# a\n'b' 'c'\n", "f'd'", "x\n'''no'''", "\\\n'''no'''\n", "class"]
)
def test_short_sources(source: str) -> None:
    same(source.encode())


def test_what_is_too_deep_is_left_out_as_by_the_query() -> None:
    depth = MAX_DEPTH // 2 + 2  # a statement and its block each
    source = "".join(f"{' ' * level}if x:\n{' ' * level} import m{level}\n" for level in range(depth))
    root = PYTHON.parse(source.encode())
    found = captured(PYTHON.captures(root))
    assert not root.has_error
    assert found == captured(PYTHON.queried(root))
    assert 0 < len(found["import"]) < depth


@pytest.mark.parametrize("path", sorted(LIBRARY.glob("*.py")), ids=lambda path: path.stem)
def test_the_standard_library(path: Path) -> None:
    same(path.read_bytes())


@given(st.lists(st.sampled_from(PLACES.splitlines(keepends=True)), max_size=40))
def test_any_lines(lines: list[str]) -> None:
    same("".join(lines).encode())
