"""Training runs of a folder, shown to the client: whoever started them, and since whenever.

All is read from the run folders, so a server that starts in mid-run goes on where the last one left off.
"""

import asyncio
import logging
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codeanvil.contract import read_events
from codeanvil.errors import CodeAnvilError
from codeanvil.lsp.progress import WorkDone
from codeanvil.runs import status
from codeanvil.runs.active import adopt_finished
from codeanvil.runs.crash import crash_words, silence
from codeanvil.runs.progress import Progress, advance
from codeanvil.runs.run import Run, newest, running
from codeanvil.settings import Settings
from codeanvil.workspace.location import name_of

if TYPE_CHECKING:
    from codeanvil.lsp.server import CodeAnvilServer

_log = logging.getLogger(__name__)

RUN_PROGRESS = "codeanvil/runProgress"

LIVE_SECONDS = 0.5
IDLE_SECONDS = 2.0

_LIVE = {"queued", "running"}


@dataclass
class _Reading:
    """How far one run's events are read."""

    run: Run
    progress: Progress = field(default_factory=Progress)
    offset: int = 0
    state: str = ""
    live: bool = False
    """Whether a process works on the run, or waits to: a paused one may, until the machine is free."""
    last_words: str = ""

    def read(self) -> str | None:
        """Take in what is new, and return the state where it is another than before."""
        alive = self.run.is_alive
        if self.state and not self.live and not alive:
            return None
        before = self.state
        # Asked before reading, so that what a run wrote before it ended is read after it has.
        self.state = self.run.state
        self.live = self.state in _LIVE or (self.state == "paused" and alive)
        events, self.offset = read_events(self.run.folder, self.offset)
        for event in events:
            self.progress = advance(self.progress, event)
        self.last_words = crash_words(self.run) if self.state == "crashed" else ""
        if self.state == "running":
            self.last_words = silence(self.run, time.time())
        return self.state if self.state != before else None

    @property
    def row(self) -> dict[str, Any]:
        """The run as the client is told of it: its id, its state and all that is known of its progress."""
        found = {"run": self.run.id, "state": self.state, "alive": self.live, **self.progress.row()}
        return found | ({"text": self.last_words} if self.last_words else {})


class RunFollower:
    """Tells the client of the run of one folder that goes on, while it does, and how it ended.

    Of several the first in the queue is told of, then the next.
    """

    def __init__(self, server: "CodeAnvilServer", root: Path, settings: Settings) -> None:
        self._server = server
        self._root = root
        self._name = str(name_of(root, settings))
        self._settings = settings
        self._task: asyncio.Task[Any] | None = None
        self._look = asyncio.Event()
        self._reading: _Reading | None = None
        self._before: str | None = None
        """The run that had ended when this was first looked at ('' for none); None before that."""
        self._told: dict[str, Any] = {}
        self._bar: WorkDone | None = None

    def start(self) -> None:
        """Begin to look for runs. Again: nothing."""
        if self._task is not None:
            return
        self._task = self._server.start(self._follow(), f"following the runs of {self._root}")

    async def close(self) -> None:
        """Look no more; the run goes on."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        self._end_bar(None)

    def look(self) -> None:
        """Look at once: something was just started or stopped."""
        self._look.set()

    async def _follow(self) -> None:
        while True:
            try:
                await self._server.in_thread(self._read)
            except (OSError, CodeAnvilError) as error:
                _log.warning("The runs of %s cannot be read: %s", self._root, error)
            else:
                self._tell()
            live = self._reading is not None and self._reading.live
            self._look.clear()
            try:
                await asyncio.wait_for(self._look.wait(), LIVE_SECONDS if live else IDLE_SECONDS)
            except TimeoutError:
                continue

    def _read(self) -> None:
        run = self._chosen()
        if run is None:
            self._reading = None
        elif self._reading is None or self._reading.run.id != run.id:
            self._reading = _Reading(run)
        state = self._reading.read() if self._reading is not None else None
        if self._before is None:
            ended = self._reading is not None and not self._reading.live
            self._before = self._reading.run.id if self._reading is not None and ended else ""
        if state == "finished":
            adopt_finished(self._root, self._settings)

    def _chosen(self) -> Run | None:
        """The run being read until its end is told, then the one that goes on, or the newest."""
        if self._reading is not None and self._reading.live:
            return self._reading.run
        return running(self._root, self._settings) or newest(self._root, self._settings)

    def _tell(self) -> None:
        """Send what changed. A run that had ended before this server started is not news."""
        reading = self._reading
        if reading is None or (not reading.live and reading.run.id == self._before):
            return
        row = reading.row
        if row == self._told:
            return
        self._told = row
        self._server.protocol.notify(RUN_PROGRESS, row | {"workspace": self._name})
        # A run that ended between two looks has its bar too: how it ended is told there.
        self._bar = self._bar or WorkDone(self._server, "CodeAnvil: training")
        self._bar.report(reading.last_words or _words(reading.progress), _share(reading.progress))
        if not reading.live:
            text = reading.last_words or reading.progress.text
            self._end_bar(f"Run {reading.run.id} {reading.state}. {text}".strip())

    def _end_bar(self, text: str | None) -> None:
        if self._bar is not None:
            self._bar.end(text)
            self._bar = None


def run_row(run: Run) -> dict[str, Any]:
    """A run as commands answer with it: the command line's row, and the id as `codeanvil/runProgress` has it."""
    return {"run": run.id, **status.run_row(run)}


def _share(progress: Progress) -> float | None:
    return progress.step / progress.steps if progress.steps else None


def _words(progress: Progress) -> str:
    if progress.phase == "waiting":
        return progress.text
    if not progress.steps:
        return progress.phase or "starting"
    parts = [f"step {progress.step}/{progress.steps}"]
    if progress.loss is not None:
        parts.append(f"loss {progress.loss:.3f}")
    if progress.eta_seconds is not None:
        parts.append(f"{progress.eta_seconds / 60:.0f} min left")
    return ", ".join(parts)
