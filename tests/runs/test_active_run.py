"""Which run answers."""

import json

import pytest
from tests.runs.run_bench import Bench, hand_made

from codeanvil.contract import append_event, update_report
from codeanvil.errors import RunError
from codeanvil.runs.active import active, adopt_finished, promote, rollback
from codeanvil.runs.presets import PRESETS
from codeanvil.runs.run import Run


def finished(bench: Bench, run_id: str, *, better: bool = True, compared_with: Run | None = None) -> Run:
    """A finished run that answered twenty held-out questions, the model it was compared with half of them."""
    run = hand_made(bench.root, bench.settings, run_id)
    for folder in (run.folder.adapter, run.folder.merged):
        folder.mkdir()
    current = str(compared_with.folder.merged) if compared_with else None
    run.folder.config.write_text(PRESETS["cpu"].model_copy(update={"compare_with": current}).model_dump_json())
    run.folder.questions.parent.mkdir(exist_ok=True)
    rows = [
        {"id": f"q{n}", "question": f"Where is T{n}?", "category": "where", "expect": [["a.py"]]} for n in range(20)
    ]
    run.folder.questions.write_text("".join(json.dumps(row) + "\n" for row in rows))
    right = {"new": 20 if better else 10, "current": 10}
    answers = [
        {"id": f"q{n}", "model": model, "text": "In a.py." if n < count else "No."}
        for model, count in right.items()
        for n in range(20)
    ]
    run.folder.comparison.write_text("".join(json.dumps(row) + "\n" for row in answers))
    losses = {"new": [1.0, 1.1], "current": [1.0, 1.1]}
    update_report(run.folder, "comparison", {"questions": 20, "current": current, "general_loss": losses})
    append_event(run.folder, "validation", step=1, loss=0.5, best=True)
    append_event(run.folder, "finished", step=1, loss=0.4, validation_loss=0.5, seconds=1)
    return run


def test_nothing_is_in_use_at_first(bench: Bench) -> None:
    assert active(bench.root, bench.settings) is None
    with pytest.raises(RunError, match="nothing to go back from"):
        rollback(bench.root, bench.settings)


def test_a_better_run_is_put_to_use_with_the_reason(bench: Bench) -> None:
    run = finished(bench, "20260101-000000-aaaa")
    in_use = adopt_finished(bench.root, bench.settings)
    assert (in_use.run, in_use.previous) == (run.id, None)
    assert in_use.why == "It is better: right on 100% of 20 held-out questions, what was in use on 50%."
    assert run.report["gate"] == {"promoted": True, "why": in_use.why, "against": None}
    stored = json.loads((bench.root / ".codeanvil" / "active.json").read_text())
    assert set(stored) == {"run", "why", "since", "previous"}
    assert active(bench.root, bench.settings) == in_use


def test_a_run_that_is_no_better_stays_on_the_shelf_with_the_reason(bench: Bench) -> None:
    first = finished(bench, "20260101-000000-aaaa")
    adopt_finished(bench.root, bench.settings)
    second = finished(bench, "20260102-000000-bbbb", better=False, compared_with=first)
    assert adopt_finished(bench.root, bench.settings).run == first.id
    assert second.report["gate"]["promoted"] is False and second.report["gate"]["against"] == first.id
    assert "no better" in second.report["gate"]["why"]


def test_a_run_compared_with_what_is_not_in_use_any_more_is_not_put_to_use_by_itself(bench: Bench) -> None:
    finished(bench, "20260101-000000-aaaa")
    adopt_finished(bench.root, bench.settings)
    late = finished(bench, "20260102-000000-bbbb")  # compared with the base
    assert adopt_finished(bench.root, bench.settings).run != late.id
    assert "compared with another model" in late.report["gate"]["why"]
    assert f"codeanvil runs promote {late.id}" in late.report["gate"]["why"]


def test_a_run_that_was_not_compared_is_not_put_to_use_by_itself(bench: Bench) -> None:
    run = finished(bench, "20260101-000000-aaaa")
    run.folder.comparison.unlink()
    assert adopt_finished(bench.root, bench.settings) is None
    assert "was not compared" in run.report["gate"]["why"]
    assert promote(bench.root, bench.settings, run, "By hand.").run == run.id


def test_a_run_taken_back_does_not_return_by_itself_but_a_newer_one_does(bench: Bench) -> None:
    first = finished(bench, "20260101-000000-aaaa")
    adopt_finished(bench.root, bench.settings)
    second = finished(bench, "20260102-000000-bbbb", compared_with=first)
    assert adopt_finished(bench.root, bench.settings).run == second.id
    assert rollback(bench.root, bench.settings).run == first.id
    assert adopt_finished(bench.root, bench.settings).run == first.id
    assert rollback(bench.root, bench.settings) is None
    assert adopt_finished(bench.root, bench.settings) is None
    third = finished(bench, "20260103-000000-cccc")
    assert adopt_finished(bench.root, bench.settings).run == third.id


def test_a_run_by_hand_replaces_and_remembers_the_one_before(bench: Bench) -> None:
    first, second = finished(bench, "20260101-000000-aaaa"), finished(bench, "20260102-000000-bbbb")
    promote(bench.root, bench.settings, second, "Newest.")
    in_use = promote(bench.root, bench.settings, first, "Chosen by hand.")
    assert (in_use.run, in_use.previous) == (first.id, second.id)
    assert promote(bench.root, bench.settings, first, "Again.") == in_use


def test_a_run_without_a_model_is_refused(bench: Bench) -> None:
    run = hand_made(bench.root, bench.settings, "20260101-000000-aaaa")
    with pytest.raises(RunError, match="has no trained model to use: it is queued"):
        promote(bench.root, bench.settings, run, "Why not.")


def test_a_run_whose_folder_is_gone_is_not_in_use(bench: Bench) -> None:
    run = finished(bench, "20260101-000000-aaaa")
    promote(bench.root, bench.settings, run, "Newest.")
    run.folder.manifest.unlink()
    assert active(bench.root, bench.settings) is None


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"run": "a", "why": "b", "since": "yesterday"}'])
def test_a_damaged_file_is_one_sentence_with_the_remedy(bench: Bench, content: str) -> None:
    path = bench.root / ".codeanvil" / "active.json"
    path.parent.mkdir()
    path.write_text(content)
    with pytest.raises(RunError, match=r"active\.json cannot be read: remove it"):
        active(bench.root, bench.settings)
