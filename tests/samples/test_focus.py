"""A small model's training set: few facts, many wordings, within a budget."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from codeanvil.samples.focus import CHARACTERS_PER_TOKEN, WORDINGS, focus
from codeanvil.samples.generate import file_samples, project_samples
from codeanvil.samples.invented import invented_project, invented_view
from codeanvil.samples.model import FileView

SAMPLES = [
    *(s for n in range(4) for file in invented_project(n) for s in file_samples(FileView(file))),
    *project_samples(invented_view(1)),
]


def tokens(samples):
    return sum((len(s.instruction) + len(s.input) + len(s.output)) // CHARACTERS_PER_TOKEN for s in samples)


def test_everything_stays_where_it_fits():
    assert focus(SAMPLES, tokens(SAMPLES)) == SAMPLES


@given(st.integers(1_000, 60_000))
def test_the_budget_holds_and_the_order_stays(budget):
    chosen = focus(SAMPLES, budget)
    assert tokens(chosen) <= budget
    kept = {s.id for s in chosen}
    assert [s.id for s in chosen] == [s.id for s in SAMPLES if s.id in kept]


def test_a_fact_is_told_in_all_its_wordings_or_not_at_all():
    chosen = focus(SAMPLES, 30_000)
    there = Counter((s.kind, s.fact) for s in SAMPLES if not s.input)
    kept = Counter((s.kind, s.fact) for s in chosen if not s.input)
    assert all(count == min(WORDINGS, there[key]) for key, count in kept.items())
    assert len(kept) < len(there)


def test_build_types_and_evidence_all_have_their_part():
    kinds = Counter(s.kind for s in focus(SAMPLES, 40_000))
    assert kinds["build"] and kinds["where"] and kinds["methods"] and kinds["bases"]
    assert kinds["signature"] < kinds["methods"]
    assert any(s.input for s in focus(SAMPLES, 40_000))


def test_important_files_go_first():
    path = next(s.source for s in reversed(SAMPLES) if s.kind == "methods")
    usual = {s.fact for s in focus(SAMPLES, 8_000) if s.source == path}
    raised = {s.fact for s in focus(SAMPLES, 8_000, {path: 5.0}) if s.source == path}
    assert len(raised) > len(usual)
