"""Questions of several tempers about the demonstration workspace, answered from the index alone."""

import shutil
from pathlib import Path

import pytest

from codeanvil.answers.ask import ask
from codeanvil.runs.scoring import is_right, read_questions
from codeanvil.settings import Settings
from codeanvil.workspace.index.build import build_index
from codeanvil.workspace.location import index_path
from codeanvil.workspace.store import Store

TESTS = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def viewer(tmp_path_factory):
    root = tmp_path_factory.mktemp("questions") / "dicom-viewer"
    shutil.copytree(TESTS / "workspaces" / "dicom-viewer", root, ignore=shutil.ignore_patterns("build", ".codeanvil"))
    build_index(root, Settings())
    with Store(index_path(root, Settings())) as store:
        yield root, store


@pytest.mark.parametrize("temper", ["precise", "terse", "chatty", "sloppy"])
def test_the_index_alone_answers_questions_of_every_temper(viewer, temper):
    root, store = viewer
    questions = read_questions(TESTS / "questions" / f"dicom-viewer.{temper}.jsonl")
    wrong = {}
    for question in questions:
        answer = ask(question.question, store, root=root)
        if not is_right(answer.answer, question) or answer.found == (question.category == "negative"):
            wrong[question.question] = answer.answer
    assert len(wrong) <= 0.05 * len(questions), wrong


def test_nothing_that_is_there_is_denied_however_it_is_asked_for(viewer):
    root, store = viewer
    names = [s.name for row in store.files() for s in store.symbols_in(row.path)]
    ways = ("Where is {} defined?", "where is {}", "What does `{}` do?", "Tell me about {}.", "which file has {}")
    asked = [ways[i % len(ways)].format(name) for i, name in enumerate(dict.fromkeys(names))]
    denied = [question for question in asked if not ask(question, store, root=root).found]
    assert len(denied) <= 0.02 * len(asked), denied
