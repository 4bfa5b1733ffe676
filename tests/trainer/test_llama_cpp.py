"""Our GGUF run by llama.cpp itself: the same tokens, logits, answers and perplexity. Opt-in: it builds for minutes.

python -m venv llama && llama/bin/pip install llama-cpp-python
CODEANVIL_LLAMA_CPP_PYTHON=llama/bin/python scripts/test trainer -k llama_cpp
"""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
import torch

from codeanvil.contract import RunConfig, RunFolder, messages
from codeanvil_trainer import models
from codeanvil_trainer.answering.agreement import reference
from codeanvil_trainer.answering.loading import prepared
from codeanvil_trainer.exports.gguf_export import export_gguf
from codeanvil_trainer.models import SEED_FOLDER
from codeanvil_trainer.tokens.identity import write_identity
from codeanvil_trainer.tokens.template import encode_prompt, prompt_text

PYTHON = os.environ.get("CODEANVIL_LLAMA_CPP_PYTHON")
pytestmark = pytest.mark.skipif(not PYTHON, reason="needs CODEANVIL_LLAMA_CPP_PYTHON, a Python with llama-cpp-python")

QUESTIONS = [
    "Where is Filter declared?",
    "What does DicomReader do?",
    "größe, 日本語 and 🙂?",
    "def run(self):\n    pass",
]
WORST_LOGIT = {"f32": 0.02, "f16": 0.05, "q8_0": 0.5}
"""Beyond what the export itself measured: llama.cpp keeps keys and values in 16 bits, and q8_0 rounds activations."""

SAME_TOKEN = {"f32": 1.0, "f16": 0.98, "q8_0": 0.9}
"""Share of positions with the same most likely token; the demonstration model is unsure of itself."""


@pytest.mark.parametrize("quantization", list(WORST_LOGIT))
@pytest.mark.parametrize("base", ["taught", "embedded"])
def test_llama_cpp_reads_tokens_and_answers_as_we_do(base, quantization, taught, tmp_path):
    run = RunFolder(tmp_path / "run")
    shutil.copytree(taught if base == "taught" else SEED_FOLDER, run.merged)
    run.config.write_text(RunConfig().model_dump_json())
    run.train_data.parent.mkdir()
    run.train_data.write_text(json.dumps({"instruction": QUESTIONS[0], "output": "In filter.h."}) + "\n")
    tokenizer = models.load_tokenizer(str(run.merged))
    write_identity(run.merged, tokenizer, base)
    export_gguf(run, tmp_path / "out", quantization)
    (gguf,) = (tmp_path / "out").glob("*.gguf")
    model = prepared(models.load_base(str(run.merged), quantize=False, dtype=torch.float32), tokenizer)
    asked = [messages(question) for question in QUESTIONS]
    ours = reference(model, [encode_prompt(tokenizer, one) for one in asked])
    theirs = llama_cpp(gguf, [prompt_text(tokenizer, one) for one in asked], ours)
    same = []
    for number, found in enumerate(theirs):
        assert found["ids"] == ours.prompts[number], "the same tokens"
        logits = torch.tensor(found["logits"])
        assert float((logits - ours.logits[number]).abs().max()) < WORST_LOGIT[quantization] + rounding(run, gguf)
        assert perplexity(logits, ours.answers[number]) == pytest.approx(
            perplexity(ours.logits[number], ours.answers[number]),
            rel={"f32": 1e-3, "f16": 0.01, "q8_0": 0.1}[quantization],
        )
        same.append(logits.argmax(-1) == ours.logits[number].argmax(-1))
        if quantization == "f32":
            assert found["greedy"] == ours.answers[number]
    assert float(torch.cat(same).float().mean()) >= SAME_TOKEN[quantization]


def rounding(run: RunFolder, gguf: Path) -> float:
    """The largest difference of a logit that the export itself measured."""
    return float(json.loads((gguf.parent / "agreement.json").read_text())["max_logit_difference"])


def perplexity(logits: torch.Tensor, answer: list[int]) -> float:
    """Of `answer`, whose token n is foretold by row n."""
    if not answer:
        return 1.0
    return float(torch.nn.functional.cross_entropy(logits[: len(answer)], torch.tensor(answer)).exp())


def llama_cpp(gguf, texts, ours):
    rows = [
        {"text": text, "ids": ids, "answer": answer}
        for text, ids, answer in zip(texts, ours.prompts, ours.answers, strict=True)
    ]
    program = Path(__file__).with_name("llama_cpp_answers.py")
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    done = subprocess.run(
        [PYTHON, program, gguf], input=json.dumps(rows), capture_output=True, text=True, env=environment, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
