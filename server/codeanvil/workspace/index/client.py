"""The server's end of the index process: starts it, asks it for updates, starts it again when it dies."""

import asyncio
import json
import logging
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from codeanvil import errors
from codeanvil.errors import CodeAnvilError, StoreError
from codeanvil.settings import Settings
from codeanvil.workspace.index.report import IndexReport, report_json
from codeanvil.workspace.index.workers import child_environment

Progress = Callable[[int, int], None]

LONGEST_LINE = 1 << 26
"""Bytes: a report names every path of the workspace at the first build."""

ATTEMPTS = 2
CLOSE_SECONDS = 2.0

_log = logging.getLogger(__name__)


class _ProcessDied(Exception):  # noqa: N818 (not an error yet: the process is started again)
    pass


class IndexProcess:
    """The index process of the workspace at `root`. All methods are for one event loop; updates run one by one.

    `facts_only`: no samples are made and git is not asked for the past.
    """

    def __init__(
        self, root: Path, settings: Settings, progress: Progress | None = None, *, facts_only: bool = False
    ) -> None:
        self._root = root
        self._settings = settings
        self._progress = progress
        self._facts_only = facts_only
        self._process: Process | None = None
        self._log_task: asyncio.Task[None] | None = None
        self._one_at_a_time = asyncio.Lock()
        self._last_id = 0
        self._closed = False

    async def start(self) -> None:
        """Start the process, if it does not run; `update` does so too. Raises StoreError after `close`."""
        self._must_be_open()
        if self._process is not None and self._process.returncode is None:
            return
        await self._end()
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "codeanvil.workspace.index.process"),
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            limit=LONGEST_LINE,
            env=child_environment(),
        )
        self._log_task = asyncio.create_task(_forward_log(self._process))
        settings = self._settings.model_dump(mode="json")
        await self._send({"root": str(self._root), "settings": settings, "facts_only": self._facts_only})

    async def update(self, paths: Iterable[str] | None = None, progress: Progress | None = None) -> IndexReport:
        """Bring the index up to date: for `paths` (relative, '/') that may have changed, or by looking at all.

        A process that dies meanwhile is started again once and goes on where it was. Raises what `build_index`
        raises, and StoreError when the process died again.
        """
        wanted = None if paths is None else sorted(paths)
        async with self._one_at_a_time:
            for attempt in range(1, ATTEMPTS + 1):
                try:
                    return await self._ask(wanted, progress or self._progress)
                except (_ProcessDied, BrokenPipeError, ConnectionResetError):
                    self._must_be_open()
                    _log.warning("The index process of %s died (attempt %d of %d)", self._root, attempt, ATTEMPTS)
                    await self._end()
                    wanted = None  # what it had begun is not known
        raise StoreError(
            f"The index of {self._root} could not be built: its process died {ATTEMPTS} times; the log has the cause. "
            "Is there enough memory?"
        )

    async def close(self) -> None:
        """End the process for good. An update under way raises StoreError; what it has written stays."""
        self._closed = True
        await self._end()

    def _must_be_open(self) -> None:
        if self._closed:
            raise StoreError(f"The index of {self._root} was closed; open the folder again.")

    async def _ask(self, paths: list[str] | None, progress: Progress | None) -> IndexReport:
        await self.start()
        self._last_id += 1
        own = self._last_id
        await self._send({"id": own, "paths": paths})
        while True:
            answer = await self._receive()
            if answer["id"] != own:
                continue  # of an update that nobody waits for any more
            if "report" in answer:
                return report_json().validate_python(answer["report"], strict=False)
            if "error" in answer:
                raise _error(answer["kind"], answer["error"])
            if progress:
                progress(*answer["progress"])

    async def _send(self, values: dict[str, Any]) -> None:
        if self._process is None or self._process.stdin is None:
            raise _ProcessDied
        self._process.stdin.write(json.dumps(values).encode() + b"\n")
        await self._process.stdin.drain()

    async def _receive(self) -> dict[str, Any]:
        if self._process is None or self._process.stdout is None:
            raise _ProcessDied
        line = await self._process.stdout.readline()
        if not line.endswith(b"\n"):
            raise _ProcessDied
        answer: dict[str, Any] = json.loads(line)
        return answer

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        if process.stdin:
            process.stdin.close()  # it ends when its input does
        try:
            await asyncio.wait_for(process.wait(), CLOSE_SECONDS)
        except TimeoutError:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
        if self._log_task:
            await asyncio.gather(self._log_task, return_exceptions=True)


async def _forward_log(process: Process) -> None:
    """What the process writes to standard error, line by line into our log."""
    assert process.stderr is not None  # noqa: S101 (it was opened with a pipe)
    while line := await process.stderr.readline():
        _log.info("index process: %s", line.decode(errors="replace").rstrip())


def _error(kind: str, sentence: str) -> CodeAnvilError:
    found = getattr(errors, kind, StoreError)
    return found(sentence) if issubclass(found, CodeAnvilError) else StoreError(sentence)
