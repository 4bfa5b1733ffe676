"""What a run would take, told before anybody starts it."""

import json
from pathlib import Path

import pytest
from tests.runs.run_bench import Bench, wait_for

from codeanvil.errors import RunError, UsageError
from codeanvil.runs.forecast import tokens_of, training_plan, words
from codeanvil.runs.plan import Asked
from codeanvil.workspace.dataset import make_samples
from codeanvil.workspace.index.build import build_index

SHAPES = 'class Shape:\n    """Anything."""\n\n    def area(self) -> float:\n        """Metres."""\n        return 0\n'


@pytest.fixture
def indexed(bench: Bench) -> Bench:
    (bench.root / "shapes.py").write_text(SHAPES)
    build_index(bench.root, bench.settings)
    return bench


def test_samples_are_estimated_until_they_are_made_and_counted_then(indexed: Bench) -> None:
    before = training_plan(indexed.root, indexed.settings, Asked())
    assert not before["counted"]
    assert before["samples"] > 0
    assert "about" in before["summary"][0]
    make_samples(indexed.root, indexed.settings)
    after = training_plan(indexed.root, indexed.settings, Asked())
    assert after["counted"]
    assert after["tokens"] > 4 * after["samples"]  # four epochs
    assert f"over {after['samples']:,} samples" in after["summary"][0]


def test_time_is_that_of_a_trial_which_is_made_once_for_all_workspaces(indexed: Bench, own_user_folders: Path) -> None:
    plan = training_plan(indexed.root, indexed.settings, Asked())
    assert plan["time"]["basis"] == "trial"
    assert plan["time"]["seconds"] == round(plan["tokens"] / 1000)
    indexed.behave(tokens_per_second=None)  # a second trial would fail
    assert training_plan(indexed.root, indexed.settings, Asked())["time"] == plan["time"]
    otherwise = training_plan(indexed.root, indexed.settings, Asked(overrides={"lora": {"r": 8}}))
    assert otherwise["time"] == {"seconds": None, "tokens_per_second": None, "basis": None, "source": None}
    assert "a time that is known once it trains" in otherwise["summary"][1]
    (own_user_folders / "cache" / "codeanvil" / "speed.json").write_text("damaged")
    assert training_plan(indexed.root, indexed.settings, Asked(), measure=False)["time"]["basis"] is None


def test_time_is_that_of_the_last_run_alike_where_there_is_one(indexed: Bench) -> None:
    wait_for(run := indexed.launch(), "finished")
    plan = training_plan(indexed.root, indexed.settings, Asked())
    assert plan["time"]["basis"] == "run"
    assert plan["time"]["tokens_per_second"] == 100.0
    assert run.id in plan["time"]["source"]
    other = training_plan(indexed.root, indexed.settings, Asked(overrides={"pack_length": 512}))
    assert other["time"]["basis"] == "trial"


def test_a_base_model_that_must_be_fetched_is_not_tried(indexed: Bench) -> None:
    indexed.behave(needs={"weights": "hub", "download_bytes": 3 * 2**30})
    plan = training_plan(indexed.root, indexed.settings, Asked(base_model="some/model-1b"))
    assert (plan["weights"], plan["time"]["basis"]) == ("hub", None)
    assert "3.0 GiB are fetched first" in plan["summary"][1]


@pytest.mark.parametrize(
    ("needs", "part", "remedy"),
    [
        ({"memory_bytes": 2**50}, "memory are needed", "Take a smaller model"),
        ({"disk_bytes": 2**60}, "of disk", "set data_dir"),
    ],
)
def test_what_does_not_fit_is_a_problem_with_its_remedy(indexed: Bench, needs: dict, part: str, remedy: str) -> None:
    indexed.behave(needs=needs)
    (problem,) = training_plan(indexed.root, indexed.settings, Asked())["problems"]
    assert part in problem["problem"]
    assert remedy in problem["remedy"]


def test_a_model_of_unknown_shape_is_said_to_be_unknown(indexed: Bench) -> None:
    unknown = dict.fromkeys(("parameters", "trainable", "memory_bytes", "disk_bytes", "download_bytes"))
    indexed.behave(needs=unknown)
    plan = training_plan(indexed.root, indexed.settings, Asked())
    assert (plan["memory"]["fits"], plan["disk"]["fits"], plan["problems"]) == (None, None, [])
    assert "memory that nothing here tells" in plan["summary"][1]


def test_max_tokens_bounds_the_time(indexed: Bench) -> None:
    plan = training_plan(indexed.root, indexed.settings, Asked(overrides={"max_tokens": 500}))
    assert plan["tokens"] == 500
    assert plan["time"]["seconds"] == 0


def test_wrong_wishes_and_a_workspace_that_is_not_indexed_are_refused(bench: Bench) -> None:
    with pytest.raises(UsageError, match="did you mean 'epochs'"):
        training_plan(bench.root, bench.settings, Asked(overrides={"epoch": 3}))
    with pytest.raises(RunError, match="codeanvil prepare"):
        training_plan(bench.root, bench.settings, Asked())


def test_a_trainer_that_answers_nonsense_is_one_sentence(indexed: Bench) -> None:
    indexed.trainer.write_text("#!/bin/sh\necho '" + json.dumps({"missing": [], "torch": "2", "folder": None}) + "'\n")
    with pytest.raises(RunError, match="codeanvil doctor"):
        training_plan(indexed.root, indexed.settings, Asked())


def test_rough_times_are_in_words() -> None:
    assert [words(seconds) for seconds in (0.2, 45, 600, 4000, 9000)] == ["1 s", "45 s", "10 min", "67 min", "2.5 h"]
    assert tokens_of(()) == 0
