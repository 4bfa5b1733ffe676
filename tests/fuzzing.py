"""A server over HTTP, asked what nobody would ask: by its own schema, and byte by byte."""

import json
import re
import socket
from typing import Any

import httpx
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.specs.openapi.checks import positive_data_acceptance

QUIET = {"suppress_health_check": list(HealthCheck), "phases": (Phase.explicit, Phase.reuse, Phase.generate)}

texts = st.text(max_size=20)
numbers = st.one_of(
    st.integers(-(10**40), 10**40), st.floats(), st.sampled_from([0, -1, 2**63, 2**64, 10**400, 1e-310, 1e308])
)
values = st.recursive(
    st.one_of(st.none(), st.booleans(), numbers, texts),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(texts, inner, max_size=3)),
    max_leaves=6,
)
FIELDS = ("model", "messages", "stream", "stream_options", "temperature", "top_p", "seed", "stop", "n", "tools", "x")
messages = st.lists(
    st.fixed_dictionaries({"role": st.sampled_from(["user", "system", "assistant", "robot"]), "content": values}),
    max_size=3,
)
bodies = st.builds(
    lambda fields, talk, most: {"messages": talk, "max_tokens": most} | fields,
    st.dictionaries(st.sampled_from(FIELDS), values, max_size=3),
    messages,
    st.one_of(st.just(2), numbers),
)
broken = st.one_of(
    st.binary(max_size=60),
    bodies.map(lambda body: json.dumps(body).encode()[:-1]),
    st.sampled_from(
        [
            b'{"messages": [{"role": "user", "content": "\\ud800"}]}',
            b'{"messages": [{"role": "user", "content": "\xff\xfe"}]}',
            b'{"messages": ' + b"[" * 5_000,
            b'{"max_tokens": ' + b"9" * 5_000 + b"}",
            b'{"messages": [{"role": "user", "content": "x"}], "temperature": NaN, "top_p": Infinity}',
            b"\xef\xbb\xbf{}",
        ]
    ),
)


def by_its_schema(url: str, token: str, examples: int) -> None:
    """Requests made out of the served schema, right and wrong ones: every answer is one that the schema tells of."""
    schema = schemathesis.openapi.from_url(f"{url}/openapi.json")
    for operation in schema.get_all_operations():

        @given(case=operation.ok().as_strategy())
        @settings(max_examples=examples, **QUIET)
        def ask(case: schemathesis.Case) -> None:
            if isinstance(case.body, dict):
                case.body["max_tokens"] = case.body["max_completion_tokens"] = 2
            # A conversation must end with a question and fit the model, which no schema can say.
            case.call_and_validate(
                headers={"Authorization": f"Bearer {token}"}, timeout=60, excluded_checks=[positive_data_acceptance]
            )

        ask()


def by_any_body(client: httpx.Client, examples: int) -> None:
    """Requests of any content: each is answered, or refused in OpenAI's error shape; none makes the server fail."""

    @given(content=st.one_of(bodies.map(lambda body: json.dumps(body).encode()), broken))
    @settings(max_examples=examples, **QUIET)
    def ask(content: bytes) -> None:
        reply = client.post("/v1/chat/completions", content=content)
        assert reply.status_code in {200, 400, 404, 413}, (content, reply.text)
        if reply.status_code != 200:
            assert reply.json()["error"]["message"]
        assert "Traceback" not in reply.text and "host_failed" not in reply.text and "model_failed" not in reply.text

    ask()


HEAD = "POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\n"
ODD_HEADS = [
    HEAD + "Content-Length: -1\r\n\r\n",
    HEAD + "Content-Length: 1e3\r\n\r\n",
    HEAD + f"Content-Length: {'9' * 5_000}\r\n\r\n",
    HEAD + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
    HEAD + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}",
    HEAD + "Transfer-Encoding: chunked\r\n\r\nzz\r\n",
    HEAD + "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n",
    HEAD + "X" * 100_000 + ": 1\r\n\r\n",
    HEAD + "Host: 127.0.0.1\r\n\r\n",
    "GET /health HTTP/1.1\r\n\r\n",
    "GET /health HTTP/9.9\r\nHost: 127.0.0.1\r\n\r\n",
    "GET http://evil.example/health HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    "GET /../../etc/passwd HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
    "\r\n\r\n\r\n",
    "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
]


def by_any_bytes(client: httpx.Client, examples: int) -> None:
    """Bytes that are no request, or an odd one: the connection is answered or closed, and others are still served."""
    port = client.base_url.port or 0

    @given(data=st.one_of(st.sampled_from(ODD_HEADS).map(lambda head: head.encode("latin-1")), st.binary(max_size=200)))
    @settings(max_examples=examples, **QUIET)
    def send(data: bytes) -> None:
        reply = exchanged(port, data)
        assert not reply.startswith(b"HTTP/1.1 5"), (data, reply)

    send()
    for head in ODD_HEADS:
        reply = exchanged(port, head.encode("latin-1"))
        assert not reply.startswith(b"HTTP/1.1 5"), (head, reply)
        assert b"root:" not in reply
    assert client.get("/health").json()["status"] == "ok"


def exchanged(port: int, data: bytes, wait: float = 1.0) -> bytes:
    """What comes back for bytes on a connection of their own, after which nothing more is sent."""
    with socket.create_connection(("127.0.0.1", port), timeout=wait) as connection:
        received = b""
        try:
            connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
            while part := connection.recv(65_536):
                received += part
        except OSError:
            pass
        return received


def pipelined(client: httpx.Client, token: str, body: dict[str, Any]) -> None:
    """Three requests in one go are answered in order, a wrong one among them."""
    content = json.dumps(body).encode()
    asked = f"{HEAD}Authorization: Bearer {token}\r\nContent-Length: {len(content)}\r\n\r\n".encode() + content
    health = b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    last = b"GET /nothing HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
    port = client.base_url.port or 0
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.sendall(health + asked + last)
        received = b""
        while part := connection.recv(65_536):
            received += part
    assert re.findall(rb"HTTP/1\.1 (\d+)", received) == [b"200", b"200", b"401"], received
