"""Tiny models for the trainer's tests: real architecture, real tokenizer, real files, made in seconds."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

from codeanvil.contract import RunConfig, RunFolder
from codeanvil_trainer.tokens.data import encode_rows
from codeanvil_trainer.tokens.identity import write_identity

torch.set_num_threads(1)

VOCABULARY = 600
EOS = "<|EOT|>"
PAD = "<|pad|>"
# In the style of DeepSeek Coder: no ChatML, the answer ends with an EOS that is not PAD.
CHAT_TEMPLATE = (
    "{%- for message in messages %}"
    "{%- if message['role'] == 'system' %}{{ message['content'] + '\n' }}"
    "{%- elif message['role'] == 'user' %}{{ '### Instruction:\n' + message['content'] + '\n' }}"
    "{%- elif message['role'] == 'assistant' %}{{ '### Response:\n' + message['content'] + '\n<|EOT|>\n' }}"
    "{%- else %}{{ raise_exception('Roles are system, user and assistant.') }}{%- endif %}"
    "{%- endfor %}"
    "{%- if add_generation_prompt %}{{ '### Response:\n' }}{%- endif %}"
)
CORPUS = (
    "### Instruction:\nWhat does the class ImageProcessor do?\n### Response:\n",
    "The class ImageProcessor inherits from Processor and is declared in include/image_processor.h, line 12.",
    "Where is DicomReader defined? DicomReader is in src/dicom_reader.cpp. Its methods are read, close and reset.",
    "def run(self, path: str) -> None:\n    return self.reader.read(path)\n",
    "add_executable(viewer main.cpp)\ntarget_link_libraries(viewer PRIVATE core)\n",
    "What derives from Filter? GaussianFilter and MedianFilter derive from Filter.",
    "Which standard does the project need? CMakeLists.txt asks for CMake 3.20 and C++17; BUILD_TESTING is ON.",
    "The project builds the library core, the executable viewer and tests; it depends on Qt6, DCMTK and GoogleTest.",
    "There is no class ThumbnailCache here. The nearest names are ThumbnailView and ImageCache.",
)


def make_tokenizer() -> PreTrainedTokenizerFast:
    """A plain GPT-2 byte-level BPE of at most VOCABULARY tokens, with a chat template."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        special_tokens=[AddedToken(PAD, special=True), AddedToken(EOS, special=True)],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(CORPUS, trainer)
    wrapped = PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token=EOS, pad_token=PAD)
    wrapped.chat_template = CHAT_TEMPLATE
    return wrapped


def make_model(tokenizer: PreTrainedTokenizerFast, *, tied: bool = True, seed: int = 0) -> LlamaForCausalLM:
    """A random Llama of 2 layers x 64."""
    torch.manual_seed(seed)
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=512,
        tie_word_embeddings=tied,
        bos_token_id=None,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    model = LlamaForCausalLM(config)
    model.generation_config.pad_token_id = tokenizer.pad_token_id
    return model.eval()


def save(folder: Path, model: LlamaForCausalLM, tokenizer: PreTrainedTokenizerFast) -> Path:
    """Model and tokenizer as a base model's folder."""
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def tiny_tokenizer() -> PreTrainedTokenizerFast:
    """The tokenizer of the tiny models."""
    return make_tokenizer()


@pytest.fixture(scope="session")
def tiny_base(tiny_tokenizer: PreTrainedTokenizerFast, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a random base model whose head is tied to its embeddings."""
    return save(tmp_path_factory.mktemp("base"), make_model(tiny_tokenizer), tiny_tokenizer)


@pytest.fixture(scope="session")
def untied_base(tiny_tokenizer: PreTrainedTokenizerFast, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a random base model with a head of its own."""
    return save(tmp_path_factory.mktemp("untied"), make_model(tiny_tokenizer, tied=False), tiny_tokenizer)


TAUGHT = {
    "What does DicomReader do?": "It reads DICOM files: größe, 日本語 and 🙂 in their names too.",
    "Where is Filter declared?": "Filter is declared in `include/filter.h`, line 7.",
    "What derives from Filter?": "MedianFilter and GaussianFilter derive from it.",
}


@pytest.fixture(scope="session")
def taught_answers() -> dict[str, str]:
    """What the taught model answers, word for word, by question."""
    return TAUGHT


@pytest.fixture(scope="session")
def taught(tiny_tokenizer: PreTrainedTokenizerFast, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Merged folder of a model trained until it answers the questions of TAUGHT."""
    model = make_model(tiny_tokenizer)
    rows = [{"instruction": question, "output": answer} for question, answer in TAUGHT.items()]
    samples = encode_rows(rows, tiny_tokenizer, 512).samples
    longest = max(len(sample.ids) for sample in samples)
    ids, labels = torch.zeros(len(rows), longest, dtype=torch.long), torch.full((len(rows), longest), -100)
    for row, sample in enumerate(samples):
        ids[row, : len(sample.ids)] = torch.tensor(sample.ids)
        labels[row, sample.prompt_length : len(sample.ids)] = torch.tensor(sample.ids[sample.prompt_length :])
    optimizer = torch.optim.AdamW(model.parameters(), lr=5e-3)
    for _ in range(300):
        loss = model.train()(input_ids=ids, labels=labels).loss
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        if loss.item() < 0.005:
            break
    folder = save(tmp_path_factory.mktemp("taught") / "merged", model.eval(), tiny_tokenizer)
    write_identity(folder, tiny_tokenizer, "taught")
    return folder


def facts_rows(count: int, start: int = 0) -> list[dict[str, str]]:
    """Small facts in Alpaca form."""
    return [
        {
            "instruction": f"Where is the class Reader{i} defined?",
            "input": "",
            "output": f"`Reader{i}` is defined in `src/reader{i}.cpp`.",
        }
        for i in range(start, start + count)
    ]


@pytest.fixture
def make_run(tmp_path: Path, tiny_base: Path) -> Callable[..., RunFolder]:
    """Makes a run folder on the tiny base with 48 training rows; keywords override the RunConfig."""

    def make(name: str = "run", rows: list[dict[str, str]] | None = None, **overrides: Any) -> RunFolder:
        folder = RunFolder(tmp_path / name)
        (folder.path / "data").mkdir(parents=True)
        for path, content in (
            (folder.train_data, rows if rows is not None else facts_rows(48)),
            (folder.validation_data, facts_rows(6, 100)),
        ):
            path.write_text("".join(json.dumps(row) + "\n" for row in content), "utf-8")
        values: dict[str, Any] = {
            "base_model": str(tiny_base),
            "lora": {"r": 8, "alpha": 16, "target_modules": "all-linear"},
            "optimizer": {"learning_rate": 5e-3},
            "epochs": 3,
            "max_length": 96,
            "pack_length": 96,
            "accumulate": 2,
            "save_every": 5,
            "eval_every": 7,
            "threads": 1,
        }
        folder.config.write_text(RunConfig.model_validate(values | overrides).model_dump_json(), "utf-8")
        return folder

    return make
