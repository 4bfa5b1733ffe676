"""Training through the server: started, shown, stopped, and going on without an editor."""

import asyncio
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from pygls.exceptions import JsonRpcException
from tests.checkout import as_interpreter
from tests.runs.run_bench import FAKE_TRAINER

from codeanvil.runs.run import Run, list_runs
from codeanvil.settings import Settings

PROGRESS = "codeanvil/runProgress"


class Trainer:
    """The stand-in trainer of the runs' tests, as the interpreter that `train.python` names."""

    def __init__(self, path: Path) -> None:
        self.path = as_interpreter(FAKE_TRAINER, path)
        self.behave()

    def behave(self, **plan: Any) -> None:
        """See `fake_trainer.py`."""
        self.path.with_suffix(".json").write_text(json.dumps({"step_seconds": 0.02, **plan}))

    @property
    def settings(self) -> dict[str, Any]:
        return {"train": {"python": str(self.path), "base_model": "embedded"}}


@pytest.fixture
def trainer(tmp_path: Path, project: Path) -> Iterator[Trainer]:
    yield Trainer(tmp_path / "trainer")
    for run in runs(project):
        if run.process:
            run.process.kill()
    shutil.rmtree(project, ignore_errors=True)


def runs(project: Path) -> list[Run]:
    return list_runs(project, Settings())


def in_state(state: str) -> Callable[[dict[str, Any]], bool]:
    return lambda told: told["state"] == state


def past_step(step: int) -> Callable[[dict[str, Any]], bool]:
    return lambda told: told["state"] == "running" and told["step"] > step


async def test_a_run_is_started_shown_and_put_to_use(start, project: Path, trainer: Trainer) -> None:
    trainer.behave(steps=40, step_seconds=0.05, start_seconds=1.5)
    client = await start(project, settings=trainer.settings)
    begun = await client.command("train")
    assert begun["state"] in {"queued", "running"}
    going = await client.until(PROGRESS, past_step(3))
    assert (going["run"], going["steps"], going["workspace"]) == (begun["run"], 40, str(project))
    done = await client.until(PROGRESS, in_state("finished"))
    assert (done["step"], done["loss"], done["validation_loss"]) == (40, 0.075, 0.5)
    first, *_, last = await client.bar("CodeAnvil: training")
    assert first.percentage == 0
    assert "finished" in last.message
    status = await client.command("status")
    assert status["run"]["run"] == begun["run"]
    assert status["active"]["run"] == begun["run"]


async def test_a_dry_run_says_what_it_would_do_and_starts_nothing(start, project: Path, trainer: Trainer) -> None:
    client = await start(project, settings=trainer.settings)
    plan = await client.command("train", {"dry_run": True, "overrides": {"epochs": 3}})
    assert any("3 epochs" in sentence for sentence in plan["summary"])
    assert runs(project) == []


async def test_stop_and_resume(start, project: Path, trainer: Trainer) -> None:
    trainer.behave(steps=500)
    client = await start(project, settings=trainer.settings)
    begun = await client.command("train")
    await client.until(PROGRESS, past_step(2))
    stopped = await client.command("stop")
    assert (stopped["run"], stopped["state"]) == (begun["run"], "stopped")
    after = len(client.told)
    trainer.behave(steps=stopped["step"] + 5)
    resumed = await client.command("resume", {"run": begun["run"]})
    assert resumed["run"] == begun["run"]
    done = await client.until(PROGRESS, in_state("finished"), after)
    assert done["step"] == stopped["step"] + 5


async def test_closing_the_editor_leaves_the_run_going_and_a_new_server_shows_it(
    start, project: Path, trainer: Trainer
) -> None:
    trainer.behave(steps=1000)
    editor = await start(project, settings=trainer.settings)
    begun = await editor.command("train")
    seen = await editor.until(PROGRESS, past_step(3))
    assert await editor.close() == 0
    run = runs(project)[0]
    assert run.state == "running"
    step = run.progress().step
    await asyncio.sleep(0.5)
    assert run.progress().step > step, "the run stands still without an editor"

    again = await start(project, settings=trainer.settings)
    shown = await again.until(PROGRESS, past_step(seen["step"]))
    assert shown["run"] == begun["run"]
    assert (await again.command("status"))["run"]["state"] == "running"
    assert (await again.command("stop"))["state"] == "stopped"
    assert any("training" in reports[0].title for reports in again.lsp.progress_reports.values() if reports)


async def test_killing_the_server_leaves_the_run_going(start, project: Path, trainer: Trainer) -> None:
    trainer.behave(steps=1000)
    editor = await start(project, settings=trainer.settings)
    await editor.command("train")
    await editor.until(PROGRESS, past_step(1))
    editor.lsp._stop_event.set()
    server = psutil.Process(editor.lsp._server.pid)
    children = [child for child in server.children(recursive=True) if "codeanvil_trainer" not in child.cmdline()]
    server.kill()
    _, alive = psutil.wait_procs([server, *children], timeout=10)
    assert alive == [], "the index process outlives its server"
    assert runs(project)[0].state == "running"


async def test_a_run_that_ended_before_it_was_looked_at_is_told_all_the_same(
    start, project: Path, trainer: Trainer
) -> None:
    trainer.behave(steps=1, step_seconds=0.0)
    client = await start(project, settings=trainer.settings)
    for _ in range(2):
        after = len(client.told)
        begun = await client.command("train")
        told = await client.until(PROGRESS, in_state("finished"), after)
        assert told["run"] == begun["run"]


async def test_a_run_that_fails_is_told_with_its_reason(start, project: Path, trainer: Trainer) -> None:
    trainer.behave(ending="failed")
    client = await start(project, settings=trainer.settings)
    await client.command("train")
    told = await client.until(PROGRESS, in_state("failed"))
    assert "free some space" in told["text"]
    assert "free some space" in (await client.bar("CodeAnvil: training"))[-1].message


async def test_a_run_started_elsewhere_is_shown(start, project: Path, trainer: Trainer) -> None:
    trainer.behave(steps=1000)
    client, other = await start(project, settings=trainer.settings), await start(project, settings=trainer.settings)
    begun = await other.command("train")
    assert (await client.until(PROGRESS, past_step(1)))["run"] == begun["run"]
    waits = await client.command("train")
    await client.command("stop", {"run": waits["run"]})
    await client.command("stop")


async def test_a_second_run_waits_and_is_shown_once_the_first_is_paused(start, project: Path, trainer: Trainer) -> None:
    trainer.behave(steps=1000)
    client = await start(project, settings=trainer.settings)
    first = await client.command("train")
    await client.until(PROGRESS, past_step(1))
    second = await client.command("train")
    assert second["state"] == "queued"
    paused = await client.command("pause")
    assert (paused["run"], paused["state"], paused["alive"]) == (first["run"], "paused", False)
    told = await client.until(PROGRESS, in_state("paused"))
    assert (told["run"], told["alive"]) == (first["run"], False)
    after = await client.until(PROGRESS, lambda told: told["run"] == second["run"] and told["state"] == "running")
    assert after["alive"]
    resumed = await client.command("resume", {"run": first["run"]})
    assert resumed["run"] == first["run"]
    for _ in range(300):
        row = (await client.command("status", {"run": first["run"]}))["run"]
        if row["place"] == 1:
            break
        await asyncio.sleep(0.1)
    assert f"run {second['run']} of {project}" in row["text"]
    await client.command("stop", {"run": second["run"]})
    told = await client.until(PROGRESS, lambda told: told["run"] == first["run"], len(client.told))
    assert told["alive"]


REFUSED = [
    ("train", {"preset": "huge"}, "There is no preset 'huge'"),
    ("train", {"overrides": {"epoch": 3}}, "did you mean 'epochs'"),
    ("train", {"presets": "cpu"}, "has no argument 'presets'"),
    ("train", {"preset": 3}, "'preset' of codeanvil.train"),
    ("stop", {}, "nothing to stop"),
    ("resume", {}, "no training run"),
    ("resume", {"run": "x"}, "There is no run 'x'"),
    ("export", {"format": "tar", "out": "x"}, "There is no export format 'tar'"),
    ("ask", {}, "'question' of codeanvil.ask"),
    ("evaluate", {"arms": ["all"]}, "There is no arm 'all'"),
    ("status", {"workspace": "/nowhere"}, "The folder /nowhere is not open"),
    ("status", "shop", "takes one object"),
    ("praise", {}, "There is no command 'codeanvil.praise'"),
]


async def test_what_cannot_be_done_is_said_in_a_sentence(start, project: Path, trainer: Trainer) -> None:
    client = await start(project, settings=trainer.settings)
    for verb, arguments, sentence in REFUSED:
        with pytest.raises(JsonRpcException) as refused:
            await client.command(verb, arguments)
        assert sentence in str(refused.value), verb


async def test_evaluate_and_export_answer_as_the_command_line_does(start, project: Path, trainer: Trainer) -> None:
    client = await start(project, settings=trainer.settings)
    await client.command("train")
    await client.until(PROGRESS, in_state("finished"))
    (project / "questions.jsonl").write_text(
        json.dumps({"id": "1", "question": "Where is Order defined?", "category": "where", "expect": [["orders.py"]]})
    )
    report = await client.command("evaluate", {"questions": "questions.jsonl", "arms": ["index"]})
    assert report["arms"]["index"]["overall"]["correct"] == 1
    written = await client.command("export", {"format": "adapter", "out": "exported"})
    assert written["files"] == sorted(path.name for path in (project / "exported").iterdir())


async def test_prepare_writes_the_data_set_and_reports_it(start, project: Path) -> None:
    client = await start(project)
    report = await client.command("prepare")
    rows = (project / ".codeanvil" / "training_data.jsonl").read_text().splitlines()
    assert report["dataset"]["samples"] == len(rows) > 0
    assert report["index"]["symbols"]["class"] == 2
    assert report["workspace"] == str(project)


async def test_a_training_plan_says_what_a_run_would_take_and_starts_nothing(
    start, project: Path, trainer: Trainer
) -> None:
    trainer.behave(tokens_per_second=500.0)
    client = await start(project, settings=trainer.settings)
    plan = await client.request("codeanvil/trainingPlan", {"workspace": project.as_uri(), "overrides": {"epochs": 2}})
    assert (plan["workspace"], plan["base_model"], plan["device"]) == (str(project), "embedded", "cpu")
    assert plan["epochs"] == 2
    assert plan["samples"] > 0
    assert plan["time"]["seconds"] == round(plan["tokens"] / 500)
    assert plan["memory"]["fits"] is True
    assert runs(project) == []
    assert (await client.request("codeanvil/trainingPlan"))["epochs"] == 4
    with pytest.raises(JsonRpcException, match="has no argument 'epochs'"):
        await client.request("codeanvil/trainingPlan", {"epochs": 2})
    with pytest.raises(JsonRpcException, match="did you mean 'epochs'"):
        await client.request("codeanvil/trainingPlan", {"overrides": {"epoch": 2}})
