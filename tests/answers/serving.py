"""The endpoint of `codeanvil serve` in a thread of the test, behind real HTTP."""

import asyncio
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import uvicorn

from codeanvil.answers.models.endpoint import AnswerEndpoint
from codeanvil.http_contract import server_config
from codeanvil.settings import Settings

TOKEN = "a token of the test"


@contextmanager
def serving(root: Path, settings: Settings) -> Iterator[httpx.Client]:
    """A client of the endpoint on the workspace at `root`."""
    endpoint = AnswerEndpoint(root, settings)
    sock = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(server_config(endpoint.app(TOKEN)))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[sock])))
    thread.start()
    url = f"http://127.0.0.1:{sock.getsockname()[1]}"
    try:
        with httpx.Client(
            base_url=url, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=30, trust_env=False
        ) as client:
            yield client
    finally:
        server.should_exit = True
        thread.join()
        endpoint.close()
        sock.close()


def body(question: str, **fields: Any) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": question}], **fields}


def said(client: httpx.Client, question: str, **fields: Any) -> dict[str, Any]:
    reply = client.post("/v1/chat/completions", json=body(question, **fields))
    assert reply.status_code == 200, reply.text
    found: dict[str, Any] = reply.json()
    return found


def streamed(client: httpx.Client, question: str, **fields: Any) -> str:
    with client.stream("POST", "/v1/chat/completions", json=body(question, stream=True, **fields)) as reply:
        assert reply.headers["content-type"].startswith("text/event-stream")
        lines = [line.removeprefix("data: ") for line in reply.iter_lines() if line]
    assert lines[-1] == "[DONE]"
    chunks = [json.loads(line) for line in lines[:-1]]
    return "".join(chunk["choices"][0]["delta"].get("content", "") for chunk in chunks if chunk["choices"])
