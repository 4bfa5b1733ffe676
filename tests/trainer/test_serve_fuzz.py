"""The model host, asked what nobody would ask: with a real model behind it."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from tests import fuzzing
from tests.trainer.model_host import body, running

from codeanvil.contract import ServeConfig


@pytest.fixture(scope="module")
def client(taught: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    state_file = tmp_path_factory.mktemp("fuzzed-host") / "host.json"
    with running(ServeConfig(merged=taught, model_name="run-1", state_file=state_file, threads=1)) as client:
        yield client


def token_of(client: httpx.Client) -> str:
    return client.headers["Authorization"].removeprefix("Bearer ")


def test_its_own_schema_finds_nothing(client: httpx.Client) -> None:
    fuzzing.by_its_schema(str(client.base_url), token_of(client), examples=30)


def test_no_body_makes_it_fail(client: httpx.Client) -> None:
    fuzzing.by_any_body(client, examples=120)


def test_no_bytes_make_it_fail(client: httpx.Client) -> None:
    fuzzing.by_any_bytes(client, examples=40)


def test_pipelined_requests_are_answered_in_order(client: httpx.Client) -> None:
    fuzzing.pipelined(client, token_of(client), body(max_tokens=3))


@pytest.mark.parametrize("fields", [{"temperature": 1e-310}, {"temperature": 2, "top_p": 1e-300}, {"stop": [""] * 999}])
def test_odd_numbers_are_taken_as_they_are_meant(client: httpx.Client, fields: dict[str, object]) -> None:
    reply = client.post("/v1/chat/completions", json=body(max_tokens=3, **fields))
    assert reply.status_code == 200, reply.text
