"""What `scripts/compare-presets` changes between its trials, and what it prints."""

import json
from pathlib import Path

from scripts.compare_presets.__main__ import changes, table, trainable_of

import codeanvil_trainer
from codeanvil.contract import RunConfig, RunFolder
from codeanvil.runs.presets import PRESETS
from codeanvil_trainer.footprint.shapes import Shape

SEED = Path(codeanvil_trainer.__file__).parent / "seed" / "config.json"


def test_trials_differ_in_adapter_and_optimizer_alone() -> None:
    made = {name: RunConfig.model_validate(PRESETS["cpu"].model_dump() | changes(PRESETS[name])) for name in PRESETS}
    for name, config in made.items():
        assert (config.lora, config.optimizer) == (PRESETS[name].lora, PRESETS[name].optimizer)
        assert config.model_copy(update=changes(PRESETS["cpu"])).pack_length == PRESETS["cpu"].pack_length
    assert len({config.lora.model_dump_json() for config in made.values()}) == len(PRESETS)


def test_guide_and_all_linear_train_about_as_many_weights_on_the_embedded_model_too() -> None:
    shape = Shape.of(json.loads(SEED.read_text("utf-8")))
    assert shape
    guide, all_linear = (
        shape.adapter(PRESETS[name].lora.r, PRESETS[name].lora.target_modules) for name in ("guide", "all-linear")
    )
    assert 0.99 < all_linear / guide < 1.01


def test_the_weights_trained_are_those_of_the_report(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    folder.report.write_text(json.dumps({"training": {"trainable_parameters": 786_432}}), "utf-8")
    assert trainable_of(folder) == 786_432


def test_the_table_gives_mean_and_range() -> None:
    score = {"mean": 0.5, "low": 0.4, "high": 0.6, "false_claims": 1.25, "own_words": 0.3}
    figures = {
        "workspace": "w",
        "rows": 1_000,
        "questions": 3,
        "seeds": 3,
        "tokens": 10,
        "presets": {"guide": {"trainable": 786_432, "tuned": score, "tuned+index": score}},
    }
    assert "| `guide` | 786,432 | 50% (40% to 60%) | 50% (40% to 60%) | 1.25, 1.25 |" in table(figures)
