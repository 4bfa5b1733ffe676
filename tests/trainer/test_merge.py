"""Merging on tiny models with real NF4: what is merged answers as what was trained."""

import json
import subprocess
import sys
from pathlib import Path

import bitsandbytes as bnb
import pytest
import torch
from safetensors.torch import load_file

from codeanvil.contract import LoraConfig, RunConfig, RunFolder
from codeanvil_trainer import models
from codeanvil_trainer.answering import loading
from codeanvil_trainer.errors import TrainerError
from codeanvil_trainer.merging.arithmetic import Part
from codeanvil_trainer.merging.merge import merge
from codeanvil_trainer.tokens.identity import FILE_NAME, write_identity

ALL_LINEAR = LoraConfig(r=8, alpha=16, dropout=0.05, target_modules="all-linear")
WITH_EMBEDDINGS = LoraConfig(r=8, alpha=16, target_modules="all-linear", train_embeddings=True)
QUERY = "model.layers.1.self_attn.q_proj.weight"


def finished_run(
    folder: Path, base: Path, *, method: str = "qlora", lora: LoraConfig = ALL_LINEAR, name: str = "run", seed: int = 1
) -> RunFolder:
    """A run folder as training leaves it, with a random adapter (or random weights) in the place of a trained one."""
    run = RunFolder(folder / name)
    run.path.mkdir()
    run.config.write_text(RunConfig(base_model=str(base), method=method, lora=lora).model_dump_json())
    run.validation_data.parent.mkdir()
    rows = [{"instruction": f"Where is DicomReader {i}?", "input": "", "output": "In src."} for i in range(20)]
    run.validation_data.write_text("".join(json.dumps(row) + "\n" for row in rows))
    tokenizer = models.load_tokenizer(str(base))
    torch.manual_seed(seed)
    model = models.load_base(str(base), quantize=method == "qlora")
    if method != "full":
        model = models.attach_adapter(model, lora)
    for name, parameter in model.named_parameters():
        if "lora_B" in name or "modules_to_save" in name or method == "full":
            parameter.data += 0.05 * torch.randn(parameter.shape)
    model.save_pretrained(str(run.adapter))
    if method == "full":
        tokenizer.save_pretrained(str(run.adapter))
    write_identity(run.adapter, tokenizer, str(base), quantized=method == "qlora")
    return run


def report(run: RunFolder) -> dict[str, float]:
    return json.loads(run.report.read_text())["merge"]


def merged_weights(run: RunFolder) -> dict[str, torch.Tensor]:
    return load_file(run.merged / "model.safetensors")


def update(run: RunFolder) -> torch.Tensor:
    """(alpha / r) BA of one layer, from the adapter's file."""
    weights = load_file(run.adapter / "adapter_model.safetensors")
    prefix = f"base_model.model.{QUERY.removesuffix('.weight')}"
    return 2 * weights[f"{prefix}.lora_B.weight"] @ weights[f"{prefix}.lora_A.weight"]


def dequantised(base: Path) -> torch.Tensor:
    """The layer's NF4 weights dequantised, by bitsandbytes alone."""
    weight = load_file(base / "model.safetensors")[QUERY]
    quantised, state = bnb.functional.quantize_4bit(weight, quant_type="nf4", compress_statistics=True)
    return bnb.functional.dequantize_4bit(quantised, state)


def test_merged_weights_are_dequantised_base_plus_scaled_update(tiny_base: Path, tmp_path: Path) -> None:
    run = finished_run(tmp_path, tiny_base)
    merge(run)
    expected = dequantised(tiny_base) + update(run)
    torch.testing.assert_close(merged_weights(run)[QUERY], expected)
    assert (expected - load_file(tiny_base / "model.safetensors")[QUERY]).abs().max() > 0.01


def test_what_several_runs_learned_is_added_up_and_agrees_with_base_and_adapters(
    tiny_base: Path, tmp_path: Path
) -> None:
    run = finished_run(tmp_path, tiny_base)
    other = finished_run(tmp_path, tiny_base, name="other", seed=2, lora=ALL_LINEAR.model_copy(update={"r": 4}))
    third = finished_run(tmp_path, tiny_base, name="third", seed=3)
    parts = [Part(other.adapter, 0.5), Part(third.adapter, -0.25)]
    section = merge(run, strength=0.75, others=parts, out=tmp_path / "sum")
    scale = {run: 0.75, other: 0.5 * 2, third: -0.25}  # alpha / r is 4 in the second one, and `update` takes 2
    expected = dequantised(tiny_base) + sum(number * update(each) for each, number in scale.items())
    torch.testing.assert_close(load_file(tmp_path / "sum" / "model.safetensors")[QUERY], expected)
    assert section["greedy_agreement"] == 1.0
    assert section["max_logit_difference"] < 1e-3
    assert not run.merged.exists() and not run.report.exists()


def test_trained_embeddings_of_several_runs_are_added_up_too(tiny_base: Path, tmp_path: Path) -> None:
    run = finished_run(tmp_path, tiny_base, lora=WITH_EMBEDDINGS)
    other = finished_run(tmp_path, tiny_base, name="other", seed=2, lora=WITH_EMBEDDINGS)
    plain = finished_run(tmp_path, tiny_base, name="plain", seed=3)
    section = merge(run, strength=0.5, others=[Part(other.adapter, 0.5), Part(plain.adapter, 1)], out=tmp_path / "sum")
    key = "base_model.model.model.embed_tokens.weight"
    mean = sum(load_file(each.adapter / "adapter_model.safetensors")[key] for each in (run, other)) / 2
    weights = load_file(tmp_path / "sum" / "model.safetensors")
    torch.testing.assert_close(weights["model.embed_tokens.weight"], mean)
    torch.testing.assert_close(
        weights[QUERY], dequantised(tiny_base) + update(run) / 2 + update(other) / 2 + update(plain)
    )
    assert section["greedy_agreement"] == 1.0


def test_a_sum_is_refused_where_it_would_take_a_runs_own_place_or_the_bases_differ(
    tiny_base: Path, untied_base: Path, tmp_path: Path
) -> None:
    run = finished_run(tmp_path, tiny_base)
    stranger = finished_run(tmp_path, untied_base, name="stranger")
    with pytest.raises(TrainerError, match="was trained on the base model"):
        merge(run, others=[Part(stranger.adapter, 1.0)], out=tmp_path / "sum")
    assert not (tmp_path / "sum").exists()
    for words, sentence in (([f"{stranger.path}=1"], "say where it goes with --out"), (["x=y"], "FOLDER=0.5")):
        command = [sys.executable, "-m", "codeanvil_trainer", "merge", str(run.path), "--add", *words]
        out = [] if "--out" in sentence else ["--out", str(tmp_path / "sum")]
        done = subprocess.run([*command, *out], capture_output=True, text=True, check=False)
        assert done.returncode == 1
        assert sentence in done.stderr


@pytest.mark.parametrize("strength", [0.0, 0.5, 1.5])
def test_strength_scales_the_update_and_trained_embeddings_alike(
    tiny_base: Path, tmp_path: Path, strength: float
) -> None:
    run = finished_run(tmp_path, tiny_base, lora=WITH_EMBEDDINGS)
    merge(run)
    whole = merged_weights(run)["model.embed_tokens.weight"]
    before = load_file(tiny_base / "model.safetensors")["model.embed_tokens.weight"]
    merge(run, strength=strength)
    torch.testing.assert_close(merged_weights(run)[QUERY], dequantised(tiny_base) + strength * update(run))
    torch.testing.assert_close(merged_weights(run)["model.embed_tokens.weight"], torch.lerp(before, whole, strength))
    assert report(run)["strength"] == strength
    assert report(run)["max_logit_difference"] < 1e-3


@pytest.mark.parametrize(
    "lora", [ALL_LINEAR, WITH_EMBEDDINGS, LoraConfig(r=4, alpha=8)], ids=["all", "embeddings", "guide"]
)
@pytest.mark.parametrize("tied", [True, False], ids=["tied", "untied"])
def test_merged_model_answers_as_nf4_with_adapter(
    tiny_base: Path, untied_base: Path, tmp_path: Path, lora: LoraConfig, tied: bool
) -> None:
    run = finished_run(tmp_path, tiny_base if tied else untied_base, lora=lora)
    merge(run)
    found = report(run)
    assert found["prompts"] == 16
    assert found["max_logit_difference"] < 1e-3
    assert found["mean_logit_difference"] <= found["max_logit_difference"]
    assert found["greedy_agreement"] == found["next_token_agreement"] == 1
    assert found["bytes"] == sum(path.stat().st_size for path in run.merged.iterdir())
    model = models.load_base(str(run.merged), quantize=False)
    assert (model.get_input_embeddings().weight is model.get_output_embeddings().weight) == tied
    assert ("lm_head.weight" in merged_weights(run)) != tied


@pytest.mark.parametrize("method", ["qlora", "lora"])
def test_an_adapter_is_served_on_the_form_of_the_base_it_was_trained_on(
    tiny_base: Path, tmp_path: Path, method: str
) -> None:
    run = finished_run(tmp_path, tiny_base, method=method)
    merge(run)
    ids = torch.arange(5, 60)[None]
    with torch.no_grad():
        merged = loading.load(str(tiny_base), merged=run.merged)[0](ids).logits
        beside = loading.load(str(tiny_base), adapter=run.adapter)[0](ids).logits
    torch.testing.assert_close(merged, beside)


def test_agreement_notices_a_wrong_merge(tiny_base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = finished_run(tmp_path, tiny_base)
    original = models.load_dequantised

    def spoiled(*arguments: object, **named: object) -> object:
        model = original(*arguments, **named)
        for layer in model.model.layers:
            layer.mlp.down_proj.weight.data.mul_(-20)
        return model

    monkeypatch.setattr(models, "load_dequantised", spoiled)
    merge(run)
    assert report(run)["max_logit_difference"] > 0.01
    assert report(run)["greedy_agreement"] < 1


def test_merge_is_right_where_bitsandbytes_would_repack_weights(
    tiny_base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bnb.nn.modules, "has_avx512bf16", lambda: True)
    run = finished_run(tmp_path, tiny_base)
    merge(run)
    torch.testing.assert_close(merged_weights(run)[QUERY], dequantised(tiny_base) + update(run))
    assert report(run)["max_logit_difference"] < 1e-3


def test_merged_folder_is_a_plain_model_with_tokenizer_and_identity(tiny_base: Path, tmp_path: Path) -> None:
    run = finished_run(tmp_path, tiny_base)
    merge(run)
    config = json.loads((run.merged / "config.json").read_text())
    assert "quantization_config" not in config
    tokenizer = models.load_tokenizer(str(run.merged))
    assert tokenizer.chat_template == models.load_tokenizer(str(tiny_base)).chat_template
    assert json.loads((run.merged / FILE_NAME).read_text())["base_model"] == str(tiny_base)
    assert not list(run.path.glob(".*merged*"))


def test_lora_run_is_merged_into_the_base_as_it_is(tiny_base: Path, tmp_path: Path) -> None:
    run = finished_run(tmp_path, tiny_base, method="lora")
    merge(run)
    torch.testing.assert_close(
        merged_weights(run)[QUERY], load_file(tiny_base / "model.safetensors")[QUERY] + update(run)
    )


def test_full_run_is_saved_as_it_is(tiny_base: Path, tmp_path: Path) -> None:
    run = finished_run(tmp_path, tiny_base, method="full")
    merge(run)
    torch.testing.assert_close(merged_weights(run), load_file(run.adapter / "model.safetensors"))
    assert "greedy_agreement" not in report(run)


def test_other_sections_of_the_report_stay(tiny_base: Path, tmp_path: Path) -> None:
    run = finished_run(tmp_path, tiny_base)
    run.report.write_text('{"training": {"steps": 3}}')
    merge(run)
    assert json.loads(run.report.read_text())["training"] == {"steps": 3}


def test_without_validation_rows_training_rows_are_compared(tiny_base: Path, tmp_path: Path) -> None:
    run = finished_run(tmp_path, tiny_base)
    run.validation_data.rename(run.train_data)
    merge(run)
    assert report(run)["prompts"] == 16


def test_weights_that_are_not_finite_are_refused_and_the_old_merge_stays(tiny_base: Path, tmp_path: Path) -> None:
    run = finished_run(tmp_path, tiny_base)
    merge(run)
    before = merged_weights(run)[QUERY]
    adapter = models.load_adapter(models.load_base(str(tiny_base), quantize=True), run.adapter)
    next(p for name, p in adapter.named_parameters() if "lora_B" in name).data.fill_(torch.nan)
    adapter.save_pretrained(str(run.adapter))
    with pytest.raises(TrainerError, match=r"not finite .* lower learning rate"):
        merge(run)
    assert torch.equal(merged_weights(run)[QUERY], before)


def test_a_run_without_weights_says_so(tiny_base: Path, tmp_path: Path) -> None:
    run = finished_run(tmp_path, tiny_base)
    run.adapter.rename(tmp_path / "gone")
    with pytest.raises(TrainerError, match="resume it"):
        merge(run)


def test_adapter_of_another_base_is_refused(tiny_base: Path, untied_base: Path, tmp_path: Path) -> None:
    run = finished_run(tmp_path, tiny_base)
    run.config.write_text(RunConfig(base_model=str(untied_base)).model_dump_json())
    with pytest.raises(TrainerError, match="was trained on the base model"):
        merge(run)


def test_second_merge_at_the_same_time_is_refused(tiny_base: Path, tmp_path: Path) -> None:
    run = finished_run(tmp_path, tiny_base)
    hold = (
        "import fcntl,sys; f=open(sys.argv[1],'a'); fcntl.flock(f, fcntl.LOCK_EX); print('held', flush=True); input()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", hold, str(run.path / ".merge.lock")], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        with pytest.raises(TrainerError, match="being merged already"):
            merge(run)
        holder.communicate(b"\n")
    merge(run)


def test_leftovers_of_a_killed_merge_are_replaced(tiny_base: Path, tmp_path: Path) -> None:
    run = finished_run(tmp_path, tiny_base)
    (run.path / ".merged.partial").mkdir()
    (run.path / ".merged.partial" / "model.safetensors").write_bytes(b"half")
    (run.path / ".merged.old").mkdir()
    merge(run)
    assert not list(run.path.glob(".merged.*"))
