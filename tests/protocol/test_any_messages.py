"""Ten thousand messages, most of them nonsense: the server answers every request once and goes on."""

import json
import queue
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.protocol.harness import COMMAND, message, server_environment

EXAMPLES, MESSAGES = 200, 50

METHODS = (
    "textDocument/hover", "textDocument/documentSymbol", "textDocument/codeLens", "textDocument/codeAction",
    "codeLens/resolve", "workspace/symbol", "workspace/executeCommand", "codeanvil/trainingPlan", "initialize",
    "textDocument/didOpen", "textDocument/didChange", "textDocument/didSave", "textDocument/didClose", "initialized",
    "workspace/didChangeConfiguration", "workspace/didChangeWatchedFiles", "workspace/didChangeWorkspaceFolders",
    "window/workDoneProgress/cancel", "$/cancelRequest", "$/setTrace", "$/progress", "no/such/method", "",
)  # fmt: skip
"""Not `shutdown` and `exit`, which end the server, as they should."""

NAMES = ("Order", "total", "RushOrder", "shop", "x", "☃", "")
SAFE_COMMANDS = ("ask", "status", "explain", "stop", "resume", "no_such_command")
"""Of well-formed commands, those that start no run and write nothing outside of the index."""

numbers = st.integers(-(2**31), 2**31 - 1) | st.sampled_from([0, 1, 3, 2**53])
jsons = st.recursive(
    st.none() | st.booleans() | numbers | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


class Server:
    """A server on a workspace, spoken to in bytes."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.process = subprocess.Popen(
            [*COMMAND, "--stdio"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=server_environment(),
        )
        self.answers: queue.Queue[dict[str, Any]] = queue.Queue()
        self.number = 0
        assert self.process.stdin and self.process.stdout
        self.input = self.process.stdin
        self.reader = threading.Thread(target=self._read, args=(self.process.stdout,))
        self.reader.start()
        folder = {"uri": root.as_uri(), "name": root.name}
        params = {"processId": None, "rootUri": root.as_uri(), "capabilities": {}, "workspaceFolders": [folder]}
        self.send(message("initialize", params, self.next()) + message("initialized", {}))
        self.answer_to(self.number)

    def next(self) -> int:
        self.number += 1
        return self.number

    def send(self, data: bytes) -> None:
        self.input.write(data)
        self.input.flush()

    def answer_to(self, number: int) -> tuple[dict[str, Any], Counter[Any]]:
        """The answer to a request, and how often each other id was answered meanwhile."""
        seen: Counter[Any] = Counter()
        while True:
            answer = self.answers.get(timeout=60)
            if "method" in answer:
                continue
            if answer.get("id") == number:
                return answer, seen
            seen[json.dumps(answer.get("id"))] += 1

    def close(self) -> None:
        self.send(message("shutdown", number=self.next()) + message("exit"))
        assert self.process.wait(60) == 0
        self.reader.join(10)
        self.input.close()
        assert self.process.stdout
        self.process.stdout.close()

    def _read(self, stream: IO[bytes]) -> None:
        while header := stream.readline():
            length = int(header.split(b":")[1])
            while stream.readline().strip():
                pass
            self.answers.put(json.loads(stream.read(length)))


@pytest.fixture
def server(project: Path) -> Iterator[Server]:
    server = Server(project)
    yield server
    server.close()


def documents(root: Path) -> st.SearchStrategy[str]:
    known = ["shop/orders.py", "shop/rush.py", "no_such_file.py", "../outside.py", "."]
    return st.sampled_from([*((root / path).as_uri() for path in known), "untitled:1", "file://", ""])


def well_formed(root: Path) -> st.SearchStrategy[tuple[str, Any]]:
    """Methods with parameters of the right shape: places that may not exist, texts, versions, commands."""
    uri = documents(root)
    place = st.fixed_dictionaries({"line": st.integers(0, 12), "character": st.integers(0, 40)})
    document = st.fixed_dictionaries({"uri": uri})
    span = st.fixed_dictionaries({"start": place, "end": place})
    text = st.sampled_from(["", "class Order:\n    pass\n", "😋 = 1\r\n\u2028", "x" * 2_000]) | st.text(max_size=30)
    opened = st.fixed_dictionaries(
        {"uri": uri, "languageId": st.just("python"), "version": st.integers(0, 9), "text": text}
    )
    change = st.fixed_dictionaries({"range": span, "text": text}) | st.fixed_dictionaries({"text": text})
    versioned = st.fixed_dictionaries({"uri": uri, "version": st.integers(0, 9)})
    argument = st.fixed_dictionaries(
        {}, optional={"question": st.sampled_from([f"Where is {name}?" for name in NAMES]), "model": st.just(False),
                      "symbol": st.sampled_from(NAMES), "run": st.sampled_from(NAMES)}
    )  # fmt: skip
    command = st.fixed_dictionaries(
        {"command": st.sampled_from([f"codeanvil.{verb}" for verb in SAFE_COMMANDS]),
         "arguments": st.lists(argument, max_size=2)}
    )  # fmt: skip
    event = st.fixed_dictionaries({"uri": uri, "type": st.integers(1, 3)})
    shapes = {
        "textDocument/hover": st.fixed_dictionaries({"textDocument": document, "position": place}),
        "textDocument/documentSymbol": st.fixed_dictionaries({"textDocument": document}),
        "textDocument/codeLens": st.fixed_dictionaries({"textDocument": document}),
        "textDocument/codeAction": st.fixed_dictionaries(
            {"textDocument": document, "range": span, "context": st.just({"diagnostics": []})}
        ),
        "workspace/symbol": st.fixed_dictionaries({"query": st.sampled_from(NAMES) | st.text(max_size=5)}),
        "workspace/executeCommand": command,
        "textDocument/didOpen": st.fixed_dictionaries({"textDocument": opened}),
        "textDocument/didChange": st.fixed_dictionaries(
            {"textDocument": versioned, "contentChanges": st.lists(change, max_size=2)}
        ),
        "textDocument/didSave": st.fixed_dictionaries({"textDocument": document}),
        "textDocument/didClose": st.fixed_dictionaries({"textDocument": document}),
        "workspace/didChangeWatchedFiles": st.fixed_dictionaries({"changes": st.lists(event, max_size=3)}),
    }
    return st.sampled_from(sorted(shapes)).flatmap(lambda name: st.tuples(st.just(name), shapes[name]))


def any_bodies(root: Path) -> st.SearchStrategy[tuple[bytes, bool]]:
    """The body of a message whose id, if any, is to be filled in for %ID%, and whether it asks for an answer."""

    def body(parts: tuple[tuple[str, Any], bool]) -> tuple[bytes, bool]:
        (method, params), asks = parts
        said = {"jsonrpc": "2.0", "method": method, "params": params}
        return json.dumps(said | ({"id": "%ID%"} if asks else {})).encode(), asks

    nonsense = st.tuples(st.sampled_from(METHODS), jsons)
    proper = st.tuples(well_formed(root) | nonsense, st.booleans()).map(body)
    broken = st.sampled_from([b"", b"{", b"null", b"[]", b"3", b'"text"', b"\xff\xfe", b'{"jsonrpc": "2.0"}']).map(
        lambda data: (data, False)
    )
    answers = jsons.map(lambda value: (json.dumps({"jsonrpc": "2.0", "id": value, "result": value}).encode(), False))
    return proper | proper | broken | answers | jsons.map(lambda value: (json.dumps(value).encode(), False))


def framed(body: bytes) -> bytes:
    return b"Content-Length: %d\r\n\r\n%s" % (len(body), body)


@pytest.mark.timeout(600)
def test_ten_thousand_messages_leave_the_server_answering(server: Server) -> None:
    sent = 0

    @given(st.lists(any_bodies(server.root), min_size=MESSAGES, max_size=MESSAGES))
    # Not made smaller when it fails: the server would be another one by then.
    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
    def check(bodies: list[tuple[bytes, bool]]) -> None:
        nonlocal sent
        data, asked = b"", set()
        for body, asks in bodies:
            if asks:
                asked.add(str(number := server.next()))
                data += framed(body.replace(b'"%ID%"', str(number).encode()))
            else:
                data += framed(body)
        server.send(data)
        sent += len(bodies)
        where = {"textDocument": {"uri": (server.root / "shop/rush.py").as_uri()}}
        server.send(message("textDocument/documentSymbol", where, server.next()))
        last = server.number
        answer, answered = server.answer_to(last)
        assert "result" in answer
        deadline = time.monotonic() + 60
        while unanswered := asked - set(answered):
            assert time.monotonic() < deadline, (unanswered, data)
            time.sleep(0.01)
            server.send(message("workspace/symbol", {"query": "Order"}, server.next()))
            answered += server.answer_to(server.number)[1]
        assert all(count == 1 for number, count in answered.items() if number in asked)

    check()
    assert sent >= EXAMPLES * MESSAGES
    where = {"textDocument": {"uri": (server.root / "shop/rush.py").as_uri()}}
    server.send(message("textDocument/documentSymbol", where, server.next()))
    names = [each["name"] for each in server.answer_to(server.number)[0]["result"]]
    assert names == ["RushOrder"]
