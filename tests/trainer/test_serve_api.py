"""The model host's API as clients meet it: a real process, real HTTP, a model whose answers are known."""

import json
import stat
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest
from tests.trainer.model_host import QUESTION, ask, body, error_of, read_state, running, stream, text_of

from codeanvil.contract import ServeConfig
from codeanvil.http_contract import MAX_BODY_BYTES
from codeanvil_trainer.errors import TrainerError
from codeanvil_trainer.serving.serve import serve


@pytest.fixture(scope="module")
def config(taught: Path, tmp_path_factory: pytest.TempPathFactory) -> ServeConfig:
    folder = tmp_path_factory.mktemp("host")
    return ServeConfig(merged=taught, model_name="run-1", state_file=folder / "host.json", threads=1)


@pytest.fixture(scope="module")
def client(config: ServeConfig) -> Iterator[httpx.Client]:
    with running(config) as client:
        yield client


def test_an_answer_has_openais_shape(client: httpx.Client, taught_answers: dict[str, str]) -> None:
    found = ask(client, model="run-1")
    assert found["object"] == "chat.completion"
    assert found["model"] == "run-1"
    assert found["choices"] == [
        {
            "index": 0,
            "message": {"role": "assistant", "content": taught_answers[QUESTION]},
            "logprobs": None,
            "finish_reason": "stop",
        }
    ]
    usage = found["usage"]
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"]
    assert usage["prompt_tokens"] > 5 < usage["completion_tokens"]


def test_a_stream_has_openais_chunks_and_whole_characters(client: httpx.Client, taught_answers: dict[str, str]) -> None:
    chunks = stream(client, stream_options={"include_usage": True})
    assert chunks[-1] == "[DONE]"
    assert text_of(chunks) == taught_answers[QUESTION]
    assert len(chunks) > 10
    assert not any("\N{REPLACEMENT CHARACTER}" in json.dumps(chunk, ensure_ascii=False) for chunk in chunks)
    assert {chunk["object"] for chunk in chunks[:-1]} == {"chat.completion.chunk"}
    assert len({chunk["id"] for chunk in chunks[:-1]}) == 1
    assert chunks[0]["choices"][0]["delta"] == {"role": "assistant", "content": ""}
    assert chunks[-3]["choices"][0]["finish_reason"] == "stop"
    assert chunks[-2]["choices"] == []
    assert chunks[-2]["usage"] == ask(client)["usage"]


def test_usage_is_streamed_only_on_request(client: httpx.Client) -> None:
    assert not any("usage" in chunk for chunk in stream(client)[:-1])


def test_max_tokens_ends_an_answer(client: httpx.Client, taught_answers: dict[str, str]) -> None:
    found = ask(client, max_tokens=3)
    assert found["choices"][0]["finish_reason"] == "length"
    assert found["usage"]["completion_tokens"] == 3
    assert taught_answers[QUESTION].startswith(found["choices"][0]["message"]["content"])


@pytest.mark.parametrize("stop", [":", [":", "never"], [" files:"]])
def test_a_stop_sequence_ends_an_answer_before_itself(
    client: httpx.Client, taught_answers: dict[str, str], stop: str | list[str]
) -> None:
    expected = taught_answers[QUESTION].partition(stop if isinstance(stop, str) else stop[0])[0]
    found = ask(client, stop=stop)
    assert found["choices"][0]["message"]["content"] == expected
    assert found["choices"][0]["finish_reason"] == "stop"
    assert found["usage"]["completion_tokens"] < ask(client)["usage"]["completion_tokens"]
    assert text_of(stream(client, stop=stop)) == expected


def test_content_in_parts_and_fields_without_effect_are_taken(
    client: httpx.Client, taught_answers: dict[str, str]
) -> None:
    parts = [{"type": "text", "text": QUESTION[:9]}, {"type": "text", "text": QUESTION[9:]}]
    request = {"messages": [{"role": "user", "content": parts}], "user": "me", "max_tokens": None, "stop": None}
    response = client.post("/v1/chat/completions", json=request)
    assert response.json()["choices"][0]["message"]["content"] == taught_answers[QUESTION]


def test_models_lists_the_one_model(client: httpx.Client) -> None:
    models = client.get("/v1/models").json()
    assert models["object"] == "list"
    assert [model["id"] for model in models["data"]] == ["run-1"]


def test_health_needs_no_token(client: httpx.Client) -> None:
    assert httpx.get(f"{client.base_url}/health").json() == {"status": "ok", "active": 0}


# Refusals


@pytest.mark.parametrize("given", [None, "Bearer wrong", "Bearer", "Basic x", "Bearer ünïcode"])
def test_without_the_token_nothing_is_answered(client: httpx.Client, given: str | None) -> None:
    headers = {} if given is None else {"Authorization": given.encode()}
    for path in ("/v1/models", "/v1/chat/completions", "/elsewhere"):
        response = httpx.get(f"{client.base_url}{path}", headers=headers)
        assert error_of(response, 401)["code"] == "invalid_api_key"
        assert response.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("name", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "", "localhost.x"])
def test_a_name_made_to_point_here_is_refused(client: httpx.Client, name: str) -> None:
    for path in ("/v1/models", "/health"):
        assert error_of(client.get(path, headers={"Host": name}), 400)["code"] == "wrong_host"


@pytest.mark.parametrize("name", ["localhost", "LOCALHOST:1234", "127.0.0.1", "[::1]:8000"])
def test_names_of_loopback_are_taken(client: httpx.Client, name: str) -> None:
    assert client.get("/v1/models", headers={"Host": name}).status_code == 200


def test_other_origins_get_no_cors_headers(client: httpx.Client) -> None:
    response = client.get("/v1/models", headers={"Origin": "https://evil.example"})
    assert not [name for name in response.headers if name.startswith("access-control")]
    preflight = client.options("/v1/chat/completions", headers={"Origin": "https://evil.example"})
    assert error_of(preflight, 405)


@pytest.mark.parametrize(
    ("content", "param"),
    [
        (b"", None),
        (b"{", None),
        (b"[]", None),
        (b"{}", "messages"),
        (b'{"messages": []}', "messages"),
        (b'{"messages": [{"role": "robot", "content": "x"}]}', "messages.0.role"),
        (json.dumps(body(temperature=3)).encode(), "temperature"),
        (json.dumps(body(max_tokens=0)).encode(), "max_tokens"),
        (json.dumps(body(n=2)).encode(), "n"),
        (json.dumps(body(tools=[{"type": "function"}])).encode(), "tools"),
        (b'{"messages": [{"role": "user", "content": [{"type": "image_url"}]}]}', None),
        (b'{"messages": [{"role": "user", "content": "\xff"}]}', None),
    ],
)
def test_a_bad_request_names_the_field(client: httpx.Client, content: bytes, param: str | None) -> None:
    error = error_of(client.post("/v1/chat/completions", content=content), 400)
    assert error["type"] == "invalid_request_error"
    assert param is None or error["param"] == param


def test_messages_longer_than_the_context_are_refused(client: httpx.Client) -> None:
    response = client.post("/v1/chat/completions", json=body("word " * 600))
    assert error_of(response, 400)["code"] == "context_length_exceeded"


def test_another_model_and_another_path_are_not_found(client: httpx.Client) -> None:
    response = client.post("/v1/chat/completions", json=body(model="gpt-4"))
    assert error_of(response, 404)["code"] == "model_not_found"
    error_of(client.get("/v1/nothing"), 404)
    error_of(client.get("/v1/chat/completions"), 405)


def test_a_body_too_large_is_refused_declared_or_not(client: httpx.Client) -> None:
    large = b" " * (MAX_BODY_BYTES + 1)
    error_of(client.post("/v1/chat/completions", content=large), 413)
    parts = (large[at : at + 65536] for at in range(0, len(large), 65536))
    error_of(client.post("/v1/chat/completions", content=parts), 413)


def test_the_state_file_is_for_its_owner_only(client: httpx.Client, config: ServeConfig) -> None:
    state = read_state(config)
    assert set(state) == {"url", "token", "pid", "model"}
    assert stat.S_IMODE(config.state_file.stat().st_mode) == 0o600
    assert state["model"] == "run-1"
    assert psutil.pid_exists(state["pid"])
    assert len(state["token"]) >= 32
    listening = [
        c.laddr for c in psutil.Process(state["pid"]).net_connections("inet") if c.status == psutil.CONN_LISTEN
    ]
    assert [address.ip for address in listening] == ["127.0.0.1"]


def test_a_port_in_use_is_one_sentence(taught: Path, client: httpx.Client, tmp_path: Path) -> None:
    with pytest.raises(TrainerError, match="Use port 0"):
        serve(ServeConfig(merged=taught, port=client.base_url.port, state_file=tmp_path / "host.json"))
