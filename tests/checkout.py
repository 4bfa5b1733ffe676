"""This checkout, for tests that start programs of it."""

import os
import sys
from pathlib import Path

REPOSITORY = Path(__file__).parents[1]
WORKSPACES = REPOSITORY / "tests" / "workspaces"


def import_path(*first: Path) -> str:
    """What PYTHONPATH must be for a program to find `first` and then both halves of CodeAnvil."""
    return os.pathsep.join(str(folder) for folder in (*first, REPOSITORY / "server", REPOSITORY / "trainer"))


def as_interpreter(script: Path, path: Path) -> Path:
    """A copy of `script` at `path` that can be started in the place of a Python, as `train.python` names one."""
    path.write_text(f"#!{sys.executable}\n{script.read_text()}")
    path.chmod(0o755)
    return path
