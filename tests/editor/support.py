"""Helpers of the editor tests: where things are, what the machine must have, ending what was started."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
from tests.checkout import REPOSITORY, import_path

HERE = Path(__file__).resolve().parent
EXTENSION = REPOSITORY / "extension-vscode"
WORKSPACE = HERE.parent / "workspaces" / "dicom-viewer"


@dataclass(frozen=True)
class Place:
    """A copy of the workspace, and an empty folder for all that an editor writes."""

    workspace: Path
    home: Path

    def environment(self) -> dict[str, str]:
        """Variables for an editor: the server of this checkout, and few threads for what it trains."""
        return os.environ | {
            "PYTHONPATH": import_path(),
            "OMP_NUM_THREADS": "1",
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
            "EDITOR_HOME": str(self.home),
            "EDITOR_WORKSPACE": str(self.workspace),
            "EDITOR_PYTHON": sys.executable,
        }


def configuration(editor: str, language: str) -> str:
    """The README's configuration of an editor, as it is written there."""
    section = re.search(
        rf"^\*\*{editor}\*\*.*?(?=^\*\*|^## )", (REPOSITORY / "README.md").read_text("utf-8"), re.M | re.S
    )
    assert section, f"the README says nothing of {editor}"
    found = re.search(rf"^```{language}\n(.*?)^```$", section[0], re.M | re.S)
    assert found, f"the README has no configuration of {editor}"
    return found[1]


def make_repository(place: Place) -> None:
    """Have the workspace be what editors take for a project of its own."""
    subprocess.run([needs("git", "git"), "init", "--quiet", place.workspace], check=True)


def values_told(place: Place, stderr: str) -> dict[str, str]:
    """What an editor's script wrote of itself, by name. Fails the test where that script broke off."""
    told = place.home / "told"
    assert told.exists(), stderr
    values = dict(line.split("\t", 1) for line in told.read_text("utf-8").splitlines())
    assert "problem" not in values, (values, stderr)
    return values


def needs(program: str, package: str) -> str:
    """The path of `program`. Fails the test when the machine lacks it: these tests are never skipped."""
    path = shutil.which(program)
    if path is None:
        pytest.fail(f"{program} is not installed: apt-get install -y --no-install-recommends {package}")
    return path


def end_processes_of(folder: Path) -> None:
    """End what was started with a path below `folder` in its command line: a training run outlives its editor."""
    left = []
    for process in psutil.process_iter():
        try:
            if any(str(folder) in argument for argument in process.cmdline()):
                left.append(process)
                process.terminate()
        except psutil.Error:
            continue
    for process in psutil.wait_procs(left, timeout=10)[1]:
        process.kill()


def npm(*arguments: str) -> None:
    """Run npm on the extension. Fails the test with npm's own words."""
    done = subprocess.run([needs("npm", "npm"), *arguments], cwd=EXTENSION, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.fail(f"npm {' '.join(arguments)} failed:\n{done.stdout}\n{done.stderr}")
