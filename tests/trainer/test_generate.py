"""Batches of answers, through the real command."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from tests.checkout import import_path

from codeanvil.contract import GenerateRequest, Prompt
from codeanvil_trainer import models
from codeanvil_trainer.answering import batch as generate
from codeanvil_trainer.answering import loading, writing
from codeanvil_trainer.errors import TrainerError


@pytest.fixture
def prompts(taught_answers: dict[str, str]) -> list[Prompt]:
    return [Prompt(id=str(number), instruction=question) for number, question in enumerate(taught_answers)]


def texts(request: GenerateRequest) -> dict[tuple[str, str], str]:
    return {(answer["model"], answer["id"]): answer["text"] for answer in generate.answers(request)}


def test_losses_on_general_rows_follow_each_models_answers(
    tiny_base: Path, taught: Path, taught_answers: dict[str, str], prompts: list[Prompt], tmp_path: Path
) -> None:
    rows = tmp_path / "general.jsonl"
    taught_rows = [
        {"instruction": question, "input": "", "output": answer} for question, answer in taught_answers.items()
    ]
    rows.write_text("".join(json.dumps(row) + "\n" for row in taught_rows))
    request = GenerateRequest(
        base_model=str(tiny_base), models={"base": None, "tuned": taught}, prompts=prompts[:1], general_data=rows
    )
    found = list(generate.answers(request))
    assert ["losses" in row for row in found] == [False, True, False, True]
    losses = {row["model"]: row["losses"] for row in found if "losses" in row}
    assert len(losses["base"]) == len(losses["tuned"]) == len(rows.read_text().splitlines())
    assert all(tuned < base for tuned, base in zip(losses["tuned"], losses["base"], strict=True)), "it was taught these"


def test_the_command_prints_json_lines_of_every_model_and_nothing_else(
    tiny_base: Path, taught: Path, taught_answers: dict[str, str], prompts: list[Prompt], tmp_path: Path
) -> None:
    request = GenerateRequest(
        base_model=str(tiny_base), models={"base": None, "tuned": taught}, prompts=prompts, batch_size=2, threads=1
    )
    file = tmp_path / "request.json"
    file.write_text(request.model_dump_json())
    environment = os.environ | {"PYTHONPATH": import_path(), "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "codeanvil_trainer", "generate", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=True, timeout=120)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert {(line["model"], line["id"]) for line in lines} == {(m, i) for m in ("base", "tuned") for i in "012"}
    assert {line["id"]: line["text"] for line in lines if line["model"] == "tuned"} == dict(
        zip("012", taught_answers.values(), strict=True)
    )
    assert "tuned: 3/3" in done.stderr


def test_answers_do_not_depend_on_the_batch(
    taught: Path, taught_answers: dict[str, str], prompts: list[Prompt]
) -> None:
    # Lengths differ, so that some prompts are padded.
    asked = [*prompts, Prompt(id="long", instruction="What derives from Filter?", evidence="Filter: a class. " * 9)]
    found = [
        texts(GenerateRequest(models={"tuned": taught}, prompts=asked, batch_size=size, max_new_tokens=64))
        for size in (1, 3, 4)
    ]
    assert found[0] == found[1] == found[2]
    assert [found[0]["tuned", number] for number in "012"] == list(taught_answers.values())


def test_a_prompt_without_room_gets_no_answer_and_a_sentence(
    taught: Path, taught_answers: dict[str, str], prompts: list[Prompt], capsys: pytest.CaptureFixture[str]
) -> None:
    asked = [*prompts, Prompt(id="huge", instruction="word " * 600)]
    found = texts(GenerateRequest(models={"tuned": taught}, prompts=asked))
    assert found["tuned", "huge"] == ""
    assert found["tuned", "1"] == taught_answers["Where is Filter declared?"]
    assert "huge: not asked" in capsys.readouterr().err


def test_an_answer_ends_with_the_context(taught: Path, tiny_base: Path) -> None:
    model, tokenizer = loading.load(str(tiny_base))
    outputs = writing.answer_batch(model, tokenizer.pad_token_id, [[5] * 500], 10)
    assert len(outputs[0]) <= 10
    found = texts(GenerateRequest(models={"tuned": taught}, prompts=[Prompt(id="a", instruction="x " * 240)]))
    assert len(tokenizer.encode(found["tuned", "a"])) < 512 - 480


def test_the_base_is_asked_in_its_dequantised_form(tiny_base: Path) -> None:
    model, _ = loading.load(str(tiny_base))
    expected = models.load_dequantised(str(tiny_base))
    ids = torch.arange(5, 50)[None]
    with torch.no_grad():
        assert torch.equal(model(ids).logits, expected(ids).logits)


def test_memory_that_runs_out_halves_the_batch(
    taught: Path, taught_answers: dict[str, str], prompts: list[Prompt], monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes = []
    original = writing.answer_batch

    def scarce(model: Any, pad: int, batch: list[list[int]], most: int) -> list[list[int]]:
        sizes.append(len(batch))
        if len(batch) > 1:
            raise torch.OutOfMemoryError
        return original(model, pad, batch, most)

    monkeypatch.setattr(writing, "answer_batch", scarce)
    found = texts(GenerateRequest(models={"tuned": taught}, prompts=prompts, batch_size=4))
    assert list(found.values()) and set(found.values()) == set(taught_answers.values())
    assert sizes == [3, 2, 1, 1, 1]


def test_weights_of_another_template_are_refused(taught: Path, prompts: list[Prompt], tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    copy.symlink_to(taught)
    changed = tmp_path / "changed"
    changed.mkdir()
    for path in taught.iterdir():
        (changed / path.name).write_bytes(path.read_bytes())
    template = changed / "chat_template.jinja"
    template.write_text(template.read_text().replace("### Response", "### Answer"))
    assert texts(GenerateRequest(models={"tuned": copy}, prompts=prompts[:1]))
    with pytest.raises(TrainerError, match="another chat template"):
        texts(GenerateRequest(models={"tuned": changed}, prompts=prompts[:1]))
