"""The same server over TCP and WebSocket."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
import pytest_lsp
import websockets
from lsprotocol import types
from tests.protocol.harness import COMMAND, FULL, Client, message, server_environment
from websockets.exceptions import InvalidStatus


class Listening:
    def __init__(self, process: asyncio.subprocess.Process, port: int) -> None:
        self.process, self.port = process, port


@pytest_asyncio.fixture
async def listening(request: pytest.FixtureRequest) -> AsyncIterator[Listening]:
    """A server that listens the way the test's parameter says, on a port of its own choice."""
    process = await asyncio.create_subprocess_exec(
        *COMMAND, request.param, "127.0.0.1:0", stderr=asyncio.subprocess.PIPE, env=server_environment()
    )
    assert process.stderr
    line = (await process.stderr.readline()).decode()
    assert "listens on 127.0.0.1:" in line, line
    drained = asyncio.ensure_future(process.stderr.read())
    yield Listening(process, int(line.split("127.0.0.1:")[1].split()[0]))
    process.terminate()
    assert await process.wait() == 0
    await drained


async def connected(listening: Listening, root: Path) -> Client:
    client = Client(pytest_lsp.client.make_test_lsp_client())
    await client.lsp.start_tcp("127.0.0.1", listening.port)
    folder = types.WorkspaceFolder(root.as_uri(), root.name)
    # The process id of a client on another machine says nothing here, so it must not end the server.
    await client.lsp.initialize_session(types.InitializeParams(FULL, process_id=4_000_000, workspace_folders=[folder]))
    await client.indexed()
    return client


@pytest.mark.parametrize("listening", ["--tcp"], indirect=True)
async def test_each_tcp_client_has_a_session_of_its_own(
    listening: Listening, project: Path, dicom_viewer: Path
) -> None:
    first, second = await connected(listening, project), await connected(listening, dicom_viewer)
    assert (await first.command("status"))["workspace"] == str(project)
    await first.lsp.shutdown_session()
    await first.lsp.stop()
    assert (await second.command("status"))["workspace"] == str(dicom_viewer)
    third = await connected(listening, project)
    assert (await third.command("status"))["index"]["state"] == "ready"
    for client in (second, third):
        await client.lsp.shutdown_session()
        await client.lsp.stop()
    assert listening.process.returncode is None


@pytest.mark.parametrize("listening", ["--ws"], indirect=True)
async def test_websocket_clients_are_served_and_foreign_pages_refused(listening: Listening) -> None:
    url = f"ws://127.0.0.1:{listening.port}"
    with pytest.raises(InvalidStatus):
        async with websockets.connect(url, origin=websockets.Origin("https://example.org")):
            pass
    async with websockets.connect(url, origin=websockets.Origin("http://localhost:3000")) as page:
        initialize = message("initialize", {"processId": None, "rootUri": None, "capabilities": {}}, 1)
        await page.send(initialize.partition(b"\r\n\r\n")[2].decode())
        assert json.loads(await page.recv())["result"]["serverInfo"]["name"] == "codeanvil-lsp"


async def test_an_address_in_use_is_said_in_a_sentence() -> None:
    async with await asyncio.start_server(lambda *_: None, "127.0.0.1", 0) as taken:
        port = taken.sockets[0].getsockname()[1]
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "codeanvil.lsp", "--tcp", f"127.0.0.1:{port}"),
            stderr=asyncio.subprocess.PIPE,
            env=server_environment(),
        )
        _, errors = await process.communicate()
    assert process.returncode == 2
    assert b"choose another address" in errors
