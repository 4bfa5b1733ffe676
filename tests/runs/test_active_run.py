"""Which run answers."""

import json

import pytest
from tests.runs.run_bench import Bench, hand_made

from codeanvil.contract import append_event
from codeanvil.errors import RunError
from codeanvil.runs.active import active, adopt_finished, promote, rollback
from codeanvil.runs.run import Run


def finished(bench: Bench, run_id: str) -> Run:
    run = hand_made(bench.root, bench.settings, run_id)
    run.folder.adapter.mkdir()
    append_event(run.folder, "validation", step=1, loss=0.5, best=True)
    append_event(run.folder, "finished", step=1, loss=0.4, validation_loss=0.5, seconds=1)
    return run


def test_nothing_is_in_use_at_first(bench: Bench) -> None:
    assert active(bench.root, bench.settings) is None
    with pytest.raises(RunError, match="nothing to go back from"):
        rollback(bench.root, bench.settings)


def test_the_newest_finished_run_is_put_to_use_with_the_reason(bench: Bench) -> None:
    finished(bench, "20260101-000000-aaaa")
    finished(bench, "20260102-000000-bbbb")
    in_use = adopt_finished(bench.root, bench.settings)
    assert (in_use.run, in_use.why, in_use.previous) == (
        "20260102-000000-bbbb", "Newest finished run with validation loss 0.500.", None,
    )  # fmt: skip
    stored = json.loads((bench.root / ".codeanvil" / "active.json").read_text())
    assert set(stored) == {"run", "why", "since", "previous"}
    assert active(bench.root, bench.settings) == in_use


def test_a_run_taken_back_does_not_return_by_itself_but_a_newer_one_does(bench: Bench) -> None:
    first = finished(bench, "20260101-000000-aaaa")
    adopt_finished(bench.root, bench.settings)
    second = finished(bench, "20260102-000000-bbbb")
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
