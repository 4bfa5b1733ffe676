"""`extract` never raises, and what it says is consistent, for bytes of any kind."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codeanvil.facts.extract import extract
from codeanvil.facts.languages import LANGUAGES
from codeanvil.facts.readers.c.preprocessor import prepared

COMMON = [
    "class ", "struct ", "union ", "enum ", "namespace ", "template <class T> ", "typedef ", "friend ",
    "operator", "virtual ",
    "A", "Foo", "API_EXPORT ", "MACRO(x)", "b::", "~", "(", ")", "{", "}", "[", "]", "<", ">", ";", ":", ",",
    "=", "*", "&", " ",
    "\n", "\r", "\r\n", "#if X\n", "#else\n", "#endif\n", "#define F(x) x \\\n", "#define", "#include <a>\n",
    '"', "'", "/*", "*/",
    "//", 'R"(', "\\", "def f", "async ", "    ", "\t", "import a.b\n", "from . import c\n", '"""', "@",
    "if __name__", "lambda",
    "ü", "\0", "0", "int ", "void ", "main", "extern \"C\" ", "signals:\n", "= delete", "noexcept", ": a(1) ",
    "interface ", "trait ", "module ", "package ", "use ", "function ", "fn ", "func ", "end\n", "public ", "static ", "#[", "///",
    "=>", "->", "where ", "extends ", "implements ", "in ", "?", "!", "$", "`", "<?php ", "?>", "record ", "case ",
]  # fmt: skip
OWN = {
    "go": ["type ", "(\n", "func (a *A[K]) ", "interface{", "struct{", "const ", "iota", "//go:build x\n", "import \"", "package main\n"],
    "rust": ["impl ", "for ", "+ A", "mod ", "macro_rules! ", "m! {", "pub(crate) ", "'a ", "r#\"", "#![", "//!", "use a::{", "dyn ", "unsafe "],
    "swift": ["extension ", "protocol ", "actor ", "init", "deinit", "subscript", "@main ", "var a: ", "#if A\n", "#endif\n", "\"\"\"", "macro "],
}  # fmt: skip


def sources(lang):
    fragments = st.sampled_from([*COMMON, *OWN.get(lang, [])])
    return st.one_of(st.binary(max_size=200), st.lists(fragments, max_size=60).map("".join).map(str.encode))


@settings(max_examples=200, deadline=None)
@pytest.mark.parametrize("lang", LANGUAGES)
@given(data=st.data())
def test_any_bytes_give_consistent_facts(lang, data):
    facts = extract("a/b", data.draw(sources(lang)), lang)
    assert facts.problem is None or facts.problem.startswith("a/b ")
    for symbol in facts.symbols:
        assert symbol.name
        assert 1 <= symbol.line <= symbol.end <= facts.lines
        assert symbol.qualified == (f"{symbol.scope}.{symbol.name}" if symbol.scope else symbol.name)
        assert "\n" not in symbol.signature + symbol.doc


@settings(max_examples=300, deadline=None)
@pytest.mark.parametrize("lang", ["c", "cpp"])
@given(source=st.lists(st.sampled_from(COMMON), max_size=60).map("".join).map(str.encode))
def test_preparing_keeps_every_position(lang, source):
    found = prepared(source, lang)
    assert len(found) == len(source)
    assert [i for i, byte in enumerate(found) if byte == 10] == [i for i, byte in enumerate(source) if byte == 10]
    # A macro's body becomes one digit, since the grammar wants one; everything else is kept or blank.
    assert all(new in (old, ord(" "), ord("0")) for new, old in zip(found, source, strict=True))


@pytest.mark.parametrize("lang", ["python", "c", "cpp"])
def test_text_in_other_encodings_is_read(lang):
    text = {"python": "class Größe: pass", "c": "struct Größe { int a; };", "cpp": "class Größe {};"}[lang]
    for encoding in ("utf-8-sig", "utf-16", "latin-1"):
        assert [s.name for s in extract("a", text.encode(encoding), lang).symbols] == ["Größe"]


def test_binary_data_and_unknown_languages_are_problems():
    assert "binary data" in str(extract("a.py", b"\x7fELF\x00\x01", "python").problem)
    assert "COBOL" in str(extract("a.cob", b"", "COBOL").problem)


PIECES = ["[", "(", "{", "((x", "a.", "a<", "-", "class A:\n",
          "#if\n", "{1},", "A(", "x=", "if ", ",", "template<", '"']  # fmt: skip


@pytest.mark.parametrize("lang", ["python", "c", "cpp", "go", "rust", "swift"])
@pytest.mark.parametrize("piece", PIECES)
def test_long_runs_and_deep_nests_take_no_time_to_speak_of(lang, piece):
    facts = extract("a", (piece * 20_000).encode(), lang)
    assert facts.lines >= 1
