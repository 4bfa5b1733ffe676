"""Code samples end where definitions end."""

import pytest

from codeanvil.facts.model import FileFacts, Symbol
from codeanvil.samples.excerpts import definition, lines_of, opening, parts
from codeanvil.samples.generate import file_samples
from codeanvil.samples.model import FileView
from codeanvil.settings import SampleSettings

TEXT = """import os


@decorated
class Reader:
    def open(self):
        return 1

    def close(self):
        return 2


def main():
    return Reader()
"""
SYMBOLS = (
    Symbol("class", "python", "Reader", "", "Reader", "app.py", 5, 10),
    Symbol("method", "python", "open", "Reader", "Reader.open", "app.py", 6, 7),
    Symbol("method", "python", "close", "Reader", "Reader.close", "app.py", 9, 10),
    Symbol("function", "python", "main", "", "main", "app.py", 13, 14),
)


def test_a_short_file_is_shown_whole():
    assert opening(TEXT, SYMBOLS, 2000) == (TEXT, True)


@pytest.mark.parametrize(
    ("characters", "last"),
    [(len(TEXT) - 1, "        return 2"), (110, "        return 1"), (40, "class Reader:")],
)
def test_a_long_file_is_cut_after_a_definition_or_else_after_a_line(characters, last):
    text, whole = opening(TEXT, SYMBOLS, characters)
    assert not whole
    assert len(text) <= characters
    assert text.splitlines()[-1] == last
    assert TEXT.startswith(text)


def test_nothing_is_shown_of_a_line_that_does_not_fit():
    assert opening("x" * 300, (), 200) == ("", False)


def test_a_definition_is_shown_with_its_decorator():
    text, whole = definition(TEXT.splitlines(), SYMBOLS[0], SYMBOLS, 2000)
    assert whole
    assert text.startswith("@decorated\nclass Reader:")
    assert text.endswith("        return 2")


def test_a_long_definition_is_cut_after_a_member():
    text, whole = definition(TEXT.splitlines(), SYMBOLS[0], SYMBOLS, 90)
    assert not whole
    assert text.endswith("        return 1")


def test_a_return_type_on_its_own_line_and_a_template_head_belong_to_a_definition():
    lines = ["#include <x>", "", "// says", "template <class T>", "static T", "make(T t)", "{", "}"]
    symbol = Symbol("function", "cpp", "make", "", "make", "a.h", 6, 8)
    text, _ = definition(lines, symbol, (), 2000)
    assert text == "\n".join(lines[3:])


def test_form_feeds_do_not_end_lines():
    lines = lines_of("import os\x0c\r\ndef main():\r\n    return 1\n")
    symbol = Symbol("function", "python", "main", "", "main", "app.py", 2, 3)
    assert definition(lines, symbol, (), 2000) == ("def main():\n    return 1", True)


def test_a_line_that_the_text_does_not_have_gives_nothing():
    symbol = Symbol("function", "python", "main", "", "main", "app.py", 99, 100)
    assert definition(TEXT.splitlines(), symbol, (), 2000) == ("", False)


def test_an_end_beyond_the_file_does_no_harm():
    symbol = Symbol("function", "python", "main", "", "main", "app.py", 13, 99)
    assert definition(TEXT.splitlines(), symbol, (), 2000) == ("def main():\n    return Reader()", True)


def test_code_samples_keep_to_the_setting_and_to_the_text():
    facts = FileFacts("app.py", "python", "", 14, SYMBOLS)
    settings = SampleSettings(code_characters=200)
    shown = [s for s in file_samples(FileView(facts, TEXT), settings) if s.kind == "code"]
    assert {s.subject for s in shown} == {"app.py", "Reader", "main"}
    for sample in shown:
        body = sample.output.split("```python\n")[1].removesuffix("\n```")
        assert len(body) <= 200
        assert body in TEXT
    assert any(s.output.startswith("`Reader` in `app.py`:\n\n```python\n@decorated") for s in shown)


def test_a_file_that_must_not_be_shown_has_no_code_samples():
    facts = FileFacts("app.py", "python", "", 14, SYMBOLS)
    assert not [s for s in file_samples(FileView(facts, "")) if s.kind == "code"]


def test_code_with_a_fence_in_it_is_fenced_by_a_longer_one():
    facts = FileFacts("app.py", "python", "", 3)
    (answer,) = {s.output for s in file_samples(FileView(facts, '"""\n```\n"""\n')) if s.kind == "code"}
    assert "````python\n" in answer
    assert answer.endswith("\n````")


def test_a_build_text_comes_in_parts_of_whole_lines():
    text = "\n".join(f"line {i}" for i in range(100))
    found = parts(text, 200)
    assert "\n".join(found) == text
    assert all(len(part) <= 200 for part in found)
    assert parts("\n\n", 200) == []
