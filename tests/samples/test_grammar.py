"""Wordings expand to all their sentences and nothing else."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codeanvil.samples.grammar import compiled, expand, fields, relaxed


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Where is <it>?", ["Where is <it>?"]),
        ("{Where is|Where's} <it>?", ["Where is <it>?", "Where's <it>?"]),
        ("Where is <it>{| defined}?", ["Where is <it>?", "Where is <it> defined?"]),
        ("{a|b{1|2}}{x|y}", ["ax", "ay", "b1x", "b1y", "b2x", "b2y"]),
        ("{a|a}", ["a"]),
        ("", [""]),
    ],
)
def test_expands_choices(text, sentences):
    assert expand(text) == sentences


@pytest.mark.parametrize("text", ["{a|b", "a}", "{a|{b}", "{a}}"])
def test_unbalanced_braces_are_refused(text):
    with pytest.raises(ValueError, match="wording"):
        expand(text)


@settings(deadline=None)
@given(st.lists(st.lists(st.text("abc ", max_size=4), min_size=1, max_size=3, unique=True), min_size=1, max_size=4))
def test_every_combination_of_choices_is_there(parts):
    text = "/".join("{" + "|".join(part) + "}" for part in parts)
    sentences = expand(text)
    count = 1
    for part in parts:
        count *= len(part)
    assert len(sentences) == len(set(sentences)) == count
    assert all(all(piece in part for piece, part in zip(s.split("/"), parts, strict=True)) for s in sentences)


def test_compiled_sentences_keep_percent_signs():
    assert compiled("How many % of <it>?") % {"it": "50% x"} == "How many % of 50% x?"
    assert fields(compiled("<it> in <path>")) == {"it", "path"}


@pytest.mark.parametrize(
    ("template", "typed"),
    [
        ("Where is %(it)s?", "where is %(it)s"),
        ("%(name)s methods?", "%(name)s methods"),
        ("API of %(it)s?", "API of %(it)s"),
        ("Find it. Where is it?", "find it. Where is it"),
    ],
)
def test_relaxed_sentences_lose_the_capital_and_the_mark(template, typed):
    assert relaxed(template) == typed
