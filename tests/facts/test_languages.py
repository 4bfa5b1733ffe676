import pytest

from codeanvil.facts.languages import LANGUAGES, language_of


@pytest.mark.parametrize(
    ("path", "lang"),
    [
        ("a/b.py", "python"), ("b.pyi", "python"), ("A.PY", "python"), ("x.c", "c"), ("x.C", "cpp"), ("x.cc", "cpp"),
        ("x.cpp", "cpp"), ("x.HPP", "cpp"), ("x.tpp", "cpp"), ("x.cu", "cpp"), ("x.h", "cpp"), ("README.md", None),
        (".py", None), ("Makefile", None), ("a.py/notes", None), ("py", None),
    ],
)  # fmt: skip
def test_the_file_name_tells_the_language(path, lang):
    assert language_of(path) == lang


@pytest.mark.parametrize(
    ("head", "lang"),
    [
        (b"typedef struct { int a; } A;", "c"),
        (b"int f(void);", "c"),
        (b"#include <stdio.h>\nint f(int);", "c"),
        (b'#ifdef __cplusplus\nextern "C" {\n#endif\nvoid f(void);', "c"),
        (b"// a class of its own\ntypedef struct a a;", "c"),
        (b"#include <vector>\nstruct A;", "cpp"),
        (b"typedef struct a a;\nnamespace x {", "cpp"),
        (b"struct A { public: int x; };", "cpp"),
        (b"int f(const A& a);", "cpp"),
        (b"", "cpp"),
    ],
)
def test_a_header_is_cpp_unless_plainly_c(head, lang):
    assert language_of("a.h", head) == lang


def test_an_interpreter_line_tells_python():
    assert language_of("bin/tool", b"#!/usr/bin/env python3\n") == "python"
    assert language_of("bin/tool", b"#!/bin/sh\n") is None


def test_each_language_has_a_query_that_fits_its_grammar():
    for language in LANGUAGES.values():
        assert language.captures(language.parse(b"")) == {}
