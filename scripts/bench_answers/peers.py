"""What a developer has without an index of ours: a tags file and grep."""

import subprocess
import time
from pathlib import Path


class Peers:
    """universal-ctags' sorted tags of the workspace, made once, and grep."""

    def __init__(self, root: Path, folder: Path) -> None:
        self._root, self._tags = root, folder / "tags"
        options = ["--quiet", "-R", "--languages=Python,C,C++", "--exclude=.codeanvil", "--sort=yes"]
        subprocess.run(["ctags", *options, "-f", str(self._tags), str(root)], check=True)

    def readtags(self, name: str) -> float:
        """Milliseconds to find where a name is defined."""
        return _timed(["readtags", "-t", str(self._tags), name])

    def grep(self, name: str) -> float:
        """Milliseconds to find every line that mentions it."""
        return _timed(["grep", "-rnwF", "--exclude-dir=.codeanvil", name, str(self._root)])


def _timed(command: list[str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return 1000 * (time.perf_counter() - started)
