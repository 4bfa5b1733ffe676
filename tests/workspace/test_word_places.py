"""Where a word stands in a text: as an expression would find it, and quicker."""

import re

from hypothesis import given
from hypothesis import strategies as st

from codeanvil.workspace.store.words import places_of

letters = st.text("ab_1é .\n", max_size=30)


@given(letters, st.text("ab_1é", min_size=1, max_size=3))
def test_places_are_those_of_the_whole_word(text: str, word: str) -> None:
    expected = [match.start() for match in re.finditer(rf"(?<!\w){re.escape(word)}(?!\w)", text)]
    assert list(places_of(text, word)) == expected


def test_no_word_is_nowhere() -> None:
    assert list(places_of("a b", "")) == []
