"""One large workspace, and what two servers do on it from nothing: measured once, looked at by many tests."""

import asyncio
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import pytest
from lsprotocol import types
from tests.protocol.harness import Client, connected
from tests.scale import generated

from codeanvil.settings import Settings
from codeanvil.workspace.index.client import IndexProcess
from codeanvil.workspace.index.report import IndexReport

READY = "codeanvil/indexProgress"
QUESTION = f"Where is {generated.type_name(0)} defined?"

BURST = 5_000


@dataclass
class Seen:
    """What was seen while a server worked. `hovers` and `answers`: seconds each took; `index_bytes`: most that an index
    process held in memory, `worker_bytes` that any of its children did."""

    seconds: float = 0.0
    hovers: list[float] = field(default_factory=list)
    answers: list[float] = field(default_factory=list)
    found: int = 0
    cards: int = 0
    index_bytes: int = 0
    worker_bytes: int = 0
    states: list[dict[str, Any]] = field(default_factory=list)
    rows: list[dict[str, Any]] = field(default_factory=list)

    def look_at_memory(self, server: int) -> None:
        """Note how much the index process of the server and its children hold."""
        for process in psutil.Process(server).children(recursive=True):
            with suppress(psutil.Error):  # it ended meanwhile
                held, line = process.memory_info().rss, process.cmdline()
                if "codeanvil.workspace.index.process" in line:
                    self.index_bytes = max(self.index_bytes, held)
                elif "codeanvil.workspace.index.workers" in line:
                    self.worker_bytes = max(self.worker_bytes, held)


@pytest.fixture(scope="session")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The workspace, not indexed yet. It is removed at the end: pytest would keep three."""
    root = tmp_path_factory.mktemp("scale").resolve() / "fleet"
    root.mkdir()
    generated.write(root)
    yield root
    shutil.rmtree(root)


@pytest.fixture(scope="session")
def cold(root: Path) -> Seen:
    """The first index, by two servers that start together and are asked meanwhile."""
    return asyncio.run(_cold(root))


async def _cold(root: Path) -> Seen:
    seen = Seen()
    clients: list[Client] = []
    try:
        started = time.monotonic()
        first = await connected(clients, root)
        second = await connected(clients, root)
        await _meanwhile(seen, root, [first, second])
        seen.seconds = time.monotonic() - started
        seen.states = [(await client.command("status"))["index"] for client in clients]
        seen.rows = [(await client.command("ask", {"question": QUESTION})) for client in clients]
    finally:
        await asyncio.gather(*(client.close() for client in clients))
    return seen


async def _meanwhile(seen: Seen, root: Path, clients: list[Client], after: int = 0) -> None:
    """Hover and ask until all are ready."""
    file = root / generated.path_of(0)
    line = next(number for number, text in enumerate(generated.source_of(0).splitlines()) if text.startswith("class "))
    while not all(any(told["state"] == "ready" for told in news(client, after)) for client in clients):
        failed = [told for client in clients for told in news(client, after) if told["state"] == "failed"]
        assert not failed, failed
        began = time.monotonic()
        card = await clients[0].hover(file, line, 8)
        seen.hovers.append(time.monotonic() - began)
        seen.cards += card is not None
        began = time.monotonic()
        answer = await clients[0].command("ask", {"question": QUESTION})
        seen.answers.append(time.monotonic() - began)
        seen.found += bool(answer["found"])
        for client in clients:
            seen.look_at_memory(client.lsp._server.pid)
        await asyncio.sleep(0.2)


def news(client: Client, after: int) -> list[dict[str, Any]]:
    """What the client was told of its index, of all notifications those after so many."""
    return [told for method, told in client.told[after:] if method == READY]


@pytest.fixture(scope="session")
def reopened(root: Path, cold: Seen) -> IndexReport:
    """The index process on the workspace that is as it was."""

    async def reopen() -> IndexReport:
        index = IndexProcess(root, Settings())
        try:
            return await index.update()
        finally:
            await index.close()

    return asyncio.run(reopen())


@pytest.fixture(scope="session")
def burst(root: Path, reopened: IndexReport) -> Seen:
    """A checkout of another branch under an open server: a third of the files changed, a third gone, a third new."""
    return asyncio.run(_burst(root))


async def _burst(root: Path) -> Seen:
    seen = Seen()
    clients: list[Client] = []
    try:
        client = await connected(clients, root)
        await client.indexed()
        after = len(client.told)
        events = await asyncio.to_thread(check_out, root)
        started = time.monotonic()
        client.lsp.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams(events))
        await _meanwhile(seen, root, clients, after)
        seen.seconds = time.monotonic() - started
        seen.states = [(await client.command("status"))["index"]]
    finally:
        await asyncio.gather(*(client.close() for client in clients))
    return seen


def check_out(root: Path) -> list[types.FileEvent]:
    """Change the files, and say what an editor says of it."""
    third = BURST // 3
    changed, gone = range(1_000, 1_000 + third), range(5_000, 5_000 + third)
    new = range(generated.FILES, generated.FILES + BURST - 2 * third)
    for number in changed:
        (root / generated.path_of(number)).write_text(generated.source_of(number, methods=2))
    for number in gone:
        (root / generated.path_of(number)).unlink()
    generated.write(root, new)
    kinds = ((changed, types.FileChangeType.Changed), (gone, types.FileChangeType.Deleted))
    return [
        types.FileEvent((root / generated.path_of(number)).as_uri(), kind)
        for numbers, kind in (*kinds, (new, types.FileChangeType.Created))
        for number in numbers
    ]
