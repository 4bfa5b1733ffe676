"""The real command line as a subprocess, on a small workspace, with a trainer that trains nothing."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.checkout import WORKSPACES, as_interpreter, import_path
from tests.runs.run_bench import FAKE_TRAINER

from codeanvil.runs.run import list_runs
from codeanvil.settings import Settings


@dataclass
class Result:
    """How a call ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]

    def failed(self, code: int) -> str:
        """The one sentence of a call that failed with `code`."""
        assert self.code == code, self
        assert self.out == "", self
        assert self.err.count("\n") == 1, self
        assert "Traceback" not in self.err
        return self.err.strip()


@dataclass
class CommandLine:
    """`codeanvil` on one workspace."""

    root: Path
    trainer: Path
    environment: dict[str, str]

    def __call__(self, verb: str, *words: str, workspace: bool = True, **environment: str) -> Result:
        with self.start(verb, *words, workspace=workspace, **environment) as process:
            out, err = process.communicate(timeout=120)
        return Result(process.returncode, out, err)

    def start(self, verb: str, *words: str, workspace: bool = True, **environment: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-P", "-m", "codeanvil.cli", verb, *([str(self.root)] if workspace else []), *words]
        return subprocess.Popen(
            command,
            cwd=self.root.parent,
            env=self.environment | environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def behave(self, **plan: Any) -> None:
        """What the trainer does from its next start on; see tests/runs/fake_trainer.py."""
        self.trainer.with_suffix(".json").write_text(json.dumps(plan))


@pytest.fixture(scope="session", autouse=True)
def interruptible() -> None:
    """A shell's background jobs ignore SIGINT and so do their children; ours must not, wherever the tests run."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def codeanvil(tmp_path: Path) -> Iterator[CommandLine]:
    """The command line; whatever run it leaves behind is ended."""
    root = tmp_path / "shapes"
    shutil.copytree(WORKSPACES / "shapes", root)
    trainer = as_interpreter(FAKE_TRAINER, tmp_path / "fake_trainer")
    (root / "codeanvil.toml").write_text(f'[train]\npython = "{trainer}"\n[index]\nprocesses = 1\n')
    environment = os.environ | {
        "PYTHONPATH": import_path(),
        "PYTHONWARNINGS": "error",
        "CUDA_VISIBLE_DEVICES": "",
        "HOME": str(tmp_path / "home"),
        "OMP_NUM_THREADS": "1",
    }
    made = CommandLine(root, trainer, environment)
    made.behave()
    yield made
    for run in list_runs(root, Settings()):
        if run.process:
            run.process.kill()
    shutil.rmtree(root, ignore_errors=True)
