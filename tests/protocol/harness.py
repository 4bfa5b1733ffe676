"""A client for the real server in a process of its own, and the bytes it speaks."""

import asyncio
import json
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest_lsp
from lsprotocol import types
from tests.checkout import import_path

COMMAND = [sys.executable, "-m", "codeanvil.lsp"]

FULL = types.ClientCapabilities(
    window=types.WindowClientCapabilities(work_done_progress=True),
    workspace=types.WorkspaceClientCapabilities(
        did_change_watched_files=types.DidChangeWatchedFilesClientCapabilities(dynamic_registration=True)
    ),
)
"""A client that shows progress bars and tells of changed files."""


def server_environment() -> dict[str, str]:
    """The environment in which a server process finds this checkout."""
    return {**os.environ, "PYTHONPATH": import_path()}


class Client:
    """One editor: the language client, what the server told it, and the calls that tests make."""

    def __init__(self, lsp: pytest_lsp.LanguageClient) -> None:
        self.lsp = lsp
        self.told: list[tuple[str, dict[str, Any]]] = []
        self.registered: list[types.Registration] = []
        self.asked: list[types.ShowMessageRequestParams] = []
        self.reply: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()
        self._news = asyncio.Event()
        for method in ("codeanvil/indexProgress", "codeanvil/runProgress", "codeanvil/answerDelta"):
            lsp.feature(method)(self._recorder(method))
        lsp.feature(types.CLIENT_REGISTER_CAPABILITY)(lambda params: self.registered.extend(params.registrations))

        @lsp.feature(types.WINDOW_SHOW_MESSAGE_REQUEST)
        async def answer(params: types.ShowMessageRequestParams) -> types.MessageActionItem | None:
            self.asked.append(params)
            self._news.set()
            title = await self.reply
            return types.MessageActionItem(title) if title else None

    async def question(self) -> types.ShowMessageRequestParams:
        """The first question that the user is asked."""
        async with asyncio.timeout(20):
            while not self.asked:
                self._news.clear()
                await self._news.wait()
        return self.asked[0]

    def _recorder(self, method: str) -> Callable[[Any], None]:
        def record(params: Any) -> None:
            self.told.append((method, params._asdict()))
            self._news.set()

        return record

    def all_told(self, method: str) -> list[dict[str, Any]]:
        return [params for name, params in self.told if name == method]

    async def until(
        self, method: str, condition: Callable[[dict[str, Any]], bool], after: int = 0, seconds: float = 100
    ) -> dict[str, Any]:
        """The first notification that meets `condition`, of those after the first `after` of all."""
        try:
            async with asyncio.timeout(seconds):
                while True:
                    for name, params in self.told[after:]:
                        if name == method and condition(params):
                            return params
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            said = [each.message for each in self.lsp.log_messages]
            raise AssertionError(f"{method} did not come; told were {self.told[after:]}, logged {said}") from None

    async def bar(self, title: str, seconds: float = 10) -> list[Any]:
        """The reports of the progress bar with this title, once it has ended."""
        async with asyncio.timeout(seconds):
            while True:
                for reports in self.lsp.progress_reports.values():
                    if reports and reports[0].title == title and isinstance(reports[-1], types.WorkDoneProgressEnd):
                        return reports
                await asyncio.sleep(0.05)

    async def indexed(self, after: int = 0) -> dict[str, Any]:
        return await self.until("codeanvil/indexProgress", lambda params: params["state"] != "indexing", after)

    async def command(self, verb: str, *arguments: Any) -> Any:
        params = types.ExecuteCommandParams(f"codeanvil.{verb}", list(arguments))
        return await self.lsp.workspace_execute_command_async(params)

    async def request(self, method: str, params: Any = None) -> Any:
        """The answer to a request of our own, as plain values."""
        answer = await self.lsp.protocol.send_request_async(method, params)
        return plain(answer)

    def save(self, path: Path) -> None:
        self.lsp.text_document_did_save(types.DidSaveTextDocumentParams(types.TextDocumentIdentifier(path.as_uri())))

    def open(self, path: Path) -> None:
        item = types.TextDocumentItem(path.as_uri(), "python", 0, path.read_text())
        self.lsp.text_document_did_open(types.DidOpenTextDocumentParams(item))

    def shut(self, path: Path) -> None:
        where = types.TextDocumentIdentifier(path.as_uri())
        self.lsp.text_document_did_close(types.DidCloseTextDocumentParams(where))

    def changed(self, path: Path, kind: types.FileChangeType = types.FileChangeType.Changed) -> None:
        event = types.FileEvent(path.as_uri(), kind)
        self.lsp.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([event]))

    async def hover(self, path: Path, line: int, character: int) -> types.Hover | None:
        where = types.TextDocumentIdentifier(path.as_uri())
        return await self.lsp.text_document_hover_async(types.HoverParams(where, types.Position(line, character)))

    async def close(self) -> int:
        """Leave as an editor does; the server's exit code."""
        server = self.lsp._server
        assert server is not None
        if server.returncode is None and not self.lsp.stopped:
            await self.lsp.shutdown_session()
        await self.lsp.stop()
        return server.returncode if server.returncode is not None else await server.wait()


def plain(value: Any) -> Any:
    """What pygls made objects of, as the JSON that came."""
    if hasattr(value, "_asdict"):
        return {key: plain(each) for key, each in value._asdict().items()}
    return [plain(each) for each in value] if isinstance(value, list) else value


async def connected(
    clients: list[Client],
    *roots: Path,
    settings: Mapping[str, Any] | None = None,
    capabilities: types.ClientCapabilities | None = None,
    trusted: bool = True,
    **params: Any,
) -> Client:
    """An editor with these folders and a server of its own, appended to `clients` as soon as there is one to close."""
    client = Client(pytest_lsp.client.make_test_lsp_client())
    await client.lsp.start_io(*COMMAND, "--stdio", env=server_environment())
    clients.append(client)
    folders = [types.WorkspaceFolder(root.as_uri(), root.name) for root in roots]
    await client.lsp.initialize_session(
        types.InitializeParams(
            capabilities or FULL,
            initialization_options={"settings": dict(settings or {}), **({} if trusted else {"trusted": False})},
            **{"workspace_folders": folders, **params},
        )
    )
    return client


def message(method: str, params: Any = None, number: int | None = None) -> bytes:
    """A request or notification as it goes over the wire."""
    body = {"jsonrpc": "2.0", "method": method, **({"params": params} if params is not None else {})}
    if number is not None:
        body["id"] = number
    data = json.dumps(body).encode()
    return b"Content-Length: %d\r\n\r\n" % len(data) + data


def messages(data: bytes) -> list[dict[str, Any]]:
    """Every message in `data`, which must hold messages and nothing else."""
    found = []
    while data:
        header, _, rest = data.partition(b"\r\n\r\n")
        lines = dict(line.split(b": ", 1) for line in header.split(b"\r\n"))
        assert set(lines) <= {b"Content-Length", b"Content-Type"}, header
        length = int(lines[b"Content-Length"])
        found.append(json.loads(rest[:length]))
        data = rest[length:]
    return found
