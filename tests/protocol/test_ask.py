"""Asking through the server: from facts, with a model as it writes, and cancelled."""

import asyncio
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

DELTA = "codeanvil/answerDelta"
WORDS = ["`Order` ", "is a class ", "in shop/orders.py. ", "It is what a customer wants."]


class Model(ThreadingHTTPServer):
    """An OpenAI-compatible server that says the same words to every question."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.pause = 0.0
        self.endless = False
        self.left = threading.Event()

    @property
    def settings(self) -> dict[str, dict[str, str]]:
        return {"answers": {"server_url": f"http://127.0.0.1:{self.server_port}/v1"}}


class _Handler(BaseHTTPRequestHandler):
    server: Model

    def do_GET(self) -> None:
        self._start("application/json")
        self.wfile.write(json.dumps({"data": [{"id": "stub-model"}]}).encode())

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self._start("text/event-stream")
        try:
            for number in range(1000 if self.server.endless else len(WORDS)):
                chunk = {"choices": [{"index": 0, "delta": {"content": WORDS[number % len(WORDS)]}}]}
                self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
                self.wfile.flush()
                time.sleep(self.server.pause)
            self.wfile.write(b"data: [DONE]\n\n")
        except OSError:
            self.server.left.set()

    def _start(self, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.end_headers()

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def model() -> Iterator[Model]:
    with Model() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


async def test_facts_answer_without_a_model(start, project: Path) -> None:
    client = await start(project)
    answer = await client.command("ask", {"question": "Where is Order defined?", "token": "t1"})
    assert set(answer) == {"answer", "citations", "found", "unverified", "model", "revision", "timings"}
    assert answer["found"] and answer["model"] is None
    assert answer["citations"][0]["path"] == "shop/orders.py"
    assert client.all_told(DELTA) == []


async def test_a_question_may_go_on_from_earlier_ones(start, project: Path) -> None:
    client = await start(project)
    asked = {"question": "and where is it?", "history": ["What does Order do?"], "model": False}
    assert "shop/orders.py" in (await client.command("ask", asked))["answer"]


async def test_what_is_not_there_is_said_so(start, project: Path) -> None:
    client = await start(project)
    answer = await client.command("ask", {"question": "What does the class FreightTrain do?"})
    assert not answer["found"]
    assert "no class `FreightTrain`" in answer["answer"]


async def test_a_model_s_words_are_sent_as_they_come(start, project: Path, model: Model) -> None:
    client = await start(project, settings=model.settings)
    answer = await client.command("ask", {"question": "What is Order?", "token": "t2"})
    assert answer["model"] == "stub-model"
    deltas = client.all_told(DELTA)
    assert {each["token"] for each in deltas} == {"t2"}
    assert "".join(each["delta"] for each in deltas) == "".join(WORDS)
    assert "what a customer wants" in answer["answer"]


async def test_without_a_token_nothing_is_streamed(start, project: Path, model: Model) -> None:
    client = await start(project, settings=model.settings)
    answer = await client.command("ask", {"question": "What is Order?"})
    assert answer["model"] == "stub-model"
    assert client.all_told(DELTA) == []


async def test_a_question_can_be_asked_of_the_facts_alone(start, project: Path, model: Model) -> None:
    client = await start(project, settings=model.settings)
    assert (await client.command("ask", {"question": "What is Order?", "model": False}))["model"] is None


async def test_a_cancelled_question_leaves_the_model(start, project: Path, model: Model) -> None:
    model.pause, model.endless = 0.05, True
    client = await start(project, settings=model.settings)
    params = types.ExecuteCommandParams("codeanvil.ask", [{"question": "What is Order?", "token": 7}])
    answer = asyncio.wrap_future(
        client.lsp.protocol.send_request(types.WORKSPACE_EXECUTE_COMMAND, params, msg_id="the-question")
    )
    await client.until(DELTA, lambda told: told["token"] == 7)
    client.lsp.cancel_request(types.CancelParams("the-question"))
    with pytest.raises(JsonRpcException) as refused:
        await answer
    assert refused.value.code == types.LSPErrorCodes.RequestCancelled
    assert await asyncio.to_thread(model.left.wait, 10), "the model writes on"
    count = len(client.all_told(DELTA))
    await asyncio.sleep(0.3)
    assert len(client.all_told(DELTA)) == count


async def test_the_server_leaves_in_the_middle_of_an_answer(start, project: Path, model: Model) -> None:
    model.pause, model.endless = 0.05, True
    client = await start(project, settings=model.settings)
    params = types.ExecuteCommandParams("codeanvil.ask", [{"question": "What is Order?", "token": 7}])
    answer = asyncio.wrap_future(client.lsp.protocol.send_request(types.WORKSPACE_EXECUTE_COMMAND, params))
    await client.until(DELTA, lambda told: told["token"] == 7)
    began = time.monotonic()
    await client.lsp.shutdown_session()
    assert time.monotonic() - began < 5
    assert client.lsp._server.returncode == 0
    with pytest.raises(JsonRpcException):
        await answer


async def test_hover_is_quick_while_a_model_writes(start, project: Path, model: Model) -> None:
    model.pause = 0.5
    client = await start(project, settings=model.settings)
    asked = [asyncio.ensure_future(client.command("ask", {"question": "What is Order?", "token": n})) for n in range(6)]
    for number in range(6):
        await client.until(DELTA, lambda told, number=number: told["token"] == number)
    began = time.monotonic()
    assert await client.hover(project / "shop" / "orders.py", 3, 8) is not None
    assert time.monotonic() - began < 1
    assert not all(each.done() for each in asked), "the model was done before: this test shows nothing"
    await asyncio.gather(*asked)
