"""No fact's answer is on both sides, and a split does not move when other facts come or go."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codeanvil.samples.generate import file_samples, project_samples
from codeanvil.samples.invented import invented_project, invented_view
from codeanvil.samples.model import Question, Sample
from codeanvil.samples.questions import file_questions, project_questions
from codeanvil.samples.split import split
from codeanvil.samples.views import views


def sample(number, fact, output, evidence=""):
    return Sample(f"{number:016x}", "where", fact, "a.py", fact, f"Question {number}?", evidence, output)


@pytest.fixture(scope="module")
def data():
    seen = [view for seed in range(10) for view in views(invented_project(seed))]
    samples = [s for view in seen for s in file_samples(view)]
    questions = [q for view in seen for q in file_questions(view)]
    for seed in range(3):
        samples += project_samples(invented_view(seed))
        questions += project_questions(invented_view(seed))
    return samples, questions


def test_no_fact_and_no_answer_is_on_both_sides(data):
    parts = split(*data, 0.1, 0)
    assert parts.train
    assert parts.validation
    assert not {s.fact for s in parts.train} & {s.fact for s in parts.validation}
    told = {s.output for s in parts.train if not s.input}
    assert not [s for s in parts.validation if not s.input and s.output in told]


def test_every_sample_is_on_one_side(data):
    parts = split(*data, 0.1, 0)
    assert sorted(s.id for s in parts.train + parts.validation) == sorted(s.id for s in data[0])


def test_questions_are_about_trained_facts_only(data):
    parts = split(*data, 0.1, 0)
    trained = {s.fact for s in parts.train}
    assert parts.questions
    assert all(q.fact in trained for q in parts.questions)


@pytest.mark.parametrize("share", [0.02, 0.05, 0.2])
def test_the_share_is_about_what_was_asked_for(data, share):
    facts = {s.fact for s in data[0]}
    held = {s.fact for s in split(*data, share, 0).validation}
    assert share / 2 < len(held) / len(facts) < share * 2


def test_another_seed_keeps_other_facts(data):
    assert {s.fact for s in split(*data, 0.1, 0).validation} != {s.fact for s in split(*data, 0.1, 1).validation}


def test_facts_that_come_later_do_not_move_the_others(data):
    samples, questions = data
    before = {s.fact for s in split(samples, questions, 0.1, 0).validation}
    added = [sample(n, f"where:new.py:New{n}", f"`New{n}` is new.") for n in range(200)]
    after = {s.fact for s in split([*samples, *added], questions, 0.1, 0).validation}
    assert before == {fact for fact in after if "new.py" not in fact}


def test_two_facts_are_enough_for_both_sides_and_one_is_trained():
    parts = split([sample(1, "a", "A."), sample(2, "b", "B.")], [], 0.05, 0)
    assert len(parts.train) == len(parts.validation) == 1
    alone = split([sample(1, "a", "A.")], [Question("q", "?", "where", (("A",),), fact="a")], 0.05, 0)
    assert len(alone.train) == len(alone.questions) == 1
    assert split([], [], 0.05, 0).train == ()


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from("abcdefgh"), st.sampled_from("uvwxyz"), st.booleans()), max_size=40),
    st.floats(0.01, 0.49),
    st.integers(0, 5),
)
def test_splits_of_any_facts_share_no_answer(rows, share, seed):
    samples = [sample(n, fact, answer, "Facts" if known else "") for n, (fact, answer, known) in enumerate(rows)]
    parts = split(samples, [], share, seed)
    assert len(parts.train) + len(parts.validation) == len(samples)
    assert not {s.fact for s in parts.train} & {s.fact for s in parts.validation}
    assert not {s.output for s in parts.train if not s.input} & {s.output for s in parts.validation if not s.input}
