"""Samples in parts: what an edit does not concern stays as it was, down to the evidence beside it."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from codeanvil.facts.extract import extract
from codeanvil.samples.generate import Part, file_samples, parts_of
from codeanvil.samples.model import FileView
from codeanvil.samples.views import views
from codeanvil.settings import SampleSettings

CLASS = """class {name}:
    \"\"\"Keeps {name}.\"\"\"

    def open_{name}(self, path):
        \"\"\"Open it.\"\"\"

    def close_{name}(self):
        return 1


"""


def view(text: str) -> FileView:
    facts = extract("ships.py", text.encode(), "python")
    return views([facts], {facts.path: text})[0]


def fleet(count: int) -> str:
    return "".join(CLASS.format(name=f"Ship{number}") for number in range(count))


def by_key(parts: Sequence[Part]) -> dict[int, Part]:
    return {part.key: part for part in parts}


def test_the_parts_together_are_the_samples_and_none_is_in_two() -> None:
    parts = parts_of(view(fleet(9)))
    assert len(parts) > 9
    samples = [sample for part in parts for sample in part.samples()]
    assert samples == file_samples(view(fleet(9)))
    assert len({sample.id for sample in samples}) == len(samples)
    assert len(by_key(parts)) == len(parts)


@pytest.mark.parametrize(
    "added", ["def sail(ship):\n    return ship\n", "class Sail(Mast):\n    def sail(self): ...\n"]
)
def test_what_is_added_leaves_most_parts_of_a_large_file_as_they_are(added: str) -> None:
    text = fleet(60)
    before = by_key(parts_of(view(text)))
    after = by_key(parts_of(view(text + added)))
    kept = before.keys() & after.keys()
    assert len(kept) > 0.7 * len(after)
    assert any("sail" in sample.output for key in after.keys() - kept for sample in after[key].samples())


def test_settings_of_evidence_are_part_of_what_samples_hang_on() -> None:
    plain = by_key(parts_of(view(fleet(3)), SampleSettings(evidence_every=0)))
    assert not plain.keys() & by_key(parts_of(view(fleet(3)))).keys()
    assert not any(sample.input for part in plain.values() for sample in part.samples())


@given(
    st.lists(st.tuples(st.integers(0, 5), st.booleans()), max_size=6),
    st.integers(0, 5),
    st.sampled_from("x\ud800\ud801"),
)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_parts_of_equal_keys_have_equal_samples(classes: list[tuple[int, bool]], changed: int, letter: str) -> None:
    one = view("".join(("\n" * moved) + CLASS.format(name=f"Ship{number}") for number, moved in classes))
    symbols = list(one.facts.symbols)
    if symbols:
        at = changed % len(symbols)
        symbols[at] = replace(symbols[at], doc=f"Says {letter}")
    other = replace(one, facts=replace(one.facts, symbols=tuple(symbols)))
    before, after = by_key(parts_of(one)), by_key(parts_of(other))
    for key in before.keys() & after.keys():
        assert before[key].samples() == after[key].samples()
    assert (before.keys() == after.keys()) == (file_samples(one) == file_samples(other))
