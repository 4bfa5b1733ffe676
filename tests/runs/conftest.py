"""Runs with a trainer that trains nothing: `fake_trainer.py` as a real, detached process."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.checkout import as_interpreter, import_path
from tests.runs.run_bench import FAKE_TRAINER, Bench

from codeanvil.settings import Settings, TrainSettings


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    """A workspace of its own; whatever run it leaves behind is ended."""
    monkeypatch.setenv("PYTHONPATH", import_path())
    trainer = as_interpreter(FAKE_TRAINER, tmp_path / "fake_trainer")
    root = tmp_path / "workspace"
    root.mkdir()
    made = Bench(root, Settings(train=TrainSettings(python=str(trainer))), trainer)
    made.behave()
    yield made
    for run in made.runs:
        if run.process:
            run.process.kill()
    shutil.rmtree(root, ignore_errors=True)
