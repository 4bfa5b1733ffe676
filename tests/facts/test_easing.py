"""What is parsed instead of a file that a grammar cannot read keeps every position."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codeanvil.facts.extract import extract
from codeanvil.facts.readers.easing import last_tries, masked, second_tries

FRAGMENTS = st.sampled_from(
    [
        "class A ", "object ", "enum ", "fun f", "def f", "void f", "new A", " = ", "(", ")", "{", " }", "}", ";", ",", ">",
        "[]", "@A(1)\n", "internal constructor", "dynamic", "infix(", "get()", '"', "'", '"""', '@"', "/*", "*/", "//",
        "super[A]", "\n", " ", "\\", "ü", "#if X\n",
    ]
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@pytest.mark.parametrize("lang", ["csharp", "java", "kotlin", "scala"])
@given(source=st.lists(FRAGMENTS, max_size=60).map("".join).map(str.encode))
def test_every_version_keeps_every_position(lang, source):
    lines = [len(line) for line in source.split(b"\n")]
    assert [len(line) for line in masked(source).split(b"\n")] == lines
    for _, version in [*second_tries(source, lang), *last_tries(source, lang)]:
        assert [len(line) for line in version.split(b"\n")] == lines


BROKEN = "x = = ( ] ) in \\ " * 20
AROUND = {
    "java": f"class A {{ void f() {{ {BROKEN} }} class B {{ int g() {{ return 1; }} }} }}",
    "csharp": f"class A {{ void f() {{ {BROKEN} }} class B {{ int g() => 1; }} }}",
    "kotlin": f"class A {{\n fun f() {{ {BROKEN} }}\n class B(x: () -> Unit = {{ }}) {{\n fun g() {{ }}\n }}\n}}",
    "scala": f"class A {{\n def f = {{ {BROKEN} }}\n class B {{\n def g = {{ 1 }}\n }}\n}}",
}


@pytest.mark.parametrize("lang", sorted(AROUND))
def test_definitions_around_a_body_that_cannot_be_parsed_are_read(lang):
    facts = extract("a", AROUND[lang].encode(), lang)
    assert [s.qualified for s in facts.symbols] == ["A", "A.f", "A.B", "A.B.g"]
    assert facts.problem is None
