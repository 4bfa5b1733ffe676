"""The editor's process: a server whose editor has ended ends too, even where its pipe stays open."""

import asyncio
from collections.abc import Callable

import psutil

POLL_SECONDS = 2.0


async def end_with(pid: int, stop: Callable[[], object]) -> None:
    """Call `stop` when the process `pid` has ended."""
    try:
        parent = psutil.Process(pid)
        while parent.is_running() and parent.status() != psutil.STATUS_ZOMBIE:  # noqa: ASYNC110
            await asyncio.sleep(POLL_SECONDS)  # the end of a process that is not our child makes no event
    except psutil.NoSuchProcess:
        pass
    stop()
