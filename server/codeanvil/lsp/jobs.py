"""Long work of commands, each in a process of its own: it can be cancelled, and the loop never waits for it.

A job gets one JSON object on standard input, `{"verb", "root", "settings", "arguments"}`. It answers in JSON lines:
any number of `{"done", "total"}`, then `{"result"}` or `{"error", "usage"}`. `job.py` is the other side.
"""

import asyncio
import contextlib
import json
import logging
import os
import signal
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from codeanvil.errors import CodeAnvilError, UsageError
from codeanvil.settings import Settings
from codeanvil.workspace.index.workers import child_environment

_log = logging.getLogger(__name__)

GRACE_SECONDS = 5.0

LONGEST_LINE = 64 * 2**20


async def run_job(
    verb: str,
    root: Path,
    settings: Settings,
    arguments: Mapping[str, Any],
    progress: Callable[[int, int], object] = lambda _done, _total: None,
) -> Any:
    """The result of `verb` in the workspace at `root`. Raises CodeAnvilError; ends the process when cancelled."""
    request = {"verb": verb, "root": str(root), "settings": settings.model_dump(), "arguments": dict(arguments)}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "codeanvil.lsp.job"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
        limit=LONGEST_LINE,
        env=child_environment(),
    )
    try:
        answer, said = await asyncio.gather(_converse(process, request, progress), _log_of(verb, process))
        await process.wait()
    finally:
        if process.returncode is None:
            await asyncio.shield(_end(process))
    if answer is None:
        raise CodeAnvilError(f"{verb} broke off: {said or 'it gave no reason'}. The server's log has the details.")
    if "error" in answer:
        raise (UsageError if answer["usage"] else CodeAnvilError)(answer["error"])
    return answer["result"]


async def _converse(
    process: asyncio.subprocess.Process, request: Mapping[str, Any], progress: Callable[[int, int], object]
) -> dict[str, Any] | None:
    """The last line of the job, or None where it ended before that."""
    assert process.stdin and process.stdout  # noqa: S101  (they are pipes)
    with contextlib.suppress(ConnectionError):
        process.stdin.write(json.dumps(request).encode())
        await process.stdin.drain()
        process.stdin.close()
    async for line in process.stdout:
        answer: dict[str, Any] = json.loads(line)
        if "done" not in answer:
            return answer
        progress(answer["done"], answer["total"])
    return None


async def _log_of(verb: str, process: asyncio.subprocess.Process) -> str:
    """Log what the job says on standard error, and return its last words."""
    assert process.stderr  # noqa: S101  (it is a pipe)
    text = (await process.stderr.read()).decode(errors="replace").strip()
    if text:
        _log.info("%s: %s", verb, text)
    return text.rpartition("\n")[2]


async def _end(process: asyncio.subprocess.Process) -> None:
    """End the job and what it started, but for a training run, which has a session of its own."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), GRACE_SECONDS)
            return
