"""Held-out questions ask what was taught, in words that were not, and know the right answer."""

from collections import defaultdict

import pytest

from codeanvil.samples.generate import file_samples, project_samples
from codeanvil.samples.invented import invented_project, invented_view
from codeanvil.samples.questions import file_questions, project_questions
from codeanvil.samples.views import views

CATEGORIES = {
    "where", "methods", "inheritance", "purpose", "build", "stack", "signature", "negative", "contains", "relation",
    "configuration",
}  # fmt: skip


def right(answer, question):
    """As `codeanvil evaluate` judges: containment, case-sensitive."""
    return all(any(form in answer for form in group) for group in question.expect) and not any(
        form in answer for form in question.forbid
    )


@pytest.fixture(scope="module")
def taught():
    """Samples and questions of the same views."""
    found = []
    for seed in range(15):
        for view in views(invented_project(seed)):
            found += [(file_samples(view), file_questions(view))]
        build = invented_view(seed)
        found.append((project_samples(build), project_questions(build)))
    return found


def test_the_answer_that_is_taught_is_right(taught):
    for samples, questions in taught:
        answers = defaultdict(set)
        for sample in samples:
            if not sample.input:
                answers[sample.fact].add(sample.output)
        for question in questions:
            assert answers[question.fact], question
            assert all(right(answer, question) for answer in answers[question.fact]), question
            assert question.answer in answers[question.fact]


def test_denials_and_the_question_itself_are_wrong(taught):
    for _, questions in taught:
        for question in questions:
            assert not right(question.question, question), question
            if question.category != "negative":
                assert not right("There is no `Quux` in this workspace.", question), question
                assert not right("The facts given say nothing about `Quux`.", question), question


def test_no_question_is_worded_like_a_training_row(taught):
    asked = {" ".join(s.instruction.lower().split()).strip("?. ") for samples, _ in taught for s in samples}
    assert not [q for _, qs in taught for q in qs if " ".join(q.question.lower().split()).strip("?. ") in asked]


def test_all_categories_are_asked_about(taught):
    assert {q.category for _, questions in taught for q in questions} == CATEGORIES


def test_ids_are_unique_and_stable(view):
    questions = file_questions(view)
    assert len({q.id for q in questions}) == len(questions)
    assert file_questions(view) == questions


def test_evidence_beside_a_question_holds_what_is_expected(taught):
    for _, questions in taught:
        for question in questions:
            if question.category in {"where", "signature", "contains"}:
                assert all(any(form in question.evidence for form in group) for group in question.expect), question
