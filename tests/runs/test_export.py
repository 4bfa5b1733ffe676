"""What leaves the workspace: whole or not at all, and as other tools take it."""

import json
from pathlib import Path

import pytest
from tests.runs.run_bench import Bench, hand_made, wait_for

from codeanvil.contract import EMBEDDED
from codeanvil.errors import RunError, UsageError
from codeanvil.runs import llamafactory
from codeanvil.runs.export import export
from codeanvil.runs.presets import DEEPSEEK_7B, PRESETS

yaml = pytest.importorskip("yaml", reason="lacks PyYAML, which transformers brings")

ROW = {"instruction": "Where is Reader?", "input": "", "output": "In src/reader.py."}
WITH_EVIDENCE = {"instruction": "Where is Reader?", "input": "class Reader in src/reader.py", "output": "There."}


def finished(bench: Bench):
    run = bench.launch()
    wait_for(run, "finished")
    return run


@pytest.mark.parametrize(("form", "file"), [("adapter", "adapter_config.json"), ("merged", "config.json")])
def test_a_model_is_copied_as_it_is(bench: Bench, tmp_path: Path, form: str, file: str) -> None:
    run = finished(bench)
    assert export(bench.root, bench.settings, form, tmp_path / "out").id == run.id
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [file, "weights.safetensors"]


def test_the_run_in_use_goes_before_the_newest_and_a_name_before_both(bench: Bench, tmp_path: Path) -> None:
    from codeanvil.runs.active import promote

    first = finished(bench)
    promote(bench.root, bench.settings, first, "Best.")
    second = finished(bench)
    assert export(bench.root, bench.settings, "adapter", tmp_path / "a").id == first.id
    assert export(bench.root, bench.settings, "adapter", tmp_path / "b", second.id).id == second.id


def test_a_merge_of_several_strengths_says_what_it_is_made_of(bench: Bench, tmp_path: Path) -> None:
    run, other = finished(bench), finished(bench)
    out = tmp_path / "sum"
    export(bench.root, bench.settings, "merged", out, run.id, strength=0.7, added={other.id: -0.5})
    assert sorted(path.name for path in out.iterdir()) == ["config.json", "merge.json"]
    words = json.loads((out / "config.json").read_text())
    assert "--strength=0.7" in words
    assert f"--add={other.folder.path}=-0.5" in words
    measured = json.loads((out / "merge.json").read_text())
    assert measured["runs"] == {run.id: 0.7, other.id: -0.5}
    assert measured["greedy_agreement"] == 1.0


def test_sums_that_make_no_sense_are_refused(bench: Bench, tmp_path: Path) -> None:
    run, other = finished(bench), finished(bench)
    out = tmp_path / "sum"

    def refused(sentence: str, form: str = "merged", **wishes: object) -> None:
        with pytest.raises((UsageError, RunError), match=sentence):
            export(bench.root, bench.settings, form, out, run.id, **wishes)
        assert not out.exists()

    refused("go with --format merged", form="adapter", strength=0.5)
    refused("added to itself", added={run.id: 1.0})
    refused("no run 'nothing'", added={"nothing": 1.0})
    manifest = json.loads(other.folder.manifest.read_text())
    other.folder.manifest.write_text(json.dumps(manifest | {"since": run.id}))
    refused("counts that twice", added={other.id: 1.0})
    other.folder.manifest.write_text(json.dumps(manifest))
    config = json.loads(other.folder.config.read_text())
    other.folder.config.write_text(json.dumps(config | {"base_model": "another/model"}))
    refused("cannot be added", added={other.id: 1.0})


def test_without_a_finished_run_there_is_no_model_to_export(bench: Bench, tmp_path: Path) -> None:
    run = hand_made(bench.root, bench.settings, "20260101-000000-aaaa")
    with pytest.raises(RunError, match="no model: run `codeanvil train`"):
        export(bench.root, bench.settings, "merged", tmp_path / "out")
    with pytest.raises(RunError, match="has no adapter: it is queued"):
        export(bench.root, bench.settings, "adapter", tmp_path / "out", run.id)
    assert not (tmp_path / "out").exists()


def test_what_is_there_already_is_never_overwritten(bench: Bench, tmp_path: Path) -> None:
    finished(bench)
    kept = tmp_path / "out" / "mine.txt"
    kept.parent.mkdir()
    kept.write_text("mine")
    with pytest.raises(UsageError, match="is not an empty folder"):
        export(bench.root, bench.settings, "adapter", tmp_path / "out")
    with pytest.raises(UsageError, match="is not an empty folder"):
        export(bench.root, bench.settings, "adapter", kept)
    assert kept.read_text() == "mine"
    (tmp_path / "empty").mkdir()
    export(bench.root, bench.settings, "adapter", tmp_path / "empty")
    assert (tmp_path / "empty" / "adapter_config.json").exists()


def test_an_export_that_cannot_be_written_leaves_nothing(bench: Bench, tmp_path: Path) -> None:
    finished(bench)
    (tmp_path / "file").write_text("")
    with pytest.raises(RunError, match=r"failed .*choose a folder"):
        export(bench.root, bench.settings, "adapter", tmp_path / "file" / "out")


def test_gguf_is_written_by_the_trainer_in_the_quantisation_asked_for(bench: Bench, tmp_path: Path) -> None:
    finished(bench)
    export(bench.root, bench.settings, "gguf", tmp_path / "out", quantization="q4_0")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["model-q4_0.gguf"]
    export(bench.root, bench.settings, "gguf", tmp_path / "usual")
    assert [path.name for path in (tmp_path / "usual").iterdir()] == ["model-q8_0.gguf"]


@pytest.mark.parametrize(("form", "quantization"), [("gguf", "q3"), ("merged", "q8_0")])
def test_a_quantisation_that_is_none_is_refused_before_anything(
    bench: Bench, tmp_path: Path, form: str, quantization: str
) -> None:
    with pytest.raises(UsageError, match=r"--quantization goes with --format gguf and is one of f32, f16"):
        export(bench.root, bench.settings, form, tmp_path / "out", quantization=quantization)


def test_llamafactory_gets_the_runs_data_and_its_base_model(bench: Bench, tmp_path: Path) -> None:
    finished(bench)
    out = tmp_path / "out"
    export(bench.root, bench.settings, "llamafactory", out)
    info = json.loads((out / "dataset_info.json").read_text())
    assert set(info) == {"codeanvil_train", "codeanvil_validation"}
    for name, count in (("codeanvil_train", 4), ("codeanvil_validation", 1)):
        rows = json.loads((out / info[name]["file_name"]).read_text())
        assert len(rows) == count
        assert all(set(row) == {"instruction", "input", "output"} for row in rows)
    options = yaml.safe_load((out / "codeanvil.yaml").read_text())
    assert options["model_name_or_path"] == "base_model"
    assert (out / "base_model").is_dir()


def written(tmp_path: Path, config=PRESETS["guide"], train=(ROW,) * 800, validation=(ROW,)) -> dict:
    llamafactory.write(tmp_path, config, train, validation)
    return yaml.safe_load((tmp_path / "codeanvil.yaml").read_text())


def test_the_guides_preset_is_the_same_run_in_llamafactory(tmp_path: Path) -> None:
    options = written(tmp_path)
    assert options == {
        "model_name_or_path": DEEPSEEK_7B,
        "quantization_bit": 4, "quantization_method": "bnb", "quantization_type": "nf4", "double_quantization": True,
        "stage": "sft", "do_train": True, "finetuning_type": "lora",
        "lora_rank": 128, "lora_alpha": 256, "lora_dropout": 0.05, "lora_target": "q_proj,k_proj,v_proj,o_proj",
        "dataset_dir": ".", "dataset": "codeanvil_train", "eval_dataset": "codeanvil_validation",
        "template": "deepseekcoder", "cutoff_len": 2048, "seed": 0,
        "per_device_train_batch_size": 1, "gradient_accumulation_steps": 8, "learning_rate": 5e-4,
        "num_train_epochs": 10, "lr_scheduler_type": "cosine_with_min_lr",
        "lr_scheduler_kwargs": {"min_lr_rate": 0.1}, "warmup_steps": 50,
        "adam_beta1": 0.9, "adam_beta2": 0.999, "adam_epsilon": 1e-8, "weight_decay": 0.01, "max_grad_norm": 1.0,
        "bf16": True, "output_dir": "output", "logging_steps": 10, "save_steps": 500, "report_to": "none",
        "per_device_eval_batch_size": 1, "eval_strategy": "steps", "eval_steps": 500,
    }  # fmt: skip
    numbers = ("learning_rate", "adam_epsilon", "weight_decay", "num_train_epochs")
    assert all(isinstance(options[name], int | float) for name in numbers)


def test_evidence_stands_where_our_own_prompt_has_it(tmp_path: Path) -> None:
    written(tmp_path, train=[WITH_EVIDENCE])
    (row,) = json.loads((tmp_path / "codeanvil_train.json").read_text())
    # LLaMA-Factory's own rule (data/README.md): the prompt is `instruction\ninput`.
    assert f"{row['instruction']}\n{row['input']}" == "Where is Reader?\n\nclass Reader in src/reader.py"


def test_without_validation_rows_nothing_is_evaluated(tmp_path: Path) -> None:
    options = written(tmp_path, validation=())
    assert not {name for name in options if "eval" in name}
    assert set(json.loads((tmp_path / "dataset_info.json").read_text())) == {"codeanvil_train"}


def test_all_layers_and_full_training_are_named_as_llamafactory_names_them(tmp_path: Path) -> None:
    assert written(tmp_path, PRESETS["all-linear"])["lora_target"] == "all"
    cpu = written(tmp_path, PRESETS["cpu"])
    assert "template" not in cpu
    assert cpu["additional_target"] == "embed_tokens,lm_head"
    full = written(tmp_path, PRESETS["guide"].model_copy(update={"method": "full"}))
    assert full["finetuning_type"] == "full"
    assert not {name for name in full if name.startswith(("lora", "quantization"))}
    assert PRESETS["cpu"].base_model == EMBEDDED
