"""Text out of tokens: whole characters, stop sequences, no white space at the end."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeanvil_trainer.answering.decoding import IncrementalDecoder, StopFilter, decode


def pieces(tokenizer: Any, ids: list[int]) -> list[str]:
    decoder = IncrementalDecoder(tokenizer)
    return [*(decoder.push(token) for token in ids), decoder.finish()]


@given(text=st.text())
def test_pieces_of_any_text_join_to_the_text(tiny_tokenizer: Any, text: str) -> None:
    ids = tiny_tokenizer.encode(text, add_special_tokens=False)
    assert "".join(pieces(tiny_tokenizer, ids)) == decode(tiny_tokenizer, ids)


@given(ids=st.lists(st.integers(0, 450), max_size=40))
def test_pieces_of_any_tokens_join_to_the_decoded_whole(tiny_tokenizer: Any, ids: list[int]) -> None:
    assert "".join(pieces(tiny_tokenizer, ids)) == decode(tiny_tokenizer, ids)


def test_no_piece_holds_half_a_character(tiny_tokenizer: Any) -> None:
    text = "größe 日本語 🙂!"
    ids = tiny_tokenizer.encode(text, add_special_tokens=False)
    found = pieces(tiny_tokenizer, ids)
    assert len(ids) > len(text)
    assert "\N{REPLACEMENT CHARACTER}" not in "".join(found)
    assert "".join(found) == text
    assert "🙂" in "".join(found[:-1])


def test_a_half_character_at_the_end_comes_as_a_replacement(tiny_tokenizer: Any) -> None:
    ids = tiny_tokenizer.encode("a🙂", add_special_tokens=False)[:-1]
    assert pieces(tiny_tokenizer, ids)[-1] == "\N{REPLACEMENT CHARACTER}"


def test_special_tokens_have_no_text(tiny_tokenizer: Any) -> None:
    ids = tiny_tokenizer.encode("read", add_special_tokens=False)
    assert "".join(pieces(tiny_tokenizer, [*ids, tiny_tokenizer.eos_token_id])) == "read"


def filtered(text: list[str], stop: list[str]) -> tuple[list[str], bool]:
    stopping = StopFilter(stop)
    return [*(stopping.push(piece) for piece in text), stopping.finish()], stopping.stopped


@pytest.mark.parametrize(
    ("text", "stop", "expected"),
    [
        (["one ", "two"], [], ["one", " two", ""]),
        (["one\n"], [], ["one", ""]),
        (["one EN", "D two"], ["END"], ["one", "", ""]),
        (["one EN", "TRY"], ["END"], ["one", " ENTRY", ""]),
        (["aaa", "ab"], ["aab"], ["a", "", "a"]),
        (["a", "\n", "\nb"], ["\n\n"], ["a", "", "", ""]),
        (["x;y#z"], ["#", ";"], ["", "x"]),
        (["x"], [""], ["x", ""]),
        (["", ""], ["#"], ["", "", ""]),
    ],
)
def test_text_ends_before_the_first_stop_sequence(text: list[str], stop: list[str], expected: list[str]) -> None:
    assert filtered(text, stop)[0] == expected


@given(text=st.lists(st.text("ab \n", max_size=4)), stop=st.text("ab \n", min_size=1, max_size=3))
def test_the_filter_equals_cutting_the_whole_text(text: list[str], stop: str) -> None:
    whole = "".join(text)
    found, stopped = filtered(text, [stop])
    assert "".join(found) == whole.partition(stop)[0].rstrip()
    assert stopped == (stop in whole)
