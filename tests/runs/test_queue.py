"""One run at a time on a device: who waits, for whom, and what becomes of it. Real detached processes."""

import json
import os
import signal
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from tests.runs.run_bench import Bench, wait_for

from codeanvil.contract import RunFolder, read_events
from codeanvil.errors import RunError
from codeanvil.runs.control import pause, resume, stop
from codeanvil.runs.launch import launch
from codeanvil.runs.run import Run, list_runs, running
from codeanvil.runs.status import run_row
from codeanvil.runs.trainer import Gpu
from codeanvil_trainer.turn.queue import Queue, Ticket


def until(condition: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.03)


def waits_at(run: Run, place: int) -> None:
    until(lambda: run_row(run)["place"] == place)
    assert run.state == "queued"


def test_a_second_run_waits_is_told_for_whom_and_starts_by_itself(bench: Bench) -> None:
    bench.behave(steps=10_000)
    first = bench.launch()
    wait_for(first, "running")
    bench.behave(steps=3)
    second = bench.launch()
    waits_at(second, 1)
    assert f"run {first.id} of {bench.root}" in run_row(second)["text"]
    assert running(bench.root, bench.settings).id == first.id
    stop(first)
    assert wait_for(second, "finished") == "finished"
    row = run_row(second)
    assert (row["place"], row["alive"], row["text"]) == (None, False, "")


def test_runs_of_other_workspaces_stand_in_the_same_line(bench: Bench, tmp_path: Path) -> None:
    bench.behave(steps=10_000)
    wait_for(first := bench.launch(), "running")
    other = replace(bench, root=tmp_path / "other")
    other.root.mkdir()
    second, third = other.launch(), bench.launch()
    waits_at(second, 1)
    waits_at(third, 2)
    assert "and 1 more to end" in run_row(third)["text"]
    stop(second)
    assert second.state == "stopped"
    waits_at(third, 1)
    os.kill(first.process.pid, signal.SIGKILL)
    assert wait_for(third, "running") == "running"
    assert first.state == "crashed"
    for run in list_runs(other.root, other.settings):
        assert not run.is_alive


def test_another_device_has_another_line(bench: Bench) -> None:
    bench.behave(steps=10_000)
    wait_for(bench.launch(), "running")
    plan = replace(bench.plan(), gpu=Gpu("H100", 80 * 2**30, 80 * 2**30, "GPU-11aa"))
    on_gpu = launch(bench.root, bench.settings, plan)
    assert wait_for(on_gpu, "running") == "running"
    assert json.loads(on_gpu.folder.process.read_text())["device"] == "GPU-11aa"
    assert on_gpu.process.environ()["CUDA_VISIBLE_DEVICES"] == "GPU-11aa"


def test_a_paused_run_gives_its_device_away_and_stands_in_line_again(bench: Bench) -> None:
    bench.behave(steps=10_000)
    wait_for(first := bench.launch(), "running")
    second = bench.launch()
    waits_at(second, 1)
    until(lambda: first.progress().step > 2)
    pause(first)
    assert (first.state, first.is_alive) == ("paused", False)
    assert wait_for(second, "running") == "running"
    with pytest.raises(RunError, match=r"it is paused: go on with it by `codeanvil resume`"):
        pause(first)
    resume(first, bench.settings)
    waits_at(first, 1)
    with pytest.raises(RunError, match=f"is queued already.*Waits for run {second.id}"):
        resume(first, bench.settings)
    at = first.progress().step
    stop(second)
    wait_for(first, "running")
    until(lambda: first.progress().step > at)
    steps = [event.data["resumed_from"] for event in _events(first, "started")]
    assert steps == [None, at]


def test_a_run_can_be_paused_while_it_waits(bench: Bench) -> None:
    bench.behave(steps=10_000)
    wait_for(bench.launch(), "running")
    second = bench.launch()
    waits_at(second, 1)
    pause(second)
    assert (second.state, run_row(second)["place"]) == ("paused", None)


def test_a_ticket_counts_for_nothing_once_its_process_has_ended_or_its_number_is_anothers(
    own_user_folders: Path, tmp_path: Path
) -> None:
    queue = Queue("cpu")
    mine = RunFolder(tmp_path / "mine")
    ours = psutil.Process()
    dead = Ticket("dead", "/w", "/w/r", 2**22 + 1, 1.0)
    reused = Ticket("reused", "/w", "/w/r", ours.pid, ours.create_time() - 3600)
    living = Ticket("living", "/w", "/w/r", os.getppid(), psutil.Process(os.getppid()).create_time())
    for ticket in (dead, reused, living):
        queue._add(ticket)
    next(own_user_folders.rglob("*-living.json")).with_name("000000000000-broken.json").write_text("{}")
    with queue.joined(mine) as ticket:
        assert [each.run for each in queue.ahead(ticket)] == ["living"]
        assert len(list(own_user_folders.rglob("*.json"))) == 2
    assert not ticket.exists()


def test_without_a_folder_for_it_there_is_no_queue_and_runs_go(
    bench: Bench, own_user_folders: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (own_user_folders / "cache").write_text("a file where the folder should be")
    run = bench.launch()
    assert wait_for(run, "finished") == "finished"


def _events(run: Run, kind: str) -> list:
    return [event for event in read_events(run.folder)[0] if event.kind == kind]
