"""One folder's index, kept up to date by a process of its own: one update at a time, changes gathered meanwhile."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codeanvil.errors import CodeAnvilError, WorkspaceError
from codeanvil.lsp.progress import WorkDone
from codeanvil.lsp.registration import refresh_lenses
from codeanvil.settings import Settings
from codeanvil.workspace.index.client import IndexProcess
from codeanvil.workspace.index.report import IndexReport
from codeanvil.workspace.location import name_of

if TYPE_CHECKING:
    from codeanvil.lsp.server import CodeAnvilServer

_log = logging.getLogger(__name__)

INDEX_PROGRESS = "codeanvil/indexProgress"

GATHER_SECONDS = 0.03
"""An editor tells of one save twice, as a save and as a changed file: both become one update."""

REPORT_SECONDS = 0.1
"""Least time between two notices of progress."""

LOOK_SECONDS = 0.1
"""Time between two looks for a file that the index has not reached."""

REACHED_SECONDS = 60.0
"""Longest wait for it: an index may wait for its user's word."""


class Indexing:
    """Keeps the index of one folder up to date. What changes while an update runs goes into the next one."""

    def __init__(self, server: "CodeAnvilServer", root: Path, settings: Settings) -> None:
        self._server = server
        self._root = root
        self._name = str(name_of(root, settings))
        self._process = IndexProcess(root, settings, facts_only=server.trust.is_withheld)
        self._task: asyncio.Task[Any] | None = None
        self._wake = asyncio.Event()
        self._changed: set[str] = set()
        self._all = False
        self._waiting: list[asyncio.Future[IndexReport]] = []
        self._row: dict[str, Any] = {"state": "indexing", "done": 0, "total": 0}
        self._bar: WorkDone | None = None
        self._told_at = 0.0
        self._closed = False

    @property
    def row(self) -> dict[str, Any]:
        """How the index stands: `state` (indexing, ready, failed), `done` of `total` files, `text` of a failure."""
        return dict(self._row)

    def start(self) -> None:
        """Start the index process and look at every file. Again: nothing."""
        if self._task is not None:
            return
        self._task = self._server.start(self._run(), f"indexing {self._root}")
        self.all_changed()

    async def close(self) -> None:
        """End the index process; what it has not finished is done at the next start."""
        self._closed = True
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        for waiting in self._waiting:
            if not waiting.done():
                waiting.set_exception(WorkspaceError("The folder was closed or its settings changed: try again."))
        self._end_bar()
        await self._process.close()

    def changed(self, paths: Iterable[str]) -> None:
        """Look at these files again soon; paths as in the index, of files that were added, changed or removed."""
        self._changed.update(paths)
        if self._changed:
            self._wake.set()

    def all_changed(self) -> None:
        """Look at every file again soon."""
        self._all = True
        self._wake.set()

    async def updated(self) -> IndexReport:
        """Look at every file again, and wait for it. Raises CodeAnvilError when the index cannot be written."""
        waiting: asyncio.Future[IndexReport] = asyncio.get_running_loop().create_future()
        self._waiting.append(waiting)
        self.all_changed()
        return await waiting

    async def reached(self, is_held: Callable[[], Awaitable[bool]]) -> None:
        """Wait until `is_held`, as long as there is an update that may bring that; at most `REACHED_SECONDS`."""
        loop = asyncio.get_running_loop()
        end = loop.time() + REACHED_SECONDS
        while self._row["state"] == "indexing" and not self._closed and loop.time() < end:
            if await is_held():
                return
            await asyncio.sleep(LOOK_SECONDS)

    async def _run(self) -> None:
        while True:
            await self._wake.wait()
            await asyncio.sleep(GATHER_SECONDS)
            self._wake.clear()
            await self._update()

    async def _update(self) -> None:
        changed, everything, waiting = self._changed, self._all, self._waiting
        self._changed, self._all, self._waiting = set(), False, []
        if everything:
            self._tell(state="indexing", done=0, total=0)
            self._bar = WorkDone(self._server, "CodeAnvil: indexing")
        try:
            report = await self._process.update(None if everything else sorted(changed), self._progress)
        except Exception as error:  # whoever waits must hear of it, and the next change is looked at again
            self._changed |= changed
            self._all |= everything
            self._fail(error, waiting)
        else:
            total = sum(report.files.values())
            # All that were made anew would be a long list, and no news, after a look at every file.
            news = {} if everything else {"regenerated": list(report.regenerated)}
            self._tell(state="ready", done=total, total=total, **news)
            self._server.start(refresh_lenses(self._server), "having lenses shown anew")
            for each in waiting:
                if not each.done():
                    each.set_result(report)
        finally:
            self._end_bar()

    def _fail(self, error: Exception, waiting: Iterable[asyncio.Future[IndexReport]]) -> None:
        if not isinstance(error, CodeAnvilError):
            _log.error("The index of %s broke off", self._root, exc_info=error)
            error = WorkspaceError(f"The index of {self._root} could not be brought up to date; the log has the cause.")
        self._tell(state="failed", text=str(error))
        _log.error("%s", error)
        for each in waiting:
            if not each.done():
                each.set_exception(error)

    def _progress(self, done: int, total: int) -> None:
        now = asyncio.get_running_loop().time()
        if self._bar is not None and now - self._told_at >= REPORT_SECONDS:
            self._told_at = now
            self._tell(state="indexing", done=done, total=total)
            self._bar.report("", done / total if total else None)

    def _tell(self, **values: Any) -> None:
        self._row = {"done": self._row["done"], "total": self._row["total"], **values}
        self._server.protocol.notify(INDEX_PROGRESS, self._row | {"workspace": self._name})

    def _end_bar(self) -> None:
        if self._bar is not None:
            self._bar.end()
            self._bar = None
