"""The server of one client: its folders, its background work, its end.

What it does for a request is in `features/`, for a command in `commands/`.
"""

import asyncio
import logging
import threading
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, ParamSpec, TypeVar

from lsprotocol import types
from pygls.exceptions import JsonRpcException, PyglsError
from pygls.lsp.server import LanguageServer
from pygls.protocol import default_converter

from codeanvil import __version__
from codeanvil.lsp.commands import (
    ask,
    control,
    evaluate,
    explain,
    export,
    prepare,
    promote,
    run,
    runs,
    samples,
    stale,
    status,
    train,
    training_plan,
)
from codeanvil.lsp.features import (
    change_configuration,
    change_watched_files,
    change_workspace_folders,
    code_action,
    code_lens,
    document_symbols,
    documents,
    hover,
    initialize,
    initialized,
    workspace_symbols,
)
from codeanvil.lsp.folders import Folders
from codeanvil.lsp.logs import forwarded_logs
from codeanvil.lsp.protocol import CodeAnvilProtocol
from codeanvil.lsp.trust import Trust

_log = logging.getLogger(__name__)

_P = ParamSpec("_P")
_T = TypeVar("_T")

_COMMANDS = (
    ask,
    control,
    evaluate,
    explain,
    export,
    prepare,
    promote,
    run,
    runs,
    samples,
    stale,
    status,
    train,
    training_plan,
)
_FEATURES = (
    change_configuration,
    change_watched_files,
    change_workspace_folders,
    code_action,
    code_lens,
    document_symbols,
    documents,
    hover,
    initialize,
    initialized,
    workspace_symbols,
)

WORKERS = 8
"""Threads for what waits: files, child processes, the model host. Nothing that computes runs in this process."""


class CodeAnvilServer(LanguageServer):
    """State of one connection. `follow_parent`: end when the process that the client names has ended."""

    protocol: CodeAnvilProtocol

    def __init__(self, *, follow_parent: bool = False) -> None:
        super().__init__(
            "codeanvil-lsp", __version__, protocol_cls=CodeAnvilProtocol, converter_factory=default_converter
        )
        self.follow_parent = follow_parent
        self.stopping = threading.Event()
        self.folders = Folders(self)
        self.trust = Trust()
        self._executor = ThreadPoolExecutor(WORKERS, "work")
        self._reader = ThreadPoolExecutor(1, "read")
        self._tasks: set[asyncio.Task[Any]] = set()
        self._stop_reading: Callable[[], object] = lambda: None
        self._logs = forwarded_logs(self)
        self._closed: asyncio.Future[None] | None = None
        for part in (*_COMMANDS, *_FEATURES):
            part.register(self)

    @property
    def exit_code(self) -> int:
        """0 when the client asked for `shutdown`, else 1, as the specification says."""
        return 0 if self.protocol.is_shut_down else 1

    def on_stop(self, stop_reading: Callable[[], object]) -> None:
        """Have `stop_reading` called when the server is to end."""
        self._stop_reading = stop_reading

    def stop(self) -> None:
        """Read no more messages; the transport then closes the server."""
        self.stopping.set()
        self._stop_reading()

    async def close(self) -> None:
        """End all work and every child process but training runs. May be called again and again."""
        if self._closed is None:
            self._closed = asyncio.ensure_future(self._close())
        await asyncio.shield(self._closed)

    async def _close(self) -> None:
        own = asyncio.current_task()
        tasks = [task for task in self._tasks if task is not own]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.folders.close()
        self.trust.close()
        for executor in (self._executor, self._reader):
            executor.shutdown(wait=False, cancel_futures=True)
        self._logs.close()

    def start(self, work: Coroutine[Any, Any, object], name: str) -> asyncio.Task[Any]:
        """Run `work` beside the messages; a failure is logged. It is cancelled when the server closes."""
        task = asyncio.ensure_future(work)
        task.set_name(name)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            _log.error("%s broke off", task.get_name(), exc_info=error)

    async def in_thread(self, function: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
        """The result of `function`, which may wait but must not compute, from a thread.

        Threads of our own: on other transports pygls reads messages with those of its server.
        """
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._executor, partial(function, *args, **kwargs))

    async def look(self, function: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
        """The same for a short look into the index: in a thread that does nothing else, so that no model is waited for,
        and beside the loop, since the index is slow at times while it is first made."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._reader, partial(function, *args, **kwargs))

    def lines_of(self, uri: str) -> Sequence[str] | None:
        """The lines of a document as the client has it, with their ends; None where it is not open and no text."""
        try:
            return self.workspace.get_text_document(uri).lines
        except (OSError, ValueError):
            return None

    def warn(self, text: str) -> None:
        """Show the user a sentence that asks for something to be done."""
        _log.warning("%s", text)
        self.window_show_message(types.ShowMessageParams(types.MessageType.Warning, text))

    def report_server_error(self, error: Exception, source: type[PyglsError] | type[JsonRpcException]) -> None:
        """Log what went wrong inside; what a user can act on is told where it is known."""
        refused = isinstance(error, JsonRpcException) and error.code != types.ErrorCodes.InternalError
        if refused:
            _log.info("Refused: %s", error)
        else:
            _log.error("%s: %s", source.__name__, error, exc_info=error)
