"""Reading takes time in proportion to the size: four times the source, about four times the time."""

import time

import pytest

from codeanvil.facts.extract import extract

SHAPES = {
    "functions on one line": ("cpp", "", "int f(int a, char* b) { return a ? g(b) : 1; }", ""),
    "functions with comments on one line": ("cpp", "", "/* one */ int f(A* a) { if (a) { g(); } }", ""),
    "documented methods": (
        "cpp",
        "class A {\n",
        "  /// Does it.\n  virtual int f(const B<C>& x) const { return 1; }\n",
        "};",
    ),
    "generated classes": (
        "cpp",
        "",
        "class API A : public B<int> {\n  A() : a_{1}, b_(2) {}\n  void m();\n  int a_;\n};\n",
        "",
    ),
    "a table": ("c", "static const int table[][2] = {\n", "  { 1, 'a' },\n", "};\n"),
    "conditionals": ("c", "", "#if A\nint a;\n#else\nint b;\n#endif\n", ""),
    "macros": ("cpp", "", "FOO(x) BAR\n", ""),
    "functions of Python": ("python", "", "def f(a):\n    '''Doc.'''\n    return a\n", ""),
    "a table of Python": ("python", "x = [\n", "    (1, 'a'), 2,\n", "]\n"),
}


def seconds(lang: str, source: bytes) -> float:
    started = time.process_time()
    extract("a", source, lang)
    return time.process_time() - started


@pytest.mark.parametrize("shape", SHAPES)
def test_time_grows_with_the_size_and_not_with_its_square(shape):
    lang, before, piece, after = SHAPES[shape]
    small = 250_000 // len(piece)
    extract("a", b"", lang)
    few, many = ((before + piece * number + after).encode() for number in (small, 4 * small))
    # The least of two runs: other programs can only add to a time.
    assert min(seconds(lang, many) for _ in range(2)) < 9 * min(seconds(lang, few) for _ in range(2)) + 0.2
