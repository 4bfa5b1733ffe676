"""What a base model is made of, told from its config.json, against the model that transformers builds of it."""

import json
from pathlib import Path
from typing import Any

import pytest

from codeanvil.contract import EMBEDDED, EstimateRequest, LoraConfig, RunConfig
from codeanvil_trainer.footprint.shapes import Shape
from codeanvil_trainer.machine.needs import estimate, located, shape_of
from codeanvil_trainer.training.measure import measure

LLAMA: dict[str, Any] = {
    "model_type": "llama", "hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4, "vocab_size": 64,
    "num_key_value_heads": 2, "intermediate_size": 48, "tie_word_embeddings": False,
}  # fmt: skip


def test_a_run_needs_more_with_every_weight_trained_and_nothing_is_fetched_of_what_is_here(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps(LLAMA))
    configs = [RunConfig(base_model=str(tmp_path)), RunConfig(base_model=str(tmp_path), method="full"), RunConfig()]
    adapter, full, embedded = estimate(EstimateRequest(configs=configs, on_gpu=False))
    assert (adapter.weights, embedded.weights, adapter.download_bytes) == ("folder", "embedded", 0)
    assert full.trainable == full.parameters == adapter.parameters
    assert (full.disk_bytes or 0) < (adapter.disk_bytes or 0)  # rank 128 is more than this whole model
    assert embedded.parameters == shape_of(EMBEDDED).parameters


@pytest.mark.parametrize("written", ["not json", "{}", '{"hidden_size": 8, "num_attention_heads": 0}'])
def test_a_model_of_another_kind_is_unknown_and_no_error(tmp_path: Path, written: str) -> None:
    (tmp_path / "config.json").write_text(written)
    (needs,) = estimate(EstimateRequest(configs=[RunConfig(base_model=str(tmp_path))], on_gpu=True))
    assert (needs.weights, needs.parameters, needs.memory_bytes) == ("folder", None, None)
    assert located("no/such-model") == ("hub", None)
    assert located("no such name at all!") == ("hub", None)


def test_a_model_in_the_hubs_cache_is_not_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot = tmp_path / "models--some--model" / "snapshots" / "0123"
    snapshot.mkdir(parents=True)
    (snapshot.parents[1] / "refs").mkdir()
    (snapshot.parents[1] / "refs" / "main").write_text("0123")
    (snapshot / "config.json").write_text(json.dumps(LLAMA))
    (snapshot / "model.safetensors").write_bytes(b"")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr("huggingface_hub.file_download.HF_HUB_CACHE", str(tmp_path), raising=False)
    assert located("some/model") == ("cached", snapshot)
    assert shape_of("some/model") == Shape.of(LLAMA)


def test_a_trial_takes_real_steps_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("codeanvil_trainer.training.measure.SECONDS", 0.2)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    found = measure(RunConfig(max_length=64, pack_length=64, lora=LoraConfig(r=4, target_modules="all-linear")))
    assert found["tokens_per_second"] > 0
    assert found["tokens"] >= 64
    assert list(tmp_path.iterdir()) == []
