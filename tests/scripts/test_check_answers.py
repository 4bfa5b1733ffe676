"""The check of answers on real projects, without the network."""

import json
import shutil
from pathlib import Path

import pytest
from scripts.check_answers import __main__ as check_answers
from scripts.check_answers.denials import denials
from scripts.check_answers.projects import FetchError, Project, fetch, projects

from codeanvil.runs.scoring import read_questions
from codeanvil.settings import Settings
from codeanvil.workspace.index.build import build_index
from codeanvil.workspace.location import index_path
from codeanvil.workspace.store import Store

HARBOUR = Path(__file__).parents[1] / "answers" / "harbour"


@pytest.fixture(scope="module")
def harbour(tmp_path_factory):
    root = tmp_path_factory.mktemp("check") / "harbour"
    shutil.copytree(HARBOUR, root)
    return root


def test_every_project_has_a_set_of_questions_of_all_categories():
    for project in projects():
        questions = read_questions(project.questions)
        assert len(questions) >= 25, project.name
        assert len(project.sha256) == 64
        wanted = {"where", "methods", "inheritance", "purpose", "build", "stack", "usage", "negative"}
        assert wanted == {question.category for question in questions}


def test_everything_that_is_there_is_asked_for_and_nothing_is_denied(harbour):
    build_index(harbour, Settings())
    with Store(index_path(harbour, Settings())) as store:
        some, all_of_it = denials(store, harbour, 10), denials(store, harbour, 0)
    assert some.asked == 10
    assert all_of_it.asked > 200
    assert not all_of_it.denied


def test_right_and_wrong_answers_make_the_table_and_the_exit_code(harbour, tmp_path, monkeypatch, capsys):
    rows = [
        {"id": 1, "category": "where", "question": "Where is Tug defined?", "expect": [["core/vessel.py"]]},
        {"id": 2, "category": "where", "question": "Where is Ferry defined?", "expect": [["core/berth.py"]]},
    ]
    monkeypatch.setattr("scripts.check_answers.projects.QUESTIONS", tmp_path)
    (tmp_path / "harbour.jsonl").write_text("\n".join(map(json.dumps, rows)))
    project = Project("harbour", "Python", "pypi", "harbour", "1", "harbour.tar.gz", "0" * 64)
    monkeypatch.setattr(check_answers, "projects", lambda: [project])
    monkeypatch.setattr(check_answers, "fetch", lambda _: harbour)
    assert check_answers.main(["--wrong", "--denials", "5"]) == 1
    said = capsys.readouterr().out
    assert "| harbour | 50% (1 of 2) | 50% (1 of 2) |" in said
    assert "Where is Ferry defined?" in said
    assert check_answers.main(["no-such-project"]) == 2


def test_an_archive_that_is_another_one_than_the_questions_were_written_for_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(
        "scripts.check_answers.projects._download", lambda _, place: (place / "a.tgz").write_bytes(b"x")
    )
    with pytest.raises(FetchError, match="another file"):
        fetch(Project("a", "C", "npm", "a", "1", "a.tgz", "0" * 64))
    with pytest.raises(FetchError, match=r"gave a\.tgz, not b\.tgz"):
        fetch(Project("b", "C", "npm", "b", "1", "b.tgz", "0" * 64))
