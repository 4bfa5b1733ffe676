"""A progress bar in the editor."""

import asyncio
import secrets
from typing import TYPE_CHECKING, Self

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from codeanvil.lsp.protocol import capability

if TYPE_CHECKING:
    from codeanvil.lsp.server import CodeAnvilServer


class WorkDone:
    """One work-done progress. Silent where the client has none, and never waited for by the work it shows.

    What is reported before the client has made room for the bar is kept, newest only, and shown then.
    """

    def __init__(self, server: "CodeAnvilServer", title: str) -> None:
        self._server = server
        self._progress = server.work_done_progress
        self._token = f"codeanvil-{secrets.token_hex(8)}"
        self._title = title
        self._latest = types.WorkDoneProgressReport()
        self._end: types.WorkDoneProgressEnd | None = None
        self._shown = False
        if capability(server.client_capabilities, "window", "work_done_progress"):
            server.start(self._create(), f"progress bar '{title}'")

    def report(self, message: str, share: float | None = None) -> None:
        """Show `message` and how much is done, from 0 to 1 where that is known."""
        percentage = None if share is None else max(0, min(100, int(share * 100)))
        report = types.WorkDoneProgressReport(message=message or None, percentage=percentage)
        if report != self._latest:
            self._latest = report
            if self._shown:
                self._progress.report(self._token, report)

    def count(self, done: int, total: int) -> None:
        """Show that `done` of `total` is done."""
        self.report(f"{done} of {total}", done / total if total else None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def end(self, message: str | None = None) -> None:
        """Take the bar away."""
        self._end = types.WorkDoneProgressEnd(message=message)
        if self._shown:
            self._finish(self._end)

    async def _create(self) -> None:
        try:
            await self._progress.create_async(self._token)
        except (JsonRpcException, asyncio.CancelledError):
            return
        if self._end is not None and not self._end.message:  # it is over, and nothing is left to say
            self._progress.tokens.pop(self._token, None)
            return
        latest = self._latest
        # Clients may pass over percentages where the beginning has none.
        begin = types.WorkDoneProgressBegin(self._title, message=latest.message, percentage=latest.percentage or 0)
        self._progress.begin(self._token, begin)
        self._shown = True
        if self._end is not None:
            self._finish(self._end)

    def _finish(self, end: types.WorkDoneProgressEnd) -> None:
        self._shown = False
        self._progress.end(self._token, end)
        # pygls keeps the token of every bar there ever was.
        self._progress.tokens.pop(self._token, None)
