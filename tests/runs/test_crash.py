"""A crash is seen from the run's folder, and told with what is known of it and the way out."""

import os
import signal
import time

import psutil
import pytest
from tests.runs.run_bench import Bench, hand_made, wait_for

from codeanvil.contract import HEARTBEAT_SECONDS, append_event
from codeanvil.runs.crash import SILENT_SECONDS, crash_words, silence
from codeanvil.runs.run import Run
from codeanvil.runs.status import run_row


def test_a_killed_run_is_told_as_killed_with_its_last_words_and_the_remedy(bench: Bench) -> None:
    bench.behave(steps=10_000)
    wait_for(run := bench.launch(), "running")
    os.kill(run.process.pid, signal.SIGKILL)
    wait_for(run, "crashed")
    said = run_row(run)["text"]
    assert f"Run {run.id} was killed at about" in said
    assert "perhaps because memory ran out" in said
    assert f"`codeanvil resume --run {run.id}` goes on" in said
    assert str(run.folder.log) in said


def test_a_run_that_broke_off_by_itself_is_told_with_the_end_of_its_log(bench: Bench) -> None:
    bench.behave(ending="cannot-import")
    run = bench.launch()
    wait_for(run, "crashed")
    said = crash_words(run)
    assert "broke off" in said and "was killed" not in said
    assert said.endswith("ModuleNotFoundError: No module named 'torch'")


@pytest.fixture
def dead(bench: Bench) -> Run:
    """A run whose process is gone, its number borne by another one since the machine was started again."""
    run = hand_made(bench.root, bench.settings, "20260101-000000-aaaa")
    append_event(run.folder, "step", step=3, steps=9, loss=1.0)
    run.folder.log.write_text("")
    run.folder.process.write_text(f'{{"pid": {os.getpid()}, "created": 1.0, "started": 1.0}}')
    return run


def test_a_reboot_is_recognised(dead: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    dead.folder.heartbeat.touch()
    assert dead.state == "crashed"
    assert "was killed" in crash_words(dead)
    monkeypatch.setattr(psutil, "boot_time", lambda: time.time() + 1)
    assert "when the machine went off" in crash_words(dead)


def test_a_live_run_beats_and_one_that_fell_silent_is_told(bench: Bench) -> None:
    bench.behave(steps=10_000)
    wait_for(run := bench.launch(), "running")
    heard = run.heard_of
    assert heard is not None
    assert time.time() - heard < HEARTBEAT_SECONDS + 5
    assert silence(run, time.time()) == ""
    said = silence(run, heard + 10 * SILENT_SECONDS)
    assert "Nothing was heard of it for 10 min" in said
    assert "`codeanvil stop`" in said
    os.kill(run.process.pid, signal.SIGSTOP)
    old = time.time() - 2 * SILENT_SECONDS
    os.utime(run.folder.heartbeat, (old, old))
    assert "Nothing was heard of it for 2 min" in run_row(run)["text"]
