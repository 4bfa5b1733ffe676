"""`codeanvil serve`, asked what nobody would ask."""

import socket
import time

import pytest
from tests import fuzzing
from tests.answers.serving import TOKEN, body, serving

from codeanvil import http_contract
from codeanvil.settings import AnswerSettings, Settings


@pytest.fixture(scope="module")
def client(harbour_root):
    with serving(harbour_root, Settings(answers=AnswerSettings(model="off"))) as client:
        yield client


def test_its_own_schema_finds_nothing(client) -> None:
    fuzzing.by_its_schema(str(client.base_url), TOKEN, examples=40)


def test_no_body_makes_it_fail(client) -> None:
    fuzzing.by_any_body(client, examples=150)


def test_no_bytes_make_it_fail(client) -> None:
    fuzzing.by_any_bytes(client, examples=60)


def test_pipelined_requests_are_answered_in_order(client) -> None:
    fuzzing.pipelined(client, TOKEN, body("Where is Ferry defined?"))


def test_those_who_never_finish_their_request_are_let_go(harbour_root, monkeypatch) -> None:
    monkeypatch.setattr(http_contract, "PATIENCE_SECONDS", 0.3)
    with serving(harbour_root, Settings(answers=AnswerSettings(model="off"))) as client:
        port = client.base_url.port
        slow = [socket.create_connection(("127.0.0.1", port), timeout=20) for _ in range(20)]
        head = fuzzing.HEAD + f"Authorization: Bearer {TOKEN}\r\nContent-Length: 100\r\n\r\n{{"
        for number, connection in enumerate(slow):
            connection.sendall(b"GET /health HTTP/1.1\r\nHo" if number % 2 else head.encode())
        assert client.get("/health").status_code == 200, "others are served meanwhile"
        ends = [connection.recv(65_536) for connection in slow]
        assert all(end == b"" if number % 2 else b" 408 " in end for number, end in enumerate(ends))
        for connection in slow:
            connection.close()
        kept = socket.create_connection(("127.0.0.1", port), timeout=20)
        kept.sendall(b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert kept.recv(65_536).startswith(b"HTTP/1.1 200")
        kept.sendall(b"GET /hea")  # a second request that never ends
        start = time.monotonic()
        while kept.recv(65_536):
            pass
        assert time.monotonic() - start < 15
        kept.close()
