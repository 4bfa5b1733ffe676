"""Choices that look random: the same for the same seed, fair, and complete."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from codeanvil.samples.draw import Draw


@given(st.lists(st.integers(), max_size=12, unique=True), st.integers(0, 15), st.text(max_size=3))
def test_some_are_different_items_as_many_as_there_are(items: list[int], count: int, seed: str) -> None:
    found = Draw(seed).some(items, count)
    assert len(found) == len(set(found)) == min(count, len(items))
    assert set(found) <= set(items)
    assert found == Draw(seed).some(items, count)


def test_some_takes_every_item_equally_often_at_every_place() -> None:
    drawn = [Draw(str(seed)).some("abcde", 2) for seed in range(2_000)]
    for place in (0, 1):
        counts = Counter(each[place] for each in drawn)
        assert set(counts) == set("abcde")
        assert all(300 < count < 500 for count in counts.values())
