"""GGUF and Modelfile: the file holds the model's weights, tokens and template, read back by the gguf package."""

import json

import gguf
import numpy as np
import pytest
import torch
from tests.trainer.test_merge import finished_run

from codeanvil.contract import messages
from codeanvil_trainer import models
from codeanvil_trainer.errors import TrainerError
from codeanvil_trainer.exports.gguf_export import export_gguf
from codeanvil_trainer.exports.gguf_file import write_gguf
from codeanvil_trainer.exports.gguf_tokenizer import splitting_rules
from codeanvil_trainer.exports.modelfile import frame, modelfile, rendered
from codeanvil_trainer.merging.merge import merge
from codeanvil_trainer.tokens.template import encode_prompt, prompt_text


@pytest.fixture
def merged_run(tmp_path, tiny_base):
    run = finished_run(tmp_path, tiny_base)
    merge(run)
    return run


def written(run, folder, quantization):
    export_gguf(run, folder, quantization)
    (path,) = folder.glob("*.gguf")
    return gguf.GGUFReader(path)


def value(reader, key):
    field = reader.get_field(key)
    return field.contents()


def test_the_file_says_what_the_model_is(merged_run, tmp_path, tiny_tokenizer):
    reader = written(merged_run, tmp_path / "out", "f16")
    assert value(reader, "general.architecture") == "llama"
    assert value(reader, "llama.block_count") == 2 and value(reader, "llama.attention.head_count_kv") == 2
    assert value(reader, "tokenizer.ggml.pre") == "gpt-2"
    tokens = value(reader, "tokenizer.ggml.tokens")
    assert tokens[tiny_tokenizer.eos_token_id] == "<|EOT|>" == tokens[value(reader, "tokenizer.ggml.eos_token_id")]
    assert tokens[: len(tiny_tokenizer)] == [
        tiny_tokenizer.convert_ids_to_tokens(i) for i in range(len(tiny_tokenizer))
    ]
    assert value(reader, "tokenizer.chat_template") == tiny_tokenizer.chat_template
    assert value(reader, "tokenizer.ggml.add_bos_token") is False


def test_every_weight_is_in_the_file_queries_and_keys_in_pairs(merged_run, tmp_path):
    reader = written(merged_run, tmp_path / "out", "f32")
    tensors = {tensor.name: tensor.data for tensor in reader.tensors}
    model = models.load_base(str(merged_run.merged), quantize=False, dtype=torch.float32)
    layer = model.model.layers[1]
    assert np.array_equal(tensors["blk.1.ffn_down.weight"], layer.mlp.down_proj.weight.numpy())
    query = layer.self_attn.q_proj.weight.numpy()
    for head in range(4):  # of 16 rows: halves become neighbours
        rows = tensors["blk.1.attn_q.weight"][16 * head : 16 * head + 16]
        assert np.array_equal(rows[0::2], query[16 * head : 16 * head + 8])
        assert np.array_equal(rows[1::2], query[16 * head + 8 : 16 * head + 16])
    assert "output.weight" not in tensors, "the head is tied to the embeddings"
    assert len(tensors) == 2 + 2 * 9


@pytest.mark.parametrize("quantization", ["f32", "f16", "q8_0", "q4_0"])
def test_the_report_says_how_far_the_file_is_from_the_model(merged_run, tmp_path, quantization):
    written(merged_run, tmp_path / "out", quantization)
    section = json.loads(merged_run.report.read_text())["gguf"]
    assert section == json.loads((tmp_path / "out" / "agreement.json").read_text())
    assert section["prompts"] == 16 and section["quantization"] == quantization
    worst = {"f32": 0.0, "f16": 1e-2, "q8_0": 0.2, "q4_0": 3.0}[quantization]
    assert section["max_logit_difference"] <= worst
    assert (section["max_logit_difference"] > 0) == (quantization != "f32"), "measured, not assumed"


def test_fewer_bits_are_a_smaller_file(merged_run, tmp_path):
    sizes = []
    for quantization in ("f32", "f16", "q8_0", "q4_0"):
        export_gguf(merged_run, tmp_path / quantization, quantization)
        (path,) = (tmp_path / quantization).glob("*.gguf")
        sizes.append(path.stat().st_size)
    assert sizes == sorted(sizes, reverse=True) and len(set(sizes)) == 4


def test_training_serving_and_modelfile_see_the_same_tokens(merged_run, tmp_path, tiny_tokenizer):
    written(merged_run, tmp_path / "out", "q8_0")
    text = (tmp_path / "out" / "Modelfile").read_text()
    asked = messages("Where is DicomReader?", "class DicomReader in src/dicom_reader.cpp, line 4")
    wanted = encode_prompt(tiny_tokenizer, asked)
    assert tiny_tokenizer.encode(rendered(text, asked), add_special_tokens=False) == wanted
    assert rendered(text, asked) == prompt_text(tiny_tokenizer, asked)
    assert 'PARAMETER stop "<|EOT|>"' in text and text.startswith("FROM ./run-q8_0.gguf")


def test_a_template_that_loses_the_question_is_refused(tiny_tokenizer):
    import copy

    deaf = copy.deepcopy(tiny_tokenizer)
    deaf.chat_template = "{{ 'nothing' }}"
    with pytest.raises(TrainerError, match="Modelfile by hand"):
        modelfile(deaf, "x.gguf", 512)
    assert frame(tiny_tokenizer) == ("### Instruction:\n", "\n### Response:\n")


@pytest.mark.parametrize(
    ("before", "model_type", "name"),
    [
        ({"type": "ByteLevel", "use_regex": True}, "llama", "gpt-2"),
        (
            {"type": "Sequence", "pretokenizers": [
                {"type": "Split", "pattern": {"Regex": "[\r\n]"}}, {"type": "ByteLevel", "use_regex": False}]},
            "llama",
            "deepseek-coder",
        ),
        (
            {"type": "Sequence", "pretokenizers": [
                {"type": "Split", "pattern": {"Regex": "(?i:'s|'t)"}}, {"type": "ByteLevel", "use_regex": False}]},
            "qwen2",
            "qwen2",
        ),
    ],
)  # fmt: skip
def test_splitting_rules_are_told_by_what_they_are(before, model_type, name):
    assert splitting_rules({"pre_tokenizer": before, "model": {"type": "BPE"}}, model_type) == name


def test_unknown_splitting_rules_are_refused_with_the_way_out():
    with pytest.raises(TrainerError, match=r"convert_hf_to_gguf\.py"):
        splitting_rules({"pre_tokenizer": {"type": "Whitespace"}, "model": {"type": "BPE"}}, "llama")


def test_another_kind_of_model_is_refused(tmp_path, merged_run, tiny_tokenizer):
    model = models.load_base(str(merged_run.merged), quantize=False)
    model.config.model_type = "falcon"
    with pytest.raises(TrainerError, match="kind falcon"):
        write_gguf(model, tiny_tokenizer, "", tmp_path / "x.gguf", "f16")


def test_without_a_merged_model_there_is_nothing_to_write(tmp_path, tiny_base):
    run = finished_run(tmp_path, tiny_base)
    with pytest.raises(TrainerError, match="merge it first"):
        export_gguf(run, tmp_path / "out", "q8_0")
    with pytest.raises(TrainerError, match="take one of f32"):
        export_gguf(run, tmp_path / "out", "q3")
