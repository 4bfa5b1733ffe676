"""A model host in a process of its own, for tests, and what a client says to it."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from tests.checkout import import_path

from codeanvil.contract import ServeConfig

ENVIRONMENT = os.environ | {"PYTHONPATH": import_path(), "OMP_NUM_THREADS": "1"}
QUESTION = "What does DicomReader do?"


def command(config: ServeConfig) -> list[str]:
    file = config.state_file.with_suffix(".config.json")
    file.write_text(config.model_dump_json())
    return [sys.executable, "-m", "codeanvil_trainer", "serve", str(file)]


def wait_for(condition: Callable[[], Any], seconds: float = 200) -> Any:
    end = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.02)
    return value


def read_state(config: ServeConfig) -> dict[str, Any]:
    wait_for(config.state_file.exists)
    return json.loads(config.state_file.read_text())


def client_of(state: dict[str, Any]) -> httpx.Client:
    return httpx.Client(base_url=state["url"], headers={"Authorization": f"Bearer {state['token']}"}, timeout=60)


@contextmanager
def running(config: ServeConfig) -> Iterator[httpx.Client]:
    with subprocess.Popen(command(config), env=ENVIRONMENT) as process:
        try:
            with client_of(read_state(config)) as client:
                yield client
        finally:
            process.terminate()
            process.wait(30)
            assert not config.state_file.exists()


def body(question: str = QUESTION, **fields: Any) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": question}], **fields}


def ask(client: httpx.Client, question: str = QUESTION, **fields: Any) -> dict[str, Any]:
    response = client.post("/v1/chat/completions", json=body(question, **fields))
    assert response.status_code == 200, response.text
    return response.json()


def stream(client: httpx.Client, question: str = QUESTION, **fields: Any) -> list[Any]:
    """The chunks of a streamed answer; the last is the text [DONE]."""
    with client.stream("POST", "/v1/chat/completions", json=body(question, stream=True, **fields)) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        lines = [line.removeprefix("data: ") for line in response.iter_lines() if line]
    return [json.loads(line) if line.startswith("{") else line for line in lines]


def text_of(chunks: list[Any]) -> str:
    return "".join(chunk["choices"][0]["delta"].get("content", "") for chunk in chunks[:-1] if chunk["choices"])


def error_of(response: httpx.Response, status: int) -> dict[str, Any]:
    assert response.status_code == status, response.text
    error: dict[str, Any] = response.json()["error"]
    assert set(error) == {"message", "type", "param", "code"}
    assert error["message"].endswith(".")
    return error
