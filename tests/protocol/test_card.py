"""Which symbol a name means, and what is shown of it."""

from dataclasses import replace
from pathlib import Path

import pytest

from codeanvil.facts.model import Symbol
from codeanvil.lsp.card import Card, choose, markdown, plain

READER = Symbol(
    "class", "cpp", "Reader", "io", "io.Reader", "include/reader.hpp", 5, 20,
    bases=("Source",), methods=("Reader", "read", "read"), doc="Reads <all> of *it*.",
    signature="class Reader : public Source",
)  # fmt: skip
READ = Symbol(
    "method", "cpp", "read", "io.Reader", "io.Reader.read", "include/reader.hpp", 8, 8, decl=True, doc="Reads on."
)
READ_BODY = replace(READ, file="src/reader.cpp", line=30, end=40, decl=False, doc="", signature="int Reader::read()")
OTHER = Symbol("class", "cpp", "Writer", "io", "io.Writer", "src/writer.cpp", 1, 50)
OTHER_READ = Symbol("method", "cpp", "read", "io.Writer", "io.Writer.read", "src/writer.cpp", 10, 20, doc="Reads back.")
FREE = Symbol("function", "cpp", "read", "", "read", "src/a.cpp", 1, 2)
PYTHON = Symbol("function", "python", "read", "", "read", "a.py", 1, 2)

ALL = (PYTHON, FREE, OTHER_READ, READ, READ_BODY)


def chosen(path: str, line: int, qualifier: str = "", around: tuple[Symbol, ...] = ()) -> Symbol:
    card = choose(ALL, path=path, line=line, qualifier=qualifier, around=around)
    assert card is not None
    return card.symbol


def test_a_name_at_its_own_definition_means_itself() -> None:
    assert chosen("src/writer.cpp", 10, around=(OTHER, OTHER_READ)) == OTHER_READ


def test_the_qualifier_decides_between_classes() -> None:
    assert chosen("src/a.cpp", 9, "Reader") == READ_BODY
    assert chosen("src/a.cpp", 9, "Writer") == OTHER_READ


def test_inside_of_a_class_its_own_members_are_meant() -> None:
    assert chosen("src/writer.cpp", 40, around=(OTHER, OTHER_READ)) == OTHER_READ


def test_the_own_file_and_language_come_before_others() -> None:
    assert chosen("src/a.cpp", 30, around=(FREE,)) == FREE
    elsewhere = replace(FREE, name="main", qualified="main", file="b.py", lang="python")
    assert chosen("b.py", 2, around=(elsewhere,)) == PYTHON


def test_no_candidate_no_card() -> None:
    assert choose((), path="a.py", line=1, qualifier="", around=()) is None


@pytest.mark.parametrize("lang", ["cpp", "go", "rust", "swift", "csharp"])
def test_a_signature_is_code_of_its_language(lang: str) -> None:
    card = choose((replace(READ_BODY, lang=lang),), path="x", line=1, qualifier="", around=())
    assert card is not None
    assert f"```{lang}\nint Reader::read()\n```" in markdown(card, Path("/w"))


def test_the_comment_of_the_declaration_is_shown_with_the_body() -> None:
    card = choose((READ, READ_BODY), path="x.cpp", line=1, qualifier="", around=())
    assert card is not None
    text = markdown(card, Path("/w"))
    assert "Reads on." in text
    assert "[src/reader.cpp:30](file:///w/src/reader.cpp#L30)" in text
    assert "[include/reader.hpp:8](file:///w/include/reader.hpp#L8)" in text


def test_a_class_is_shown_with_its_relatives() -> None:
    card = Card(READER, derived=(OTHER.name,))
    text = markdown(card, Path("/a b"))
    assert text.startswith("**class** `io.Reader`\n\n```cpp\nclass Reader : public Source\n```\n\n")
    assert "Reads \\<all\\> of \\*it\\*." in text
    assert "Bases: `Source`" in text
    assert "Derived: `Writer`" in text
    assert "Methods: `Reader`, `read`\n" in text
    assert "(file:///a%20b/include/reader.hpp#L5)" in text


def test_a_long_list_of_methods_is_cut() -> None:
    many = replace(READER, methods=tuple(f"m{number}" for number in range(30)))
    assert "`m11` and 18 more" in markdown(Card(many), Path("/w"))


def test_clients_without_markdown_get_plain_text() -> None:
    text = plain(Card(READER))
    assert "Reads <all> of *it*." in text
    assert "**" not in text
    assert text.endswith("include/reader.hpp:5")
