"""A real training run that has the CPU while others are timed."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from client import ENVIRONMENT, REPOSITORY

WORKSPACE = REPOSITORY / "tests" / "workspaces" / "dicom-viewer"
LONGEST_SECONDS = 300


@contextmanager
def training(folder: Path) -> Iterator[None]:
    """The embedded model is trained on the small workspace of the tests, from its first step on until the end."""
    root = folder / "trained"
    shutil.copytree(WORKSPACE, root)
    # A queue of its own: runs of the user's that go on would have it wait, and what is timed needs it to run.
    environment = ENVIRONMENT | {"XDG_CACHE_HOME": str(folder / "cache")}
    command = [sys.executable, "-m", "codeanvil.cli", "train", str(root), "--set", "epochs=1000", "--json"]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    ) as run:
        try:
            _wait_for_steps(root, run)
            yield
            assert run.poll() is None, "the training run ended while others were timed"
        finally:
            stop = [sys.executable, "-m", "codeanvil.cli", "stop", str(root)]
            subprocess.run(stop, env=environment, capture_output=True, check=False)
            try:
                run.wait(60)
            except subprocess.TimeoutExpired:
                os.killpg(run.pid, signal.SIGKILL)


def _wait_for_steps(root: Path, run: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + LONGEST_SECONDS
    while time.monotonic() < end and run.poll() is None:
        if any('"kind":"step"' in file.read_text("utf-8") for file in root.glob(".codeanvil/runs/*/events.jsonl")):
            return
        time.sleep(0.5)
    raise SystemExit("The training run did not start: see `codeanvil doctor`.")
