"""A client of the language server that does nothing but ask and look at the clock."""

import asyncio
import itertools
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from large import Point

REPOSITORY = Path(__file__).parents[2]
ENVIRONMENT = os.environ | {
    "PYTHONPATH": f"{REPOSITORY / 'server'}{os.pathsep}{REPOSITORY / 'trainer'}",
    "OMP_NUM_THREADS": "1",
}


class Client:
    """Speaks JSON-RPC with `codeanvil-lsp` over its standard input and output."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[Any]] = {}

    async def __aenter__(self) -> "Client":
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "codeanvil.lsp", "--stdio"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env=ENVIRONMENT,
            limit=2**26,
        )
        self._reading = asyncio.create_task(self._read())
        folder = {"uri": self._root.as_uri(), "name": self._root.name}
        await self.request("initialize", {"processId": os.getpid(), "capabilities": {}, "workspaceFolders": [folder]})
        self._send({"method": "initialized", "params": {}})
        await self.command("prepare", {})
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.request("shutdown", None)
        self._send({"method": "exit"})
        await self._process.wait()
        self._reading.cancel()

    async def hover(self, point: Point) -> tuple[float, bool]:
        """Milliseconds until a hover is there, and whether it says anything."""
        document = {"uri": (self._root / point.path).as_uri()}
        place = {"line": point.line, "character": point.column}
        started = time.perf_counter()
        found = await self.request("textDocument/hover", {"textDocument": document, "position": place})
        return 1000 * (time.perf_counter() - started), found is not None

    async def command(self, verb: str, argument: dict[str, Any]) -> Any:
        """The outcome of a command of ours."""
        return await self.request("workspace/executeCommand", {"command": f"codeanvil.{verb}", "arguments": [argument]})

    async def ask(self, question: str) -> tuple[float, float]:
        """Milliseconds until an answer from facts is there, and those of them that its evidence took in the server."""
        started = time.perf_counter()
        answer = await self.command("ask", {"question": question, "model": False})
        spent = answer["timings"]
        return 1000 * (time.perf_counter() - started), spent["link"] + spent["evidence"]

    async def request(self, method: str, params: Any) -> Any:
        """The result of a request. Raises RuntimeError where the server answers with an error."""
        number = next(self._numbers)
        self._waiting[number] = asyncio.get_running_loop().create_future()
        self._send({"id": number, "method": method, "params": params})
        return await self._waiting[number]

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))

    async def _read(self) -> None:
        stream = self._process.stdout
        assert stream is not None
        while head := await stream.readuntil(b"\r\n\r\n"):
            length = next(int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
            message = json.loads(await stream.readexactly(length))
            if "method" in message and "id" in message:
                self._send({"id": message["id"], "result": None})
            elif "id" in message:
                waiting = self._waiting.pop(message["id"])
                if "error" in message:
                    waiting.set_exception(RuntimeError(message["error"]["message"]))
                else:
                    waiting.set_result(message["result"])
