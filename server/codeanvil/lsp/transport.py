"""How a client reaches the server: standard input and output, TCP, or WebSocket.

Each function serves until its end and returns the exit code of the process. Every connection gets a server of its
own, so that two editors on one TCP port share nothing but the files of the workspace.
"""

import asyncio
import contextlib
import logging
import os
import queue
import re
import signal
import sys
import threading
from collections.abc import Callable, Coroutine
from typing import Any

from pygls.io_ import run_async, run_websocket

from codeanvil.errors import UsageError
from codeanvil.lsp.server import CodeAnvilServer

_log = logging.getLogger(__name__)

_READ_BYTES = 65536
_FLUSH_SECONDS = 5.0

# A page of any site can open a WebSocket to loopback; only editors (which send no Origin) and local pages may.
_LOCAL_PAGES = re.compile(r"https?://(localhost|127\.0\.0\.1|\[::1\])(:\d+)?")


def take_standard_streams() -> tuple[int, int]:
    """Descriptors of the client's pipes for the protocol alone.

    Afterwards descriptor 0 reads nothing and 1 is standard error, here and in every child process: a stray print
    in whatever library ends up in the log and never between two messages.
    """
    source, sink = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    sys.stdout.flush()
    os.dup2(2, 1)
    return source, sink


def serve_stdio() -> int:
    """Serve one client on standard input and output; 0 when it asked for shutdown before it went, else 1."""
    source, sink = take_standard_streams()

    async def serve() -> int:
        server = CodeAnvilServer(follow_parent=True)
        reader = asyncio.StreamReader()
        loop = asyncio.get_running_loop()
        writer = _PipeWriter(sink, on_broken=lambda: _call_soon(loop, server.stop))
        threading.Thread(target=_feed, args=(source, reader, loop), name="stdin", daemon=True).start()
        server.protocol.set_writer(writer)
        await _session(server, _messages(server, reader))
        writer.close()
        return server.exit_code

    return asyncio.run(serve())


def serve_tcp(host: str, port: int) -> int:
    """Serve every client that connects, until the process is ended. Raises UsageError for an unusable address."""

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server = CodeAnvilServer()
        server.protocol.set_writer(writer)
        try:
            await _session(server, _messages(server, reader))
        finally:
            writer.close()

    async def serve() -> None:
        listener = await asyncio.start_server(connected, host, port)
        _announce("TCP", [socket.getsockname() for socket in listener.sockets])
        async with listener:
            await _until_ended()

    return _run_listener(serve(), host, port)


def serve_websocket(host: str, port: int) -> int:
    """Serve every WebSocket client that connects, but no web page from elsewhere. Raises UsageError as `serve_tcp`."""
    from websockets.asyncio.server import ServerConnection
    from websockets.asyncio.server import serve as listen

    async def connected(connection: ServerConnection) -> None:
        server = CodeAnvilServer()
        await _session(
            server, run_websocket(connection, server.stopping, server.protocol, _log, server.report_server_error)
        )

    async def serve() -> None:
        async with listen(connected, host, port, origins=[None, _LOCAL_PAGES], max_size=None) as listener:
            _announce("WebSocket", [socket.getsockname() for socket in listener.sockets])
            await _until_ended()

    return _run_listener(serve(), host, port)


async def _messages(server: CodeAnvilServer, reader: asyncio.StreamReader) -> None:
    # The end of the stream in the middle of a message is an end like any other.
    with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
        await run_async(server.stopping, reader, server.protocol, _log, server.report_server_error)


async def _session(server: CodeAnvilServer, messages: Coroutine[Any, Any, None]) -> None:
    """Handle messages until the client leaves or the server is told to stop; then end all that it started."""
    reading = asyncio.ensure_future(messages)
    server.on_stop(reading.cancel)
    loop = asyncio.get_running_loop()
    if threading.current_thread() is threading.main_thread() and server.follow_parent:
        loop.add_signal_handler(signal.SIGTERM, server.stop)
    try:
        await asyncio.wait([reading])
    finally:
        await server.close()
        await server.protocol.answered_shutdown()
    if not reading.cancelled() and (error := reading.exception()):
        raise error


async def _until_ended() -> None:
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    await ended.wait()


def _run_listener(serve: Coroutine[Any, Any, None], host: str, port: int) -> int:
    try:
        asyncio.run(serve)
    except OSError as error:
        raise UsageError(
            f"Cannot listen on {host}:{port} ({error.strerror or error}): choose another address."
        ) from error
    return 0


def _announce(kind: str, addresses: list[tuple[Any, ...]]) -> None:
    for address in addresses:
        print(f"codeanvil-lsp listens on {address[0]}:{address[1]} ({kind})", file=sys.stderr, flush=True)


def _feed(source: int, reader: asyncio.StreamReader, loop: asyncio.AbstractEventLoop) -> None:
    """Hand what comes on descriptor `source` to `reader`; in a thread that never holds up the process's end."""
    data = b"."
    while data:
        try:
            data = os.read(source, _READ_BYTES)
        except OSError:
            data = b""
        if not _call_soon(loop, reader.feed_data, data) if data else not _call_soon(loop, reader.feed_eof):
            return


def _call_soon(loop: asyncio.AbstractEventLoop, function: Callable[..., object], *arguments: object) -> bool:
    """Run `function` on the loop; False where the loop has ended."""
    try:
        loop.call_soon_threadsafe(function, *arguments)
    except RuntimeError:
        return False
    return True


class _PipeWriter:
    """Writes to a descriptor from a thread of its own: a client that reads slowly does not hold up the loop."""

    def __init__(self, sink: int, on_broken: Callable[[], object]) -> None:
        self._sink = sink
        self._on_broken = on_broken
        self._waiting: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._write_all, name="stdout", daemon=True)
        self._thread.start()

    def write(self, data: bytes) -> None:
        self._waiting.put(data)

    def close(self) -> None:
        """Wait until everything is written, but not for a client that has stopped reading."""
        self._waiting.put(None)
        self._thread.join(_FLUSH_SECONDS)

    def _write_all(self) -> None:
        while (data := self._waiting.get()) is not None:
            view = memoryview(data)
            try:
                while view:
                    view = view[os.write(self._sink, view) :]
            except OSError:
                self._on_broken()
                return
