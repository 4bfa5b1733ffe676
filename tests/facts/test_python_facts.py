from codeanvil.facts.extract import extract
from codeanvil.facts.model import FileFacts, Symbol


def read(source: str) -> FileFacts:
    return extract("pkg/m.py", source.encode(), "python")


def symbol(source: str) -> Symbol:
    return read(source).symbols[0]


def test_the_doc_is_the_first_sentence_of_the_docstring():
    assert symbol('def f():\n    """Say hi. And more."""').doc == "Say hi."
    assert symbol("class A:\n    # why\n    r'''\n    Reads\n    files.\n\n    More.\n    '''").doc == "Reads files."
    assert symbol('def f():\n    b"""Bytes document nothing."""').doc == ""
    assert symbol('def f():\n    x = "no doc"').doc == ""


def test_a_signature_is_one_line_up_to_the_body_without_comments():
    source = 'async def f(\n    a: int,  # first\n    b: str = "#: not a comment",\n) -> dict[str, int]:\n    return {}'
    assert symbol(source).signature == 'async def f( a: int, b: str = "#: not a comment", ) -> dict[str, int]'
    assert symbol("class A(B,\n        C[int]): pass").signature == "class A(B, C[int])"


def test_the_line_is_that_of_the_name_not_of_the_decorator():
    assert symbol("@deco\n@other\ndef f(): pass").line == 3


def test_a_main_guard_makes_an_entry_point():
    facts = read('import sys\n\nif "__main__" == __name__:\n    sys.exit()')
    assert (facts.has_main, facts.main_line) == (True, 3)
    assert not read('def f():\n    if __name__ == "__main__": pass').has_main


def test_imports_are_module_names_in_order_each_once():
    facts = read("import os.path as p, sys\nfrom . import a\nfrom ..b.c import d\nfrom __future__ import x\nimport sys")
    assert facts.imports == ("os.path", "sys", ".", "..b.c", "__future__")


def test_the_module_docstring_documents_the_file():
    assert read('#!/usr/bin/env python\n"""Tools for trees. More."""\nimport os').doc == "Tools for trees."


def test_a_syntax_error_is_a_problem_with_its_line_and_the_rest_is_read():
    facts = read("class A:\n    def f(self): pass\n\nx = = 1\n\ndef g(): pass\n")
    assert facts.problem == "pkg/m.py has a syntax error at line 4; definitions near it may be missing."
    assert [s.qualified for s in facts.symbols] == ["A", "A.f", "g"]


def test_an_enum_is_a_class_with_its_base():
    found = symbol("class Color(enum.Enum):\n    RED = 1")
    assert (found.kind, found.bases) == ("class", ("Enum",))


def test_a_point_at_the_end_of_a_line_in_brackets_does_not_end_the_class():
    source = "class A:\n    def f(self):\n        (bar.\n    baz)\n    x = 1.\n    def g(self): pass\n"
    facts = extract("m.py", source.encode(), "python")
    assert facts.problem is None
    assert [(s.qualified, s.line) for s in facts.symbols] == [("A", 1), ("A.f", 2), ("A.g", 6)]
