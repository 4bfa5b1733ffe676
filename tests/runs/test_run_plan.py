"""What a run will do is decided, and wrong wishes are refused, before anything starts."""

import json
import os
import shutil
import sys
from pathlib import Path

import pytest
from tests.checkout import WORKSPACES

from codeanvil.contract import EMBEDDED
from codeanvil.errors import RunError, UsageError
from codeanvil.runs import trainer
from codeanvil.runs.plan import plan
from codeanvil.runs.presets import DEEPSEEK_1B, DEEPSEEK_7B, PRESETS
from codeanvil.settings import IndexSettings, Settings, TrainSettings
from codeanvil.workspace.index.build import build_index

ONE_PROCESS = Settings(index=IndexSettings(processes=1))


def script(path: Path, text: str) -> Path:
    path.write_text(text)
    path.chmod(0o755)
    return path


def interpreter(tmp_path: Path, missing: list[str] | None = None, torch: str | None = "2.13.0") -> Settings:
    """Settings with an interpreter that says that it has these packages."""
    answer = json.dumps({"missing": missing or [], "torch": torch, "folder": None})
    python = script(tmp_path / "python", f"#!{sys.executable}\nprint({answer!r})\n")
    return Settings(train=TrainSettings(python=str(python)))


def gpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    """A driver that reports these GPUs."""
    folder = tmp_path / "driver"
    folder.mkdir()
    script(folder / "nvidia-smi", "#!/bin/sh\n" + "".join(f"echo '{line}'\n" for line in lines))
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)


@pytest.fixture(scope="session")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small workspace with its index."""
    root = tmp_path_factory.mktemp("indexed") / "shapes"
    shutil.copytree(WORKSPACES / "shapes", root)
    build_index(root, ONE_PROCESS)
    return root


@pytest.fixture
def root(indexed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, on a machine without a GPU."""
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    return shutil.copytree(indexed, tmp_path / "shapes")


def test_without_a_gpu_the_embedded_model_is_trained_with_the_cpu_preset(root: Path, tmp_path: Path) -> None:
    made = plan(root, interpreter(tmp_path))
    assert made.config == PRESETS["cpu"]
    assert made.gpu is None
    assert "embedded" in made.sentence
    assert any("demonstration model" in note for note in made.notes)


@pytest.mark.parametrize(
    ("lines", "preset", "base"),
    [
        (["16376, 16000, RTX 4080"], "all-linear", DEEPSEEK_7B),
        (["8188, 8000, RTX 4060", "16376, 9000, RTX 4080"], "all-linear", DEEPSEEK_7B),
        (["8188, 8000, RTX 4060"], "small-gpu", DEEPSEEK_1B),
        (["2048, 2000, Quadro"], "cpu", EMBEDDED),
        (["[N/A], [N/A], broken"], "cpu", EMBEDDED),
    ],
)
def test_the_gpu_decides_what_is_trained(root, tmp_path, monkeypatch, lines, preset, base) -> None:
    gpus(tmp_path, monkeypatch, *lines)
    config = plan(root, interpreter(tmp_path)).config
    assert (config.preset, config.base_model) == (preset, base)


@pytest.mark.parametrize(
    ("visible", "expected"),
    [
        (None, "GPU-cc"),
        ("0", "GPU-aa"),
        ("1,0", "GPU-bb"),
        ("GPU-aa", "GPU-aa"),
        ("MIG-1234", "MIG-1234"),
        ("-1", None),
    ],
)
def test_the_gpu_of_a_run_is_the_freest_large_one_that_is_visible(tmp_path, monkeypatch, visible, expected) -> None:
    large = ("81920, 500, H100, 1, GPU-bb", "81920, 80000, H100, 2, GPU-cc")
    gpus(tmp_path, monkeypatch, "16376, 16000, RTX 4080, 0, GPU-aa", *large)
    if visible is not None:
        monkeypatch.setenv("CUDA_VISIBLE_DEVICES", visible)
    found = trainer.find_gpu()
    assert (found.uuid if found else None) == expected


def test_when_a_run_may_go_is_a_setting_and_can_be_said_for_one_run(root: Path, tmp_path: Path) -> None:
    settings = interpreter(tmp_path)
    wishes = settings.train.model_copy(update={"only_on_mains": True, "only_when_idle": True})
    settings = settings.model_copy(update={"train": wishes})
    assert plan(root, settings).config.only_on_mains
    config = plan(root, settings, overrides={"only_when_idle": False}).config
    assert (config.only_on_mains, config.only_when_idle) == (True, False)


def test_a_gpu_that_torch_was_not_built_for_is_not_used(root, tmp_path, monkeypatch) -> None:
    gpus(tmp_path, monkeypatch, "16376, 16000, RTX 4080")
    made = plan(root, interpreter(tmp_path, torch="2.13.0+cpu"))
    assert (made.gpu, made.config.base_model) == (None, EMBEDDED)


def test_a_preset_keeps_its_numbers_on_the_base_model_the_machine_can_hold(root, tmp_path, monkeypatch) -> None:
    made = plan(root, interpreter(tmp_path), preset="guide")
    assert made.config == PRESETS["guide"].model_copy(update={"base_model": EMBEDDED})
    assert any(DEEPSEEK_7B in note for note in made.notes)
    gpus(tmp_path, monkeypatch, "16376, 16000, RTX 4080")
    assert plan(root, interpreter(tmp_path), preset="guide").config == PRESETS["guide"]
    assert plan(root, interpreter(tmp_path), preset="cpu").config.base_model == EMBEDDED


def test_the_call_goes_before_the_settings(root, tmp_path) -> None:
    train = interpreter(tmp_path).train.model_copy(update={"preset": "guide", "base_model": DEEPSEEK_1B, "threads": 3})
    settings = Settings(train=train)
    assert plan(root, settings).config.base_model == DEEPSEEK_1B
    made = plan(
        root, settings, preset="cpu", base_model=EMBEDDED,
        overrides={"epochs": 3, "lora": {"r": 16}, "optimizer": {"learning_rate": 1e-4}},
    ).config  # fmt: skip
    assert (made.preset, made.base_model, made.threads) == ("cpu", EMBEDDED, 3)
    assert (made.epochs, made.lora.r, made.lora.alpha, made.optimizer.learning_rate) == (3, 16, 256, 1e-4)


@pytest.mark.parametrize(
    ("wish", "sentence"),
    [
        ({"preset": "huge"}, "no preset 'huge': take one of auto, guide"),
        ({"overrides": {"epoch": 3}}, "no training setting 'epoch': did you mean 'epochs'"),
        ({"overrides": {"lora": {"rank": 3}}}, "no training setting 'lora.rank': there are r, alpha"),
        ({"overrides": {"lora": 16}}, "'lora' is a group of settings.*lora.r=16"),
        ({"overrides": {"epochs": {"a": 1}}}, "'epochs' is one value"),
        ({"overrides": {"epochs": "many"}}, "'epochs' cannot be 'many'"),
        ({"overrides": {"epochs": 0}}, "'epochs' cannot be 0"),
        ({"overrides": {"preset": "guide"}}, "--preset"),
        ({"overrides": {"max_length": 512}}, "pack_length .256. is shorter than max_length .512."),
        ({"overrides": {"method": "full", "lora": {"r": 4}}}, "method=full .* has no adapter"),
        ({"overrides": {"lora": {"target_modules": []}}}, "target_modules is empty"),
        ({"overrides": {"max_tokens": 100}}, "max_tokens .100. is less than one row"),
        ({"base_model": "./no/such/folder"}, "no model folder './no/such/folder'"),
        ({"base_model": "a/b/c"}, "no model folder 'a/b/c'"),
        ({"overrides": {"base_model": "not a name"}}, "no model folder 'not a name'"),
    ],
)
def test_a_wish_that_cannot_be_met_is_refused_in_one_sentence(root, tmp_path, wish, sentence) -> None:
    with pytest.raises(UsageError, match=sentence) as refused:
        plan(root, interpreter(tmp_path), **wish)
    assert "\n" not in str(refused.value)
    assert "Value error" not in str(refused.value)
    assert not (root / ".codeanvil" / "runs").exists()


def test_a_folder_without_a_model_is_refused_and_one_with_a_model_is_taken(root, tmp_path) -> None:
    folder = root / "model"
    folder.mkdir()
    with pytest.raises(UsageError, match=r"holds no model .*config\.json"):
        plan(root, interpreter(tmp_path), base_model="model")
    (folder / "config.json").write_text("{}")
    assert plan(root, interpreter(tmp_path), base_model="model").config.base_model == str(folder)


def test_a_model_that_is_larger_than_the_machine_is_refused(root, tmp_path, monkeypatch) -> None:
    gpus(tmp_path, monkeypatch, "16376, 16000, RTX 4080")
    settings = interpreter(tmp_path)
    with pytest.raises(RunError, match=r"70b with method qlora needs more than 34 GiB .*RTX 4080 has 16 GiB"):
        plan(root, settings, base_model="codellama/CodeLlama-70b")
    with pytest.raises(RunError, match=r"method full needs more than 100 GiB .*: take method=qlora or a smaller"):
        plan(root, settings, preset="guide", overrides={"method": "full"})
    assert plan(root, settings, base_model=DEEPSEEK_7B).config.base_model == DEEPSEEK_7B


def test_missing_packages_are_named_with_the_command_that_installs_them(root, tmp_path) -> None:
    with pytest.raises(RunError, match=r"\(torch, peft\).*python -m pip install 'codeanvil\[train\]'"):
        plan(root, interpreter(tmp_path, missing=["torch", "peft"], torch=None))


def test_an_interpreter_that_cannot_be_run_is_one_sentence(root, tmp_path) -> None:
    settings = Settings(train=TrainSettings(python=str(tmp_path / "nowhere")))
    with pytest.raises(RunError, match=r"nowhere cannot be run .*train\.python"):
        plan(root, settings)
    broken = script(tmp_path / "broken", "#!/bin/sh\necho 'no such library' >&2\nexit 3\n")
    with pytest.raises(RunError, match=r"broken cannot be run .no such library."):
        plan(root, Settings(train=TrainSettings(python=str(broken))))


def test_the_data_is_split_by_fact_and_counted(root, tmp_path) -> None:
    data = plan(root, interpreter(tmp_path)).data
    assert data.counts["train"] == len(data.train) == sum(data.counts["kinds"].values()) > 0
    held_out = {sample.fact for sample in data.validation}
    trained = {sample.fact for sample in data.train}
    assert held_out
    assert not held_out & trained
    assert data.questions
    assert {question.fact for question in data.questions} <= trained
    assert not {question.question for question in data.questions} & {sample.instruction for sample in data.train}


def test_a_workspace_with_nothing_to_learn_or_no_index_is_refused(root, tmp_path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(RunError, match="not indexed yet: run `codeanvil prepare`"):
        plan(empty, interpreter(tmp_path))
    build_index(empty, ONE_PROCESS)
    with pytest.raises(RunError, match="nothing to learn from"):
        plan(empty, interpreter(tmp_path))
