"""Events and TensorBoard files say the same, and a GPU that does not answer does no harm."""

import json
import struct

import pytest
import torch
from tensorboardX.proto.event_pb2 import Event as BoardEvent

from codeanvil.contract import read_events
from codeanvil_trainer.machine import measurements
from codeanvil_trainer.machine.measurements import machine_figures
from codeanvil_trainer.training import journal
from codeanvil_trainer.training import loop as train


def board_values(folder):
    """(tag, step) -> value of every scalar in the run's TensorBoard files (TFRecord: length, check, data, check)."""
    found = {}
    for path in sorted((folder.path / journal.FOLDER).iterdir()):
        data, at = path.read_bytes(), 0
        while at < len(data):
            (length,) = struct.unpack("<Q", data[at : at + 8])
            event = BoardEvent.FromString(data[at + 12 : at + 12 + length])
            found |= {(value.tag, event.step): value.simple_value for value in event.summary.value}
            at += 16 + length
    return found


def test_tensorboard_has_the_numbers_of_the_events(make_run):
    folder = make_run(epochs=1, eval_every=2)
    train.run(folder, resume=False)
    values = board_values(folder)
    steps = [event.data for event in read_events(folder)[0] if event.kind == "step"]
    for step in steps:
        for name in ("loss", "lr", "tokens_per_second", "ram_bytes"):
            assert values[f"step/{name}", step["step"]] == pytest.approx(step[name], rel=1e-5)
    checked = [event.data for event in read_events(folder)[0] if event.kind == "validation" and event.data["step"]]
    assert all(values["validation/loss", event["step"]] == pytest.approx(event["loss"]) for event in checked)


def test_without_the_package_a_run_goes_on_without_tensorboard(make_run, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "tensorboardX", None)
    folder = make_run(epochs=1)
    assert train.run(folder, resume=False)
    assert not (folder.path / journal.FOLDER).exists()
    assert json.loads(folder.report.read_text())["training"]["steps"]


def test_without_a_gpu_its_figures_are_none():
    figures = machine_figures(torch.device("cpu"))
    assert figures["ram_bytes"] > 1_000_000
    assert [figures[f"gpu_{name}"] for name in ("memory_bytes", "utilisation", "temperature")] == [None] * 3


@pytest.mark.parametrize("error", [RuntimeError("no driver"), ModuleNotFoundError("pynvml"), "NVMLError"])
def test_a_driver_that_does_not_answer_gives_none_instead_of_ending_the_run(monkeypatch, error):
    if error == "NVMLError":
        error = type("NVMLError", (Exception,), {"__module__": "pynvml"})("not supported")

    def ask(_):
        raise error

    monkeypatch.setattr(torch.cuda, "max_memory_allocated", lambda _: 5)
    monkeypatch.setattr(torch.cuda, "utilization", ask)
    monkeypatch.setattr(torch.cuda, "temperature", lambda _: 61)
    figures = measurements.machine_figures(torch.device("cuda"))
    assert (figures["gpu_memory_bytes"], figures["gpu_utilisation"], figures["gpu_temperature"]) == (5, None, 61)


def test_any_other_error_is_not_hidden(monkeypatch):
    monkeypatch.setattr(torch.cuda, "max_memory_allocated", lambda _: 5)
    monkeypatch.setattr(torch.cuda, "utilization", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        measurements.machine_figures(torch.device("cuda"))
