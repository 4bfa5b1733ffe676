"""Who has the GPU: a training run comes before answers, and gives it back when it ends or waits."""

import json
import os
from pathlib import Path

from codeanvil.contract import RunFolder

LOCKS = Path("/proc/locks")
_TAIL_BYTES = 4_096


def is_training(runs: Path) -> bool:
    """Whether one of the runs in this folder is being trained: its trainer holds the run's lock and is not waiting.

    The kernel is asked who holds which lock: to try a lock could take it from under a trainer that is just starting.
    """
    held = _held()
    return any(_inode(lock) in held and not _waits(RunFolder(lock.parent)) for lock in runs.glob("*/lock"))


def _held() -> set[int]:
    """The inodes that are locked with flock; none where the kernel does not tell (no GPU of ours is there either)."""
    try:
        rows = [line.split() for line in LOCKS.read_text("ascii").splitlines()]
    except OSError:
        return set()
    return {int(row[5].rpartition(":")[2]) for row in rows if len(row) > 5 and row[1] == "FLOCK"}


def _inode(path: Path) -> int:
    try:
        return path.stat().st_ino
    except OSError:
        return -1


def _waits(run: RunFolder) -> bool:
    """Whether the last event of a run is that it waits: in the queue, for mains power or for rest."""
    try:
        with run.events.open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - _TAIL_BYTES))
            last = json.loads(file.read().splitlines()[-1])
    except (OSError, ValueError, IndexError):
        return False
    return isinstance(last, dict) and last.get("kind") == "waiting"
