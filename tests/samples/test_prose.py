"""Facts as sentences."""

import pytest

from codeanvil.facts.model import BuildFacts, Symbol, Target
from codeanvil.samples import prose, prose_build


def function(signature):
    return Symbol("function", "python", "f", "", "f", "a.py", 1, 2, signature=signature)


@pytest.mark.parametrize(
    ("names", "text"),
    [
        ([], ""),
        (["a"], "`a`"),
        (["a", "b"], "`a` and `b`"),
        (["a", "b", "c"], "`a`, `b` and `c`"),
        (["a", "b", "c", "d"], "`a`, `b`, `c` and 1 more"),
    ],
)
def test_lists(names, text):
    assert prose.listed(names, 3) == text


@pytest.mark.parametrize(
    ("signature", "text"),
    [
        ("def f(self):", "def f(self)"),
        ("void f( int a,\n        int b ) {", "void f(int a, int b)"),
        ("def f(\n    a, *, b=1, \n) -> str:", "def f(a, *, b=1) -> str"),
        ("int f();", "int f()"),
        ("auto f() -> std::vector<int>", "auto f() -> std::vector<int>"),
    ],
)
def test_signatures_come_on_one_line(signature, text):
    assert prose.signature_text(function(signature)) == text


@pytest.mark.parametrize(
    ("doc", "text"),
    [
        ("Reads a file", "Reads a file."),
        ("Reads a file.", "Reads a file."),
        ("Is it\n   open?", "Is it open?"),
        ("", ""),
        ("word " * 60, "word " * 38 + "word …"),
    ],
)
def test_descriptions_become_sentences(doc, text):
    assert prose.sentence(doc) == text
    assert len(prose.sentence(doc)) <= prose.MOST_DOC


def test_a_name_with_a_backtick_stays_one_name():
    assert prose.code("a`b") == "``a`b``"


@pytest.mark.parametrize(
    ("lang", "text"), [("cpp", "Pool::get"), ("rust", "Pool::get"), ("go", "Pool.get"), ("swift", "Pool.get")]
)
def test_members_are_called_as_their_language_calls_them(lang, text):
    assert prose.display(Symbol("method", lang, "get", "a.Pool", "a.Pool.get", "a", 1, 1)) == text


def test_methods_leave_out_constructors_and_put_private_ones_last():
    symbol = Symbol("class", "cpp", "A", "", "A", "a.h", 1, 9, methods=("A", "_hidden", "open", "~A", "open", "close"))
    assert prose.method_names(symbol) == ["open", "close", "_hidden"]


def test_where_with_a_line():
    assert prose.where(function(""), line=True) == "`f` is defined in `a.py`, line 1."


def test_commands_of_a_build_include_the_configuration():
    build = BuildFacts(
        "cmake", "tools/CMakeLists.txt", "tools", "", commands=(("configure", "cmake -B b"), ("build", "make -C b"))
    )
    assert prose_build.commands(build, "build") == ["cmake -B b", "make -C b"]
    assert prose_build.commands(build, "test") == []
    assert prose_build.how_to(build, "build") == (
        "To build `tools` with CMake, run in `tools`:\n\n```bash\ncmake -B b\nmake -C b\n```"
    )
    assert prose_build.how_to(build, "test") == "`tools/CMakeLists.txt` says nothing about how to test `tools`."


@pytest.mark.parametrize(
    ("system", "text"),
    [("cmake", "`CMake 3.1 or newer`"), ("go", "`Go 3.1 or newer`"), ("autotools", "`Autoconf 3.1 or newer`")],
)
def test_the_least_version_is_told_with_what_it_is_a_version_of(system, text):
    assert text in prose_build.minimum(BuildFacts(system, "f", "", "", minimum="3.1"))


def test_a_target_is_told_with_what_its_file_says_of_it():
    build = BuildFacts("make", "Makefile", "", "")
    assert prose_build.target(build, Target("docs", "custom", 1, doc="Make the manual")) == (
        "`docs` is a custom target defined in `Makefile`. Make the manual."
    )


def test_a_target_that_is_not_compiled_needs_others_and_links_none():
    build = BuildFacts("make", "Makefile", "", "")
    assert prose_build.target(build, Target("test", "test", 1, links=("all",))).endswith(" It needs `all`.")
    assert prose_build.target(build, Target("app", "executable", 1, links=("z",))).endswith(" It links `z`.")
