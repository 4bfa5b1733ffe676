"""The name under the cursor, in whatever units the client counts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol.types import Position, PositionEncodingKind
from pygls.workspace import PositionCodec

from codeanvil.lsp.words import split_lines, word_at

UTF8, UTF16, UTF32 = PositionEncodingKind.Utf8, PositionEncodingKind.Utf16, PositionEncodingKind.Utf32


def find(text: str, line: int, character: int, encoding: PositionEncodingKind = UTF16):
    return word_at(split_lines(text), Position(line, character), PositionCodec(encoding))


@pytest.mark.parametrize(
    ("text", "character", "name", "qualifier"),
    [
        ("Window w;", 0, "Window", ""),
        ("Window w;", 6, "Window", ""),  # the cursor behind the last letter
        ("Window::spanning(image)", 10, "spanning", "Window"),
        ("Box<int>::size()", 11, "size", "Box"),
        ("image->width()", 8, "width", "image"),
        ("self.reader.read()", 7, "reader", "self"),
        ("Reader::~Reader() {}", 10, "~Reader", "Reader"),
        ("~Reader();", 3, "~Reader", ""),
        ("größe = 1", 3, "größe", ""),
    ],
)
def test_name_and_what_stands_before_it(text: str, character: int, name: str, qualifier: str) -> None:
    word = find(text, 0, character)
    assert word is not None
    assert (word.name, word.qualifier) == (name, qualifier)


@pytest.mark.parametrize(("line", "character"), [(0, 2), (0, 99), (7, 0), (1, 0)])
def test_nothing_where_no_name_is(line: int, character: int) -> None:
    assert find("a + + \n", line, character) is None


@pytest.mark.parametrize(("encoding", "character"), [(UTF8, 9), (UTF16, 7), (UTF32, 6)])
def test_columns_count_in_the_units_agreed_on(encoding: PositionEncodingKind, character: int) -> None:
    word = find("x=😋; Reader r;", 0, character, encoding)
    assert word is not None
    assert word.name == "Reader"
    assert word.range.end.character - word.range.start.character == 6
    assert word.range.start.character <= character


def test_only_line_ends_of_the_specification_end_a_line() -> None:
    assert split_lines("a\x0cb\u2028c\x85d\r\ne\rf\n") == ("a\x0cb\u2028c\x85d\r\n", "e\r", "f\n")
    word = find("first\n\x0csecond\nthird", 2, 1)
    assert word is not None
    assert word.name == "third"


@given(st.text())
def test_lines_are_the_text_again(text: str) -> None:
    assert "".join(split_lines(text)) == text


@given(
    st.text(alphabet="ab_😋é~:. \r\n\x0c<>"),
    st.integers(0, 5),
    st.integers(0, 40),
    st.sampled_from([UTF8, UTF16, UTF32]),
)
def test_any_position_of_any_text_is_answered(
    text: str, line: int, character: int, encoding: PositionEncodingKind
) -> None:
    word = find(text, line, character, encoding)
    if word is not None:
        codec = PositionCodec(encoding)
        whole = split_lines(text)[line]
        start, end = word.range.start.character, word.range.end.character
        assert end - start == codec.client_num_units(word.name.lstrip("~"))
        assert 0 <= start <= end <= codec.client_num_units(whole)
