import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeanvil.facts.text import MAX_SENTENCE, count_lines, decode, first_sentence, is_licence, to_utf8


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_text_is_decoded_by_its_mark(encoding):
    assert decode("Größe = 1\n".encode(encoding)) == "Größe = 1\n"


def test_big_endian_marks_and_bytes_of_no_encoding():
    assert decode(b"\xfe\xff\x00a") == "a"
    assert decode(b"caf\xe9") == "café"


@pytest.mark.parametrize(
    ("comment", "sentence"),
    [
        ("Reads files. And more.", "Reads files."),
        ("Reads e.g. DICOM, i.e. images. More", "Reads e.g. DICOM, i.e. images."),
        ("Version 1.2 of it. More", "Version 1.2 of it."),
        ("By J. Doe. More", "By J. Doe."),
        ("Really? Yes.", "Really?"),
        ("One line\nthat goes on.\n\nNext paragraph.", "One line that goes on."),
        ("No full stop\n\nNext", "No full stop"),
        ("Title\n=====\n\nText.", "Title"),
        ("@param x nothing said", ""),
        ("\\file a.h\n\\brief Says it.", "Says it."),
        ("First.\n\n@brief Preferred.", "Preferred."),
        ("# a comment\n# of Python.", "a comment of Python."),
        ("/* plain */", "plain"),
        ("/** * */", ""),
        ("", ""),
    ],
)
def test_the_first_sentence(comment, sentence):
    assert first_sentence(comment) == sentence


def test_a_sentence_without_an_end_is_cut_at_a_word():
    cut = first_sentence("word " * 200)
    assert len(cut) <= MAX_SENTENCE + 2
    assert cut.endswith("word …")


@given(st.text())
def test_a_first_sentence_is_one_short_line_of_any_text(text):
    sentence = first_sentence(text)
    assert len(sentence.splitlines()) <= 1
    assert len(sentence) <= MAX_SENTENCE + 2


@given(st.binary())
def test_any_bytes_become_utf8_with_line_feeds(source):
    text = to_utf8(source)
    text.decode("utf-8")
    assert text.replace(b"\r\n", b"").count(b"\r") == 0


def test_lines_are_counted_with_and_without_a_last_line_end():
    assert [count_lines(text) for text in (b"", b"a", b"a\n", b"a\nb")] == [0, 1, 1, 2]


def test_a_licence_is_told_from_a_comment():
    assert is_licence("Copyright (c) 2020 Someone")
    assert not is_licence("Reads images.")
