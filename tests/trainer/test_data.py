"""Rows become tokens through the base's own template; what is cut is counted."""

import pytest
from transformers import PreTrainedTokenizerFast

from codeanvil.contract import messages
from codeanvil_trainer import models
from codeanvil_trainer.errors import TrainerError
from codeanvil_trainer.tokens.data import encode_rows, read_rows
from codeanvil_trainer.tokens.template import encode_prompt, encode_sample, prompt_text, template_sha256

ROW = {"instruction": "What derives from Filter?", "input": "facts", "output": "GaussianFilter does."}


def test_prompt_and_answer_are_the_text_of_the_chat_template(tiny_tokenizer):
    prompt, answer = encode_sample(tiny_tokenizer, messages(ROW["instruction"], ROW["input"]), ROW["output"])
    assert tiny_tokenizer.decode(prompt) == "### Instruction:\nWhat derives from Filter?\n\nfacts\n### Response:\n"
    assert tiny_tokenizer.decode(answer) == "GaussianFilter does.\n<|EOT|>"


def test_training_starts_the_answer_where_generation_starts_it(tiny_tokenizer):
    asked = messages(ROW["instruction"], ROW["input"])
    assert encode_sample(tiny_tokenizer, asked, ROW["output"])[0] == encode_prompt(tiny_tokenizer, asked)


def test_the_answer_ends_with_one_eos_that_is_not_pad(tiny_tokenizer):
    _, answer = encode_sample(tiny_tokenizer, messages("Q"), "A <|EOT|> is mentioned")
    assert answer[-1] == tiny_tokenizer.eos_token_id != tiny_tokenizer.pad_token_id


def test_without_a_chat_template_the_alpaca_template_serves(tiny_tokenizer):
    bare = PreTrainedTokenizerFast(tokenizer_object=tiny_tokenizer.backend_tokenizer, eos_token="<|EOT|>")
    assert prompt_text(bare, messages("Q", "E")) == "### Instruction:\nQ\n\nE\n\n### Response:\n"
    assert encode_sample(bare, messages("Q"), "A")[1][-1] == bare.eos_token_id
    assert template_sha256(bare) != template_sha256(tiny_tokenizer)


def test_a_long_answer_is_cut_without_eos_and_a_long_prompt_dropped_and_both_are_counted(tiny_tokenizer):
    long = {"instruction": "Q", "input": "", "output": "word " * 200}
    hopeless = {"instruction": "word " * 200, "input": "", "output": "A"}
    encoding = encode_rows([ROW, long, hopeless], tiny_tokenizer, max_length=64)
    assert (len(encoding.samples), encoding.cut, encoding.dropped) == (2, 1, 1)
    assert len(encoding.samples[1].ids) == 64
    assert encoding.samples[1].ids[-1] != tiny_tokenizer.eos_token_id


def test_pad_is_never_eos_even_where_the_tokenizer_says_so(tmp_path, tiny_tokenizer, tiny_base):
    import shutil

    folder = shutil.copytree(tiny_base, tmp_path / "base")
    same = PreTrainedTokenizerFast(
        tokenizer_object=tiny_tokenizer.backend_tokenizer, eos_token="<|EOT|>", pad_token="<|EOT|>"
    )
    same.save_pretrained(folder)
    loaded = models.load_tokenizer(str(folder))
    assert loaded.pad_token_id != loaded.eos_token_id


@pytest.mark.parametrize(
    ("content", "message"),
    [('{"instruction": "Q"}\n', "line 1: a row needs"), ("{not json}\n", "damaged"), (None, "cannot be read")],
)
def test_bad_data_files_are_named_with_a_remedy(tmp_path, content, message):
    path = tmp_path / "train.jsonl"
    if content is not None:
        path.write_text(content)
    with pytest.raises(TrainerError, match=message) as error:
        read_rows(path)
    assert str(path) in str(error.value)
