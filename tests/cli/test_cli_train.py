"""`train`, `resume`, `stop`, `runs`, `export`: runs from the command line."""

import json
import signal
import time

import pytest

RUN_KEYS = {
    "id", "state", "alive", "place", "step", "steps", "epoch", "loss", "first_loss", "validation_loss",
    "best_validation_loss", "eta_seconds", "tokens_per_second", "trainable_parameters", "ram_bytes", "gpu_memory_bytes",
    "gpu_utilisation", "gpu_temperature", "phase", "text", "base_model", "preset",
}  # fmt: skip


def wait_for(codeanvil, *states: str) -> dict:
    deadline = time.monotonic() + 90
    while True:
        run = codeanvil("status", "--json").json["run"]
        if run["state"] in states:
            return run
        assert time.monotonic() < deadline, run


def test_train_follows_the_run_to_its_end_and_puts_it_to_use(codeanvil) -> None:
    said = codeanvil("train")
    assert said.code == 0, said.err
    assert "preset cpu" in said.out
    assert "has finished: loss 3.000 at first, 0.600 at last, 0.500 on held-out facts" in said.out
    assert "It is in use now" in said.out
    assert "step 5 of 5, loss 0.600" in said.err
    found = codeanvil("status", "--json").json
    assert set(found["run"]) == RUN_KEYS
    assert (found["run"]["state"], found["run"]["step"], found["run"]["base_model"]) == ("finished", 5, "embedded")
    assert found["active"]["run"] == found["run"]["id"]
    assert set(found["active"]) == {"run", "why", "since"}
    assert "is finished at step 5 of 5" in codeanvil("status").out


def test_with_json_there_is_one_document_and_nothing_else(codeanvil) -> None:
    assert set(codeanvil("train", "--json").json) == RUN_KEYS
    (row,) = codeanvil("runs", "--json").json
    assert row["active"] is True
    assert row["created"]


def test_detached_stopped_and_resumed(codeanvil) -> None:
    codeanvil.behave(steps=100_000, step_seconds=0.01)
    started = codeanvil("train", "--detach", "--set", "epochs=3", "--json").json
    assert wait_for(codeanvil, "running")["id"] == started["id"]
    assert f"Run {started['id']} is running" in codeanvil("resume").failed(1)

    stopped = codeanvil("stop", "--json").json
    assert (stopped["id"], stopped["state"]) == (started["id"], "stopped")
    assert "nothing to stop" in codeanvil("stop").failed(1)
    assert "go on with it by `codeanvil resume`" not in codeanvil("status").out
    config = json.loads((codeanvil.root / ".codeanvil" / "runs" / started["id"] / "config.json").read_text())
    assert config["epochs"] == 3

    codeanvil.behave(steps=stopped["step"] + 2)
    assert f"Run {started['id']} has finished" in codeanvil("resume").out
    assert "has finished: start a new one" in codeanvil("resume").failed(1)


def test_status_tells_what_a_run_uses_of_the_machine_and_how_long_it_takes(codeanvil) -> None:
    machine = {"ram_bytes": 2**31, "gpu_memory_bytes": 3 * 2**30, "gpu_utilisation": 87, "gpu_temperature": 61}
    codeanvil.behave(steps=100_000, step_seconds=0.01, machine=machine)
    codeanvil("train", "--detach")
    wait_for(codeanvil, "running")
    while not (said := codeanvil("status").out).count("tokens/s"):
        pass
    assert "2.0 GiB of memory, 3.0 GiB of the GPU's, GPU at 87%, 61 °C" in said
    assert "100 tokens/s, " in said and " min " in said and "left" in said
    assert codeanvil("stop", "--json").json["gpu_utilisation"] == 87
    assert "GPU at" not in codeanvil("status").out


def test_paused_and_queued_runs_are_told_as_such(codeanvil) -> None:
    codeanvil.behave(steps=100_000, step_seconds=0.01)
    first = codeanvil("train", "--detach", "--json").json
    wait_for(codeanvil, "running")
    second = codeanvil("train", "--detach", "--json").json
    assert (second["state"], second["place"]) == ("queued", 1)
    assert f"run {first['id']} of {codeanvil.root}" in codeanvil("status", "--run", second["id"]).out
    said = codeanvil("pause", "--run", first["id"])
    assert f"Run {first['id']} is paused at step" in said.out
    assert "go on with it by `codeanvil resume`" in said.out
    assert wait_for(codeanvil, "running")["id"] == second["id"]
    assert [(row["id"], row["state"]) for row in codeanvil("runs", "--json").json] == [
        (second["id"], "running"),
        (first["id"], "paused"),
    ]
    codeanvil("stop")
    assert "is paused: go on with it" in codeanvil("stop", "--run", first["id"]).failed(1)


def test_interrupting_the_view_leaves_the_run_alone_and_says_so(codeanvil) -> None:
    codeanvil.behave(steps=100_000, step_seconds=0.01)
    process = codeanvil.start("train")
    for line in process.stderr:
        if line.startswith("step "):
            break
    process.send_signal(signal.SIGINT)
    _out, err = process.communicate(timeout=90)
    assert process.returncode == 0, err
    assert "goes on in the background" in err
    assert "codeanvil stop" in err
    assert codeanvil("status", "--json").json["run"]["state"] == "running"


def test_a_run_that_is_stopped_elsewhere_ends_the_view(codeanvil) -> None:
    codeanvil.behave(steps=100_000, step_seconds=0.01)
    process = codeanvil.start("train")
    wait_for_line = next(line for line in process.stderr if line.startswith("step "))
    assert wait_for_line
    codeanvil("stop")
    out, err = process.communicate(timeout=90)
    assert process.returncode == 0, err
    assert "has stopped at step" in out


@pytest.mark.parametrize(
    ("ending", "sentence"),
    [
        ("failed", "The disk is full: free some space, then run `codeanvil resume`."),
        ("killed", "goes on from its last checkpoint"),
        ("cannot-import", "ModuleNotFoundError: No module named 'torch'"),
    ],
)
def test_a_run_that_ends_badly_is_one_sentence(codeanvil, ending, sentence) -> None:
    codeanvil.behave(ending=ending)
    said = codeanvil("train", "--json")
    assert said.code == 1
    assert said.out == ""
    assert sentence in said.err.splitlines()[-1]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--set", "epoch=3"], "did you mean 'epochs'"),
        (["--set", "epochs"], "not of the form key=value"),
        (["--preset", "huge"], "no preset 'huge'"),
    ],
)
def test_a_wrong_wish_is_bad_usage_and_starts_nothing(codeanvil, words, sentence) -> None:
    assert sentence in codeanvil("train", *words).failed(2)
    assert codeanvil("runs", "--json").json == []


def test_status_draws_the_loss_and_runs_compares_what_was_reached(codeanvil) -> None:
    assert codeanvil("train").code == 0
    drawn = codeanvil("status").out
    assert "│" in drawn and "loss, " in drawn and "steps 1 to 5" in drawn
    (run,) = codeanvil("runs", "--json").json
    assert {"wording_loss", "tokens", "seconds", "accuracy", "troubles"} <= run.keys()
    assert "wordings" in codeanvil("runs").out


def test_the_data_card_of_a_run_is_shown(codeanvil) -> None:
    run = codeanvil("train", "--json").json["id"]
    assert "| kind | training rows | held out |" in codeanvil("runs", "card", run[:10]).out
    card = codeanvil("runs", "card", run, "--json").json
    assert card["rows"]["train"] == sum(each["train"] for each in card["kinds"].values()) > 0
    assert "There is no run 'x'" in codeanvil("runs", "card", "x").failed(1)
    assert "Card needs the name of one run" in codeanvil("runs", "card").failed(2)
    (codeanvil.root / ".codeanvil" / "runs" / run / "card.json").unlink()
    assert "has no data card" in codeanvil("runs", "card", run).failed(1)


def test_going_on_from_the_last_run_needs_one(codeanvil) -> None:
    assert "No trained model is in use to go on from" in codeanvil("train", "--since-last").failed(1)
    assert codeanvil("runs", "--json").json == []


def test_without_the_trainers_packages_training_names_the_command_that_installs_them(codeanvil) -> None:
    codeanvil.trainer.write_text('#!/bin/sh\necho \'{"missing": ["torch"], "torch": null, "folder": null}\'\n')
    assert "pip install 'codeanvil[train]'" in codeanvil("train").failed(1)
    found = codeanvil("doctor", "--json")
    assert found.code == 0
    assert "pip install 'codeanvil[train]'" in found.json["problems"][0]


def test_doctor_says_what_this_machine_trains(codeanvil) -> None:
    found = codeanvil("doctor", "--json").json
    assert (found["preset"], found["base_model"], found["gpu"]) == ("cpu", "embedded", None)
    assert found["problems"] == []
    assert found["trainer"]["bitsandbytes_4bit"] is True
    rows = {(row["base_model"], row["preset"]): row for row in found["fits"]}
    assert len(rows) == 5 * 4
    assert rows["embedded", "cpu"]["fits"] is True
    said = codeanvil("doctor").out
    assert "embedded with preset cpu" in said
    assert "not indexed yet: `codeanvil prepare`" in said
    assert "Nothing is missing." in said


def test_doctor_foretells_a_run_of_the_workspace_and_what_does_not_fit(codeanvil) -> None:
    codeanvil("prepare")
    codeanvil.behave(tokens_per_second=50.0, needs={"memory_bytes": 2**50})
    found = codeanvil("doctor", "--json").json
    assert found["plan"]["time"]["basis"] == "trial"
    assert found["plan"]["samples"] > 0
    assert not any(row["fits"] for row in found["fits"])
    assert any("memory are needed" in problem and "--preset" in problem for problem in found["problems"])
    said = codeanvil("doctor").out
    assert "at 50 tokens/s, known from a trial on this machine" in said
    assert "too much" in said


def test_runs_lists_the_newest_first(codeanvil) -> None:
    assert "no training run yet" in codeanvil("runs").out
    first = codeanvil("train", "--json").json["id"]
    second = codeanvil("train", "--json").json["id"]
    assert [row["id"] for row in codeanvil("runs", "--json").json] == [second, first]
    assert codeanvil("status", "--run", first, "--json").json["run"]["id"] == first
    assert "no run 'nothing'" in codeanvil("status", "--run", "nothing").failed(1)
    said = codeanvil("runs").out.splitlines()
    assert second in said[1]
    assert "in use" in said[1]


def test_export_writes_what_was_asked_for(codeanvil) -> None:
    out = codeanvil.root.parent / "out"
    assert "no model" in codeanvil("export", "--format", "adapter", "--out", str(out)).failed(1)
    run = codeanvil("train", "--json").json["id"]
    done = codeanvil("export", "--format", "adapter", "--out", str(out), "--json").json
    assert done == {
        "format": "adapter", "out": str(out), "run": run, "files": ["adapter_config.json", "weights.safetensors"],
    }  # fmt: skip
    assert "is not an empty folder" in codeanvil("export", "--format", "merged", "--out", str(out)).failed(2)
    assert "no export format 'onnx'" in codeanvil("export", "--format", "onnx", "--out", str(out)).failed(2)
    said = codeanvil("export", "--format", "llamafactory", "--out", str(out / "lf")).out
    assert "llamafactory-cli train codeanvil.yaml" in said


def test_export_adds_up_what_runs_learned(codeanvil) -> None:
    first, second = (codeanvil("train", "--json").json["id"] for _ in range(2))
    out = codeanvil.root.parent / "sum"
    words = ("export", "--format", "merged", "--out", str(out), "--run", first)
    assert "RUN=0.5, not 'x'" in codeanvil(*words, "--add", "x").failed(2)
    said = codeanvil(*words, "--strength", "0.5", "--add", f"{second}=0.5").out
    assert "100% of 16 prompts are answered word for word as by base and adapters" in said


def test_llamafactory_needs_no_run_of_ours(codeanvil) -> None:
    codeanvil("prepare")
    out = codeanvil.root.parent / "out"
    done = codeanvil("export", "--format", "llamafactory", "--out", str(out), "--json").json
    assert done["run"] is None
    assert "codeanvil.yaml" in done["files"]
    assert "deepseekcoder" in (out / "codeanvil.yaml").read_text()
