"""The command line as a user has it, on workspaces that are trouble."""

import ctypes
import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.checkout import import_path


@dataclass(frozen=True)
class Result:
    """How a call ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def sentence(self) -> str:
        """What a call that failed says, and no more."""
        assert self.code == 1, self
        assert self.out == "", self
        assert self.err.count("\n") == 1, self
        return self.err.strip()


class Codeanvil:
    """`codeanvil`, with a home of its own."""

    def __init__(self, home: Path) -> None:
        self.environment = os.environ | {
            "PYTHONPATH": import_path(),
            "HOME": str(home),
        }
        self.environment.pop("XDG_DATA_HOME", None)
        self.at_start: Callable[[], None] | None = None
        """Done in the process of each call before it becomes `codeanvil`."""

    def __call__(self, *words: str | Path, **environment: str) -> Result:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "codeanvil.cli", *words],
            env=self.environment | environment,
            preexec_fn=self.at_start,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="surrogateescape",
            timeout=200,
            check=False,
        )
        assert "Traceback" not in done.stderr
        return Result(done.returncode, done.stdout, done.stderr)

    def on_terminal(self, *words: str | Path, says: str) -> tuple[int, str]:
        """The exit code of a call on a terminal where the user types `says`, and all that stood there."""
        ours, theirs = pty.openpty()
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "codeanvil.cli", *words],
            env=self.environment,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            close_fds=True,
        )
        os.close(theirs)
        os.write(ours, says.encode())
        shown = b""
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:  # Linux says so when the other end is closed
                break
            if not part:
                break
            shown += part
        os.close(ours)
        return process.wait(), shown.decode()


@pytest.fixture
def codeanvil(tmp_path: Path) -> Codeanvil:
    """The command line of a user whose home is empty."""
    (tmp_path / "home").mkdir(exist_ok=True)
    return Codeanvil(tmp_path / "home")


@pytest.fixture
def nobody_special(codeanvil: Codeanvil) -> Codeanvil:
    """The command line without the right of root to read and write what modes forbid."""
    if os.geteuid() == 0:
        may = sys.platform.startswith("linux")
        if not may or subprocess.run(["true"], preexec_fn=_obey_modes, check=False).returncode:
            pytest.skip("the rights of root cannot be given up")
        codeanvil.at_start = _obey_modes
    return codeanvil


def _obey_modes() -> None:
    """Take the capabilities that pass over modes out of what a program started from here can have."""
    drop, override, read_search = 24, 1, 2  # PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
    for capability in (override, read_search):
        if ctypes.CDLL(None).prctl(drop, capability, 0, 0, 0):
            os._exit(1)


@pytest.fixture
def mount() -> Any:
    """Mounts with the words of `mount(8)`, and unmounts at the end; the test is skipped where one may not."""
    mounted: list[Path] = []

    def mount(*words: str, on: Path) -> None:
        done = subprocess.run(["mount", *words, str(on)], capture_output=True, check=False)
        if done.returncode:
            pytest.skip("the right to mount is lacking")
        if on not in mounted:  # a remount is no mount of its own
            mounted.append(on)

    yield mount
    for path in reversed(mounted):
        subprocess.run(["umount", "-l", str(path)], check=True)
