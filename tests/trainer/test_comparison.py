"""The new model and the one in use answer the same questions, at the end of every run."""

import json

from codeanvil.contract import read_events
from codeanvil.samples.general import heldout
from codeanvil_trainer.answering import comparison
from codeanvil_trainer.merging.merge import merge
from codeanvil_trainer.training import loop as train


def finished(folder, questions=3):
    rows = [
        {"id": f"q{i}", "question": f"Where does one find Reader{i}?", "category": "where", "expect": [[f"reader{i}"]]}
        for i in range(questions)
    ]
    folder.questions.write_text("".join(json.dumps(row) + "\n" for row in rows))
    folder.general_data.write_text(heldout())
    train.run(folder, resume=False)
    merge(folder)
    return folder


def test_both_models_answer_every_question_and_their_general_loss_is_taken(make_run):
    first = finished(make_run("first", epochs=1))
    second = finished(make_run("second", epochs=2, compare_with=str(first.merged)))
    comparison.compare(second)
    answers = [json.loads(line) for line in second.comparison.read_text().splitlines()]
    assert sorted((a["id"], a["model"]) for a in answers) == sorted(
        (f"q{i}", model) for i in range(3) for model in ("new", "current")
    )
    section = json.loads(second.report.read_text())["comparison"]
    assert section["questions"] == 3 and section["current"] == str(first.merged)
    losses = section["general_loss"]
    assert len(losses["new"]) == len(losses["current"]) > 10
    assert losses["new"] != losses["current"], "two models were asked and not one twice"


def test_a_model_in_use_that_was_removed_gives_way_to_the_base(make_run, tmp_path):
    run = finished(make_run(epochs=1, compare_with=str(tmp_path / "gone")), questions=1)
    comparison.compare(run)
    assert json.loads(run.report.read_text())["comparison"]["current"] is None


def test_many_questions_are_asked_in_part_evenly(monkeypatch):
    monkeypatch.setattr(comparison, "QUESTIONS", 4)
    assert [row["id"] for row in comparison._spread([{"id": i} for i in range(10)])] == [0, 2, 5, 7]


def test_without_questions_nothing_is_answered_and_that_is_told(make_run):
    run = make_run(epochs=1)
    train.run(run, resume=False)
    merge(run)
    comparison.compare(run)
    assert run.comparison.read_text() == ""
    assert json.loads(run.report.read_text())["comparison"]["questions"] == 0
    assert "finished" not in [event.kind for event in read_events(run)[0]]
