"""Whole runs on a tiny model with real NF4: they learn, stop, survive a kill and say what went wrong."""

import json
import math
import os
import signal
import subprocess
import sys
import time
from itertools import pairwise

import psutil
import pytest
import torch
from safetensors.torch import load_file

from codeanvil.contract import TOKENS_UNKNOWN, OptimizerConfig, RunConfig, read_events
from codeanvil_trainer.errors import TrainerError
from codeanvil_trainer.models import loss
from codeanvil_trainer.tokens.packing import collate
from codeanvil_trainer.training import checkpoint, gradients
from codeanvil_trainer.training import loop as train
from codeanvil_trainer.training.setup import prepare


def losses(folder):
    events, _ = read_events(folder)
    return {event.data["step"]: event.data["loss"] for event in events if event.kind == "step"}


def kinds(folder):
    return [event.kind for event in read_events(folder)[0]]


def start(folder, *arguments):
    command = [sys.executable, "-m", "codeanvil_trainer", "train", str(folder.path), *arguments]
    with (folder.path / "stderr.txt").open("w") as errors:
        return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=errors)


def complaint(folder):
    return (folder.path / "stderr.txt").read_text()


PATIENCE_SECONDS = 250
"""For a process to start, load and train a little; on a busy machine the start alone can take a minute."""


def wait_for_step(folder, process, step):
    deadline = time.monotonic() + PATIENCE_SECONDS
    while max(losses(folder), default=0) < step:
        assert process.poll() is None, complaint(folder)
        assert time.monotonic() < deadline
        time.sleep(0.01)


def wait_for_kind(folder, process, kind):
    deadline = time.monotonic() + PATIENCE_SECONDS
    while kind not in kinds(folder):
        assert process.poll() is None, complaint(folder)
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_run_learns_and_leaves_adapter_report_and_events(make_run):
    folder = make_run(epochs=16, optimizer={"learning_rate": 1e-2})
    assert train.run(folder, resume=False)
    curve = losses(folder)
    assert list(curve) == list(range(1, len(curve) + 1))
    assert sum(list(curve.values())[-3:]) < 0.9 * sum(list(curve.values())[:3])
    report = json.loads(folder.report.read_text())["training"]
    assert report["steps"] == len(curve)
    assert report["first_loss"] == curve[1]
    assert report["trainable_parameters"] == 8 * 2 * (4 * 64 + 2 * (64 + 32) + 3 * (64 + 128))
    assert (folder.adapter / "adapter_model.safetensors").exists()
    assert "«`Reader" in (folder.path / "first_batch.txt").read_text()
    step = next(event for event in read_events(folder)[0] if event.kind == "step").data
    assert step["tokens_per_second"] > 0 and step["ram_bytes"] > 0 and step["eta_seconds"] >= 0


def test_the_data_card_gets_the_tokens_that_are_trained_on(make_run):
    folder = make_run(epochs=10, max_tokens=200)
    folder.card.write_text("{}")
    folder.card_text.write_text(f"{TOKENS_UNKNOWN}\n")
    assert train.run(folder, resume=False)
    told = json.loads(folder.card.read_text())["tokens"]
    assert told["total"] > told["max"] >= told["median"] > 1
    assert folder.card_text.read_text().startswith(f"Tokens of the base's tokenizer: {told['total']:,} in all")


def test_after_sigkill_resume_goes_on_with_the_same_losses(make_run):
    whole, killed = make_run("whole", epochs=6), make_run("killed", epochs=6)
    process = start(whole)
    assert process.wait(180) == 0
    expected = losses(whole)
    process = start(killed)
    wait_for_step(killed, process, 8)
    process.kill()
    process.wait()
    reached = max(losses(killed))
    assert reached < len(expected)
    process = start(killed, "--resume")
    assert process.wait(180) == 0, complaint(killed)
    resumed = next(e for e in read_events(killed)[0] if e.kind == "started" and e.data["resumed_from"] is not None)
    assert 0 < resumed.data["resumed_from"] <= reached
    assert losses(killed) == expected, "bit-equal, also the steps done twice"
    ours, theirs = (load_file(f.adapter / "adapter_model.safetensors") for f in (killed, whole))
    assert all(torch.equal(ours[name], theirs[name]) for name in theirs)


def test_stopping_leaves_a_checkpoint_within_seconds_and_resume_finishes(make_run):
    folder = make_run(epochs=40)
    process = start(folder)
    wait_for_step(folder, process, 3)
    asked = time.monotonic()
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0
    assert time.monotonic() - asked < 10
    assert kinds(folder)[-1] == "stopped"
    assert checkpoint.newest_valid(folder).name == f"step-{max(losses(folder))}"
    values = json.loads(folder.config.read_text()) | {"epochs": 2}
    folder.config.write_text(json.dumps(values))
    process = start(folder, "--resume")
    assert process.wait(120) == 0
    assert kinds(folder)[-1] == "finished"


def test_the_stop_file_stops_too_and_is_taken_away(make_run):
    folder = make_run(epochs=40)
    process = start(folder)
    wait_for_step(folder, process, 2)
    folder.stop_request.touch()
    assert process.wait(20) == 0
    assert kinds(folder)[-1] == "stopped" and not folder.stop_request.exists()


def test_a_stop_between_two_passes_of_a_step_ends_at_once_and_changes_nothing(make_run, monkeypatch):
    form = {"epochs": 3, "accumulate": 4, "lora": {"r": 8, "dropout": 0.2, "target_modules": "all-linear"}}
    whole, stopped = make_run("whole", **form), make_run("stopped", **form)
    train.run(whole, resume=False)
    passes = []

    def counted(*arguments):
        passes.append(1)
        if len(passes) == 10:  # the second pass of the third step
            stopped.stop_request.touch()
        return loss.summed_loss(*arguments)

    monkeypatch.setattr(gradients, "summed_loss", counted)
    assert not train.run(stopped, resume=False)
    assert (len(passes), max(losses(stopped))) == (10, 2)
    monkeypatch.undo()
    assert train.run(stopped, resume=True)
    assert losses(stopped) == losses(whole)
    ours, theirs = (load_file(f.adapter / "adapter_model.safetensors") for f in (stopped, whole))
    assert all(torch.equal(ours[name], theirs[name]) for name in theirs)


POWER_BY_STEP = """
import psutil
from pathlib import Path
from types import SimpleNamespace
from codeanvil_trainer.turn import conditions

conditions.LOOK_SECONDS = 0
folder, plugged, memory = Path({folder!r}), Path({plugged!r}), Path({memory!r})

def battery():
    events = (folder / "events.jsonl").read_text() if (folder / "events.jsonl").exists() else ""
    step = events.count('"kind":"step"')
    if step == 3 and not memory.exists():
        memory.write_text(str(psutil.Process().memory_info().rss))
    if step == 5 and '"kind":"paused"' not in events:
        (folder / "stop").write_text("pause")
    return SimpleNamespace(power_plugged=step < 3 or plugged.exists())

psutil.sensors_battery = battery
"""
"""Put into the trainer: power fails after the third step until `plugged` is there, and after the fifth a pause is
asked for. The run itself looks between its steps, so no load of the machine decides what it meets where."""


@pytest.mark.timeout(4 * PATIENCE_SECONDS)
def test_paused_or_waiting_for_power_a_run_gives_its_memory_back_and_ends_as_the_undisturbed_one(
    make_run, tmp_path, monkeypatch
):
    whole, folder = make_run("whole", epochs=6), make_run("disturbed", epochs=6, only_on_mains=True)
    train.run(whole, resume=False)
    plugged, at_work = tmp_path / "plugged", tmp_path / "memory"
    paths = {"folder": folder.path, "plugged": plugged, "memory": at_work}
    (tmp_path / "sitecustomize.py").write_text(
        POWER_BY_STEP.format(**{name: str(path) for name, path in paths.items()})
    )
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, (str(tmp_path), os.environ.get("PYTHONPATH")))))
    process = start(folder)
    wait_for_kind(folder, process, "waiting")
    deadline = time.monotonic() + PATIENCE_SECONDS
    while psutil.Process(process.pid).memory_info().rss > int(at_work.read_text()) / 4:  # the same process, begun anew
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert max(losses(folder)) == 3
    plugged.touch()
    assert process.wait(PATIENCE_SECONDS) == 0, complaint(folder)
    assert kinds(folder)[-1] == "paused" and not folder.stop_request.exists()
    assert max(losses(folder)) == 5 < len(losses(whole))
    process = start(folder, "--resume")
    assert process.wait(PATIENCE_SECONDS) == 0, complaint(folder)
    assert kinds(folder)[-1] == "finished"
    assert losses(folder) == losses(whole)
    ours, theirs = (load_file(f.adapter / "adapter_model.safetensors") for f in (folder, whole))
    assert all(torch.equal(ours[name], theirs[name]) for name in theirs)


def test_a_second_trainer_on_the_same_run_is_refused(make_run):
    folder = make_run(epochs=40)
    process = start(folder)
    wait_for_step(folder, process, 1)
    second = start(folder)
    assert second.wait(60) == 1
    assert "is being trained already" in complaint(folder)
    process.terminate()
    process.wait(20)


def test_a_damaged_newest_checkpoint_is_passed_over(make_run):
    folder = make_run()
    train.run(folder, resume=False)
    newest = checkpoint.listed(folder)[-1]
    (newest / "optimizer.pt").write_bytes(b"half a file")
    assert checkpoint.newest_valid(folder) == checkpoint.listed(folder)[-2]


def test_accumulated_gradients_are_those_of_one_large_batch(make_run):
    one = prepare(make_run("one", accumulate=8, lora={"r": 8, "alpha": 16, "dropout": 0}), resume=False)
    step = one.schedule.steps[0]
    assert len(step) == 8
    accumulated_loss, _ = gradients.accumulate_gradients(one, step)
    accumulated = [p.grad.clone() for p in one.model.parameters() if p.grad is not None]
    one.optimizer.zero_grad()
    whole = collate([row for rows in step for row in rows], one.samples, one.tokenizer.pad_token_id)
    total = loss.summed_loss(one.model, whole) / int((whole.labels != -100).sum())
    total.backward()
    assert float(total.detach()) == pytest.approx(accumulated_loss, rel=1e-5)
    for parameter, wanted in zip((p for p in one.model.parameters() if p.grad is not None), accumulated, strict=True):
        assert torch.allclose(parameter.grad, wanted, atol=1e-6)


def test_an_evaluation_in_mid_run_changes_no_later_loss(make_run):
    often, never = make_run("often", eval_every=1, epochs=1), make_run("never", eval_every=1000, epochs=1)
    train.run(often, resume=False)
    train.run(never, resume=False)
    assert losses(often) == losses(never)


def test_logits_in_chunks_give_the_same_loss_and_gradient(make_run, monkeypatch):
    setup = prepare(make_run(lora={"r": 8, "alpha": 16, "dropout": 0}), resume=False)
    step = setup.schedule.steps[0]
    whole = gradients.accumulate_gradients(setup, step)[0]
    wanted = [p.grad.clone() for p in setup.model.parameters() if p.grad is not None]
    setup.optimizer.zero_grad()
    monkeypatch.setattr(loss, "LOGIT_CHUNK", 7)
    assert gradients.accumulate_gradients(setup, step)[0] == pytest.approx(whole, rel=1e-5)
    for parameter, gradient in zip((p for p in setup.model.parameters() if p.grad is not None), wanted, strict=True):
        assert torch.allclose(parameter.grad, gradient, atol=1e-6)


def test_the_rate_warms_up_then_falls_to_a_tenth():
    config = OptimizerConfig()
    rates = [train.learning_rate(step, 200, config) for step in range(1, 201)]
    assert rates[0] == pytest.approx(5e-5) and rates[9] == pytest.approx(5e-4)
    assert max(rates) == pytest.approx(5e-4) and rates[-1] == pytest.approx(5e-5)
    assert all(later <= earlier for earlier, later in pairwise(rates[9:]))
    assert all(math.isfinite(rate) for rate in (train.learning_rate(1, 1, config), train.learning_rate(2, 2, config)))


def test_max_tokens_ends_a_run_early(make_run):
    folder = make_run(epochs=10, max_tokens=1500)
    train.run(folder, resume=False)
    assert 1000 < json.loads(folder.report.read_text())["training"]["tokens"] < 2500


def test_trained_embeddings_survive_a_resume(make_run):
    folder = make_run(lora={"r": 8, "alpha": 16, "target_modules": "all-linear", "train_embeddings": True}, epochs=1)
    first = prepare(folder, resume=False)
    trainable = [n for n, p in first.model.named_parameters() if p.requires_grad]
    assert any("embed_tokens" in name for name in trainable)
    train.fit(folder, first, train.StopSignals())
    again = prepare(folder, resume=True)
    before, after = dict(first.model.named_parameters()), dict(again.model.named_parameters())
    assert all(torch.equal(before[name], after[name]) for name in trainable)


def test_an_empty_data_set_fails_with_a_sentence_in_the_events(make_run):
    folder = make_run(rows=[])
    process = start(folder)
    assert process.wait(120) == 1
    error = complaint(folder)
    assert "nothing to train on" in error and "Traceback" not in error
    assert kinds(folder)[-1] == "failed"


def test_a_run_folder_that_cannot_be_written_ends_with_a_sentence(make_run, monkeypatch):
    folder = make_run()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(checkpoint, "_sync", full)
    with pytest.raises(TrainerError, match="No space left on device"):
        train.run(folder, resume=False)
    assert checkpoint.newest_valid(folder) is None
    assert not list(folder.checkpoints.iterdir())


def test_full_training_of_every_weight_saves_and_resumes(make_run):
    folder = make_run(method="full", optimizer={"learning_rate": 1e-3}, epochs=2)
    assert train.run(folder, resume=False)
    assert (folder.adapter / "model.safetensors").exists()
    setup = prepare(folder, resume=True)
    assert setup.state.step == len(setup.schedule.steps)


def test_the_run_configuration_refuses_rows_shorter_than_samples():
    with pytest.raises(ValueError, match="raise pack_length"):
        RunConfig(max_length=512, pack_length=256)


def test_a_run_that_goes_on_from_an_adapter_begins_where_that_one_ended(make_run):
    first = make_run("first", epochs=12, optimizer={"learning_rate": 1e-2})
    train.run(first, resume=False)
    second = make_run("second", epochs=1, start_from=str(first.adapter))
    setup = prepare(second, resume=False)
    ended = load_file(first.adapter / "adapter_model.safetensors")
    weights = {name.replace(".default", ""): p for name, p in setup.model.named_parameters() if p.requires_grad}
    assert weights.keys() == ended.keys() and all(torch.equal(weights[name], ended[name]) for name in ended)
    train.run(second, resume=False)
    assert losses(second)[1] < 0.9 * losses(first)[1]


def test_an_adapter_of_another_base_is_refused_to_go_on_from(make_run, untied_base):
    first = make_run("first", epochs=1)
    train.run(first, resume=False)
    with pytest.raises(TrainerError, match="was trained on the base model"):
        prepare(make_run("second", base_model=str(untied_base), start_from=str(first.adapter)), resume=False)
