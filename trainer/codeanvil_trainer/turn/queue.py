"""The queue for a device, over all workspaces of a user: one run at a time, in the order in which they came.

    <user's cache>/codeanvil/queue/<machine>/<device>/<number>-<run>.json    a ticket of each run that has it or waits

The first ticket whose process lives has the device. Nobody needs to give it back: a ticket counts for nothing once its
process has ended, which is known by its number together with when it began, since numbers are given out again.
"""

import fcntl
import json
import os
import platform
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import platformdirs
import psutil

from codeanvil.contract import RunFolder, write_atomic

_SAME_SECONDS = 1.0
"""Two readings of when a process began differ by less."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """A run in the queue: its id, workspace and folder, its process and when that began (seconds since the epoch)."""

    run: str
    workspace: str
    folder: str
    pid: int
    created: float

    @property
    def lives(self) -> bool:
        """Whether the process is there and the same."""
        try:
            return abs(psutil.Process(self.pid).create_time() - self.created) < _SAME_SECONDS
        except psutil.NoSuchProcess:
            return False
        except psutil.Error:
            return True  # it is there, and of it no more can be learned


class Queue:
    """The queue for `device`."""

    def __init__(self, device: str) -> None:
        name = re.sub(r"[^\w.-]+", "-", device)
        cache = Path(platformdirs.user_cache_dir("codeanvil", appauthor=False))
        self._folder = cache / "queue" / (platform.node() or "machine") / name

    @contextmanager
    def joined(self, folder: RunFolder) -> Iterator[Path | None]:
        """Stand in the queue with a ticket at its end, and leave it afterwards.

        None where the user's cache folder cannot be written: then there is no queue.
        """
        ticket = Ticket(folder.id, _workspace(folder), str(folder.path), os.getpid(), psutil.Process().create_time())
        try:
            path = self._add(ticket)
        except OSError:
            yield None
            return
        try:
            yield path
        finally:
            path.unlink(missing_ok=True)

    def ahead(self, mine: Path | None) -> list[Ticket]:
        """Who comes before the ticket at `mine`, the one that has the device first; dead tickets are removed."""
        found: list[Ticket] = []
        for path in self._paths() if mine else ():
            if path == mine:
                break
            ticket = _read(path)
            if ticket is not None and ticket.lives:
                found.append(ticket)
            else:
                path.unlink(missing_ok=True)
        return found

    def _add(self, ticket: Ticket) -> Path:
        """Write a ticket behind all others; one at a time, so that none comes in before one that was looked at."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / ".lock").open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            last = max((int(path.name[:12]) for path in self._paths()), default=0)
            path = self._folder / f"{last + 1:012}-{ticket.run}.json"
            write_atomic(path, json.dumps(asdict(ticket)))
        return path

    def _paths(self) -> list[Path]:
        return sorted(path for path in self._folder.glob("*.json") if path.name[:12].isdigit())


def _read(path: Path) -> Ticket | None:
    try:
        return Ticket(**json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _workspace(folder: RunFolder) -> str:
    try:
        return str(json.loads(folder.manifest.read_text("utf-8"))["workspace"])
    except (OSError, ValueError, KeyError, TypeError):
        return str(folder.path)
