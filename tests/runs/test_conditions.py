"""A run that goes only on mains power, or only while nobody else computes."""

import os
from dataclasses import replace
from pathlib import Path

import pytest
from tests.runs.run_bench import Bench, wait_for

from codeanvil.contract import RunConfig, read_events
from codeanvil.runs.launch import launch
from codeanvil.runs.status import run_row
from codeanvil_trainer.turn import conditions
from codeanvil_trainer.turn.conditions import LOOK_SECONDS, WINDOW_SECONDS, Conditions, on_mains, processor_seconds

BATTERY = """
import psutil
from pathlib import Path
from types import SimpleNamespace
psutil.sensors_battery = lambda: SimpleNamespace(power_plugged=Path(__file__).with_name("plugged").exists())
"""


@pytest.fixture
def battery(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with a battery, in every process started from here: the file is there while it is plugged in."""
    (tmp_path / "battery").mkdir()
    (tmp_path / "battery" / "sitecustomize.py").write_text(BATTERY)
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path / 'battery'}{os.pathsep}{os.environ['PYTHONPATH']}")
    return tmp_path / "battery" / "plugged"


def test_a_run_for_mains_power_waits_gives_way_and_goes_on_in_one_process(bench: Bench, battery: Path) -> None:
    bench.behave(steps=10_000, step_seconds=0.02)
    plan = bench.plan()
    run = launch(bench.root, bench.settings, replace(plan, config=RunConfig(only_on_mains=True)))
    wait_for(run, "paused")
    pid = run.process.pid
    row = run_row(run)
    assert (row["alive"], row["text"]) == (True, "Waits for mains power, and goes on by itself then.")

    battery.touch()
    wait_for(run, "running")
    battery.unlink()
    wait_for(run, "paused")
    at = run.progress().step
    other = bench.launch()
    assert wait_for(other, "running") == "running", "a run that waits for power keeps its device"
    other.process.kill()

    bench.behave(steps=at + 3)
    battery.touch()
    assert wait_for(run, "finished") == "finished"
    assert {event.data["resumed_from"] for event in read_events(run.folder)[0] if event.kind == "started"} == {None, at}
    assert run.process is None or run.process.pid == pid


class Machine:
    """A machine of four processors whose load is what the test says."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(conditions.os, "cpu_count", lambda: 4)
        self.now = self.busy = self.own = 0.0
        self.conditions = Conditions(
            mains=False, idle=True, processors=lambda: (self.busy, self.own), clock=lambda: self.now
        )

    def goes(self, *, others: float, own: float = 0.0, seconds: float = 2 * WINDOW_SECONDS) -> bool:
        """Whether the run goes after so many seconds in which others and itself use so many processors."""
        answer = None
        for _ in range(int(seconds / LOOK_SECONDS)):
            self.now += LOOK_SECONDS
            self.busy += (others + own) * LOOK_SECONDS
            self.own += own * LOOK_SECONDS
            answer = self.conditions.wanted()
        return answer is None


def test_an_idle_run_begins_after_a_while_of_rest_and_its_own_load_is_not_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    machine = Machine(monkeypatch)
    assert not machine.goes(others=0.0, seconds=WINDOW_SECONDS / 2)
    assert machine.goes(others=0.0)
    assert machine.goes(others=0.1, own=3.9)


def test_an_idle_run_gives_way_to_lasting_load_and_not_to_a_burst(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(monkeypatch)
    assert machine.goes(others=0.1)
    assert machine.goes(others=3.0, seconds=LOOK_SECONDS)
    assert machine.goes(others=0.1)
    assert not machine.goes(others=2.0)
    assert not machine.goes(others=0.8), "between the two bounds it stays as it is"
    assert machine.goes(others=0.2)


@pytest.mark.parametrize(("plugged", "expected"), [(None, True), (True, True), (False, False)])
def test_a_machine_without_a_battery_is_on_mains(monkeypatch, plugged, expected) -> None:
    class Battery:
        power_plugged = plugged

    monkeypatch.setattr(conditions.psutil, "sensors_battery", lambda: Battery() if plugged is not None else None)
    assert on_mains() is expected


def test_the_real_machine_tells_seconds_that_grow() -> None:
    before, own_before = processor_seconds()
    sum(range(2_000_000))
    after, own_after = processor_seconds()
    assert after >= before > 0
    assert own_after > own_before


def test_without_conditions_nothing_is_looked_at() -> None:
    def fail() -> bool:
        raise AssertionError

    assert Conditions(mains=False, idle=False, plugged=fail, processors=fail).wanted() is None
