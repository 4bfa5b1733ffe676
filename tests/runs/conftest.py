"""Runs with a trainer that trains nothing: `fake_trainer.py` as a real, detached process."""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.runs.run_bench import Bench

from codeanvil.settings import Settings, TrainSettings

HERE = Path(__file__).parent
REPOSITORY = HERE.parents[1]


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    """A workspace of its own; whatever run it leaves behind is ended."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(str(REPOSITORY / part) for part in ("server", "trainer")))
    trainer = tmp_path / "fake_trainer"
    trainer.write_text(f"#!{sys.executable}\n{(HERE / 'fake_trainer.py').read_text()}")
    trainer.chmod(0o755)
    root = tmp_path / "workspace"
    root.mkdir()
    made = Bench(root, Settings(train=TrainSettings(python=str(trainer))), trainer)
    made.behave()
    yield made
    for run in made.runs:
        if run.process:
            run.process.kill()
    shutil.rmtree(root, ignore_errors=True)
