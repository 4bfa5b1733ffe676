"""Our log records in the client's log. Those of libraries stay out: pygls logs whole messages."""

import asyncio
import logging
from typing import TYPE_CHECKING

from lsprotocol import types

if TYPE_CHECKING:
    from codeanvil.lsp.server import CodeAnvilServer

_LEVELS = (
    (logging.ERROR, types.MessageType.Error),
    (logging.WARNING, types.MessageType.Warning),
    (logging.INFO, types.MessageType.Info),
)


def log_to_stderr() -> None:
    """Write our own records to standard error, and of libraries only what is fatal."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    ours = logging.getLogger("codeanvil")
    ours.setLevel(logging.INFO)
    ours.addHandler(handler)
    ours.propagate = False
    for name in ("pygls", "asyncio", "websockets"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


def forwarded_logs(server: "CodeAnvilServer") -> "ForwardedLogs":
    """Send our records to the client of `server` until the handler is closed."""
    handler = ForwardedLogs(server)
    logging.getLogger("codeanvil").addHandler(handler)
    return handler


class ForwardedLogs(logging.Handler):
    """Turns records into `window/logMessage`, from whatever thread they come."""

    def __init__(self, server: "CodeAnvilServer") -> None:
        super().__init__(logging.INFO)
        self._server = server
        self._loop = asyncio.get_running_loop()

    def emit(self, record: logging.LogRecord) -> None:
        """Send the record's message, without the traceback, which is in standard error."""
        kind = next((kind for level, kind in _LEVELS if record.levelno >= level), types.MessageType.Log)
        params = types.LogMessageParams(kind, record.getMessage())
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._send, params)

    def _send(self, params: types.LogMessageParams) -> None:
        if self._server.protocol.writer is not None:
            self._server.window_log_message(params)

    def close(self) -> None:
        """Forward no more."""
        logging.getLogger("codeanvil").removeHandler(self)
        super().close()
