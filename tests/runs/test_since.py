"""What changed since a run: facts that are answered otherwise now or that have come, and replay of the rest."""

from pathlib import Path

import pytest
from tests.runs.run_bench import Bench, wait_for

from codeanvil.errors import RunError, UsageError
from codeanvil.runs.active import promote
from codeanvil.runs.data import gather
from codeanvil.runs.launch import launch
from codeanvil.runs.plan import RunPlan, plan
from codeanvil.runs.presets import PRESETS
from codeanvil.runs.since import REPLAY_SHARE, Before, changed_since, what_was_learned, with_replay
from codeanvil.samples.model import Sample
from codeanvil.workspace.index.build import build_index

BEFORE = Before(
    answers={"where:A": frozenset({"A is in a.py."}), "where:B": frozenset({"B is in b.py."})},
    held_out={"where:F": frozenset({"F is in f.py."}), "where:G": frozenset({"G is in g.py."})},
    files=dict.fromkeys(("a.py", "b.py", "c.py", "f.py", "g.py"), "1"),
)


def sample(fact: str, output: str, source: str, number: int = 0) -> Sample:
    return Sample(f"{fact}{number}", "where", fact, source, fact, f"Where is {fact} ({number})?", "", output)


def test_facts_are_changed_known_or_left_alone() -> None:
    found = [
        sample("where:A", "A is in a.py.", "a.py"),  # as it was taught
        sample("where:B", "B is in lib/b.py.", "b.py"),  # answered otherwise, though its file is the same
        sample("where:C", "C is in c.py.", "c.py"),  # there was no room for it, and its file is the same
        sample("where:D", "D is in d.py.", "d.py"),  # a new file
        sample("where:E", "E is in a.py.", "a.py"),  # a file that changed
        sample("where:F", "F is in f.py.", "f.py"),  # held out, and still so
        sample("where:G", "G is in h.py.", "h.py"),  # held out, and answered otherwise now
    ]
    new, known = changed_since(found, BEFORE, dict(BEFORE.files) | {"a.py": "2", "d.py": "1", "h.py": "1"})
    assert [each.fact for each in new] == ["where:B", "where:D", "where:E", "where:G"]
    assert [each.fact for each in known] == ["where:A"]


def test_replay_is_a_share_of_all_and_the_same_each_time() -> None:
    new = [sample("n", "x", "a.py", number) for number in range(60)]
    known = [sample("k", "y", "b.py", number) for number in range(500)]
    mixed = with_replay(new, known)
    assert mixed[:60] == new and len(mixed) == 100 == round(60 / (1 - REPLAY_SHARE))
    assert with_replay(new, known[::-1]) == mixed
    assert with_replay(new, known[:5])[60:] == sorted(known[:5], key=lambda each: each.id), "as many as there are"


SHAPES = "class Shape:\n    def area(self): ...\n\nclass Circle(Shape):\n    def radius(self): ...\n"


@pytest.fixture
def trained(bench: Bench):
    """A run in use that was trained on two shapes."""
    (bench.root / "shapes.py").write_text(SHAPES)
    build_index(bench.root, bench.settings)
    config = PRESETS["cpu"].model_copy(update={"data_tokens": None})
    data = gather(bench.root, bench.settings, seed=0)
    run = launch(bench.root, bench.settings, RunPlan(config, data, None, ()))
    wait_for(run, "finished")
    promote(bench.root, bench.settings, run, "Best.")
    return run


def test_nothing_changed_is_nothing_to_learn(bench: Bench, trained) -> None:
    with pytest.raises(RunError, match=r"there is nothing to learn"):
        plan(bench.root, bench.settings, since_last=True)


def test_a_changed_class_is_learned_with_replay_from_the_adapter_in_use(bench: Bench, trained) -> None:
    (bench.root / "shapes.py").write_text(SHAPES + "    def diameter(self): ...\n")
    build_index(bench.root, bench.settings)
    planned = plan(bench.root, bench.settings, since_last=True, overrides={"epochs": 2})
    assert planned.config.start_from == str(trained.folder.adapter)
    assert planned.config.lora == trained.config.lora and planned.config.epochs == 2
    rows = [*planned.data.train, *planned.data.validation]
    taught = what_was_learned(trained, lambda name: trained).answers
    new = [row for row in rows if row.output not in taught.get(row.fact, ())]
    assert {"Circle.diameter", "Circle"} <= {row.subject for row in new}
    assert 0.3 < 1 - len(new) / len(rows) < 0.5, "replay"
    assert f"run {trained.id}" in planned.notes[0]


def test_what_a_chain_of_runs_has_learned_is_all_of_it(bench: Bench, trained) -> None:
    (bench.root / "more.py").write_text("class Square:\n    def side(self): ...\n")
    build_index(bench.root, bench.settings)
    second = launch(bench.root, bench.settings, plan(bench.root, bench.settings, since_last=True))
    wait_for(second, "finished")
    assert second.manifest["since"] == trained.id
    learned = what_was_learned(second, {trained.id: trained}.__getitem__)
    first = what_was_learned(trained, {}.__getitem__)
    assert learned.answers.keys() > first.answers.keys()
    assert "more.py" in learned.files and "more.py" not in first.files


@pytest.mark.parametrize("asked", [{"preset": "guide"}, {"base_model": "embedded"}, {"overrides": {"lora": {"r": 4}}}])
def test_the_form_of_the_adapter_cannot_be_chosen_again(bench: Bench, trained, asked) -> None:
    with pytest.raises(UsageError, match="leave out preset, base model, method and lora"):
        plan(bench.root, bench.settings, since_last=True, **asked)


def test_without_a_model_in_use_there_is_nothing_to_go_on_from(bench: Bench) -> None:
    with pytest.raises(RunError, match="without --since-last first"):
        plan(bench.root, bench.settings, since_last=True)
    with pytest.raises(UsageError, match="start_from is not a --set key"):
        plan(bench.root, bench.settings, overrides={"start_from": "x"})


def test_a_run_of_an_older_form_is_told_so(bench: Bench, trained, tmp_path: Path) -> None:
    trained.folder.manifest.write_text("{}")
    with pytest.raises(RunError, match="does not say what it was trained on"):
        what_was_learned(trained, {}.__getitem__)
