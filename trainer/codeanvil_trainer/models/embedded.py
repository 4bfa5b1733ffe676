"""The embedded base model: a Llama of a few million weights that CodeAnvil makes itself.

It is a demonstration model. It lets index, training, merging and asking be shown on any machine without a
download; what it says is checked against the index like any other model's words. `scripts/make-seed` makes
its weights: trained from scratch, fully, on questions and answers about the Python standard library and about
invented code (see seed/CARD.md). QLoRA then runs on it as on any other base.

    python -m codeanvil_trainer.models.embedded base FOLDER ROWS.jsonl     tokenizer from the rows, random weights
    python -m codeanvil_trainer.models.embedded seed RUN_FOLDER FOLDER     a finished full run as the embedded model
"""

import sys
from collections.abc import Iterable
from pathlib import Path

import torch
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import AutoModelForCausalLM, AutoTokenizer, LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

from codeanvil.contract import RunFolder, read_json_lines

USER, ASSISTANT, END, PAD = "<|user|>", "<|assistant|>", "<|end|>", "<|pad|>"

CHAT_TEMPLATE = (
    "{% for message in messages %}"
    "{% if message['role'] == 'assistant' %}<|assistant|>{{ message['content'] }}<|end|>"
    "{% else %}<|user|>{{ message['content'] }}{% endif %}"
    "{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)

VOCABULARY = 4096
SHAPE = {
    "hidden_size": 192,
    "intermediate_size": 512,
    "num_hidden_layers": 4,
    "num_attention_heads": 6,
    "num_key_value_heads": 6,
    "max_position_embeddings": 2048,
    "rope_theta": 10_000.0,
}
"""2.6 million weights: the largest that learns a small workspace in minutes on one CPU core."""


def train_tokenizer(texts: Iterable[str]) -> PreTrainedTokenizerFast:
    """Byte-level BPE of `VOCABULARY` tokens over `texts`.

    The split is plain GPT-2's, since llama.cpp reproduces no other.
    """
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        special_tokens=[AddedToken(token, special=True) for token in (PAD, END, USER, ASSISTANT)],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    wrapped = PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token=END, pad_token=PAD)
    wrapped.chat_template = CHAT_TEMPLATE
    return wrapped


def create_base(folder: Path, rows: Path, seed: int = 0) -> None:
    """Write an untrained base into `folder`, its tokenizer made from the texts of `rows` (Alpaca JSON lines)."""
    texts = (row[key] for row in read_json_lines(rows) for key in ("instruction", "input", "output"))
    tokenizer = train_tokenizer(texts)
    torch.manual_seed(seed)
    model = LlamaForCausalLM(
        LlamaConfig(
            vocab_size=len(tokenizer),
            tie_word_embeddings=True,
            bos_token_id=None,
            eos_token_id=tokenizer.eos_token_id,
            pad_token_id=tokenizer.pad_token_id,
            **SHAPE,
        )
    )
    model.save_pretrained(str(folder))
    tokenizer.save_pretrained(str(folder))


def install_seed(run: RunFolder, folder: Path) -> None:
    """Write the weights of a finished full run into `folder` in half precision, ready to be committed."""
    model = AutoModelForCausalLM.from_pretrained(str(run.merged), dtype=torch.float16)
    model.save_pretrained(str(folder))
    AutoTokenizer.from_pretrained(str(run.merged)).save_pretrained(str(folder))


if __name__ == "__main__":
    verb, source, target = sys.argv[1:]
    if verb == "base":
        create_base(Path(source), Path(target))
    else:
        install_seed(RunFolder(Path(source)), Path(target))
