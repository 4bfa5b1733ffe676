"""The model host's process: one answer at a time, ends with its client, when idle, when told."""

import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from tests.trainer.model_host import ENVIRONMENT, ask, body, client_of, command, error_of, read_state, running, wait_for

from codeanvil.contract import ServeConfig
from codeanvil_trainer.errors import TrainerError
from codeanvil_trainer.serving.host import QUEUE_LIMIT
from codeanvil_trainer.serving.serve import serve

LONG_CONTEXT = 32768
BREAKING_OFF_SHARE = 1 / 50
"""A long answer takes 20 s and more here, breaking it off less than 0.2 s; on a busy machine both take longer."""


@pytest.fixture(scope="module")
def slow_base(tiny_base: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that never ends an answer before its long context does."""
    folder = tmp_path_factory.mktemp("slow")
    for path in tiny_base.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    for name in ("config.json", "generation_config.json"):
        values = json.loads((folder / name).read_text())
        values |= {"max_position_embeddings": LONG_CONTEXT} if name == "config.json" else {"eos_token_id": None}
        (folder / name).write_text(json.dumps(values))
    return folder


@pytest.fixture(scope="module")
def slow(slow_base: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    state_file = tmp_path_factory.mktemp("slow-host") / "host.json"
    with running(ServeConfig(base_model=str(slow_base), state_file=state_file, threads=1)) as client:
        yield client


def test_temperature_samples_and_a_seed_repeats(slow: httpx.Client) -> None:
    def answer(**fields: Any) -> str:
        return str(ask(slow, max_tokens=20, **fields)["choices"][0]["message"]["content"])

    assert answer(temperature=1.5, seed=1) == answer(temperature=1.5, seed=1) != answer(temperature=1.5, seed=2)
    assert answer() == answer(temperature=0) != answer(temperature=1.5, seed=1)


def active(client: httpx.Client) -> int:
    return int(client.get("/health").json()["active"])


def seconds_until_idle(client: httpx.Client) -> float:
    start = time.monotonic()
    wait_for(lambda: active(client) == 0)
    return time.monotonic() - start


@contextmanager
def long_answer(client: httpx.Client) -> Iterator[None]:
    """A long answer is being written; its client goes at the end."""
    request = body(stream=True, max_tokens=LONG_CONTEXT)
    with client.stream("POST", "/v1/chat/completions", json=request) as response:
        lines = response.iter_lines()  # kept: dropping it closes the connection
        next(lines)
        yield


def whole_answer_seconds(client: httpx.Client) -> float:
    """About how long the long answer takes."""
    start = time.monotonic()
    ask(client, max_tokens=400)
    return (time.monotonic() - start) * LONG_CONTEXT / 400


def test_a_stream_stops_when_its_client_goes(slow: httpx.Client) -> None:
    whole = whole_answer_seconds(slow)
    with long_answer(slow):
        assert active(slow) == 1
    assert seconds_until_idle(slow) < whole * BREAKING_OFF_SHARE


def test_an_answer_without_streaming_stops_when_its_client_goes(slow: httpx.Client) -> None:
    whole = whole_answer_seconds(slow)
    with pytest.raises(httpx.ReadTimeout):
        slow.post("/v1/chat/completions", json=body(max_tokens=LONG_CONTEXT), timeout=0.5)
    assert seconds_until_idle(slow) < whole * BREAKING_OFF_SHARE


def test_requests_wait_their_turn_and_too_many_are_refused(slow: httpx.Client) -> None:
    results: list[int] = []

    def short() -> None:
        response = slow.post("/v1/chat/completions", json=body(max_tokens=5))
        if response.status_code == 503:
            assert error_of(response, 503)["code"] == "overloaded"
            assert response.headers["retry-after"]
        results.append(response.status_code)

    others = [threading.Thread(target=short) for _ in range(QUEUE_LIMIT + 4)]
    with long_answer(slow):
        for thread in others:
            thread.start()
        wait_for(lambda: len(results) == 5 and active(slow) == QUEUE_LIMIT)
    for thread in others:
        thread.join()
    assert results == [503] * 5 + [200] * (QUEUE_LIMIT - 1)


# The process


def test_the_host_outlives_its_parent_and_breaks_answers_off_when_told_to_end(slow_base: Path, tmp_path: Path) -> None:
    config = ServeConfig(base_model=str(slow_base), state_file=tmp_path / "host.json", threads=1)
    parent = "import subprocess, sys; print(subprocess.Popen(sys.argv[1:], start_new_session=True, stdout=2).pid)"
    parent_command = [sys.executable, "-c", parent, *command(config)]
    done = subprocess.run(parent_command, env=ENVIRONMENT, check=True, stdout=subprocess.PIPE)
    process = psutil.Process(int(done.stdout))
    answers: list[httpx.Response] = []

    def talk() -> None:
        with client_of(state) as other:
            answers.append(other.post("/v1/chat/completions", json=body(max_tokens=LONG_CONTEXT)))

    try:
        state = read_state(config)
        assert state["pid"] == process.pid
        process.send_signal(signal.SIGHUP)
        thread = threading.Thread(target=talk)
        with client_of(state) as client:
            thread.start()
            wait_for(lambda: active(client) == 1)
        config.state_file.write_text("{}")
        process.terminate()
        process.wait(30)
        thread.join()
    finally:
        if process.is_running():
            process.kill()
    assert error_of(answers[0], 503)["code"] == "shutting_down"
    assert config.state_file.read_text() == "{}", "the file of another host is not ours to remove"


def test_a_busy_host_stays_and_an_idle_one_ends_with_its_state_file(slow_base: Path, tmp_path: Path) -> None:
    idle = 3
    config = ServeConfig(
        base_model=str(slow_base), state_file=tmp_path / "host.json", idle_unload_seconds=idle, threads=1
    )
    with subprocess.Popen(command(config), env=ENVIRONMENT) as process:
        with client_of(read_state(config)) as client, long_answer(client):
            time.sleep(idle + 1)
            assert active(client) == 1
        left = time.monotonic()
        assert process.wait(30) == 0
        assert time.monotonic() - left > idle - 0.5
    assert not config.state_file.exists()


@pytest.mark.parametrize("name", ["0.0.0.0", "192.0.2.1", "example.org"])
def test_only_loopback_is_served(taught: Path, tmp_path: Path, name: str) -> None:
    with pytest.raises(TrainerError, match=r"use 127\.0\.0\.1"):
        serve(ServeConfig(merged=taught, host=name, state_file=tmp_path / "host.json"))


def test_an_adapter_of_another_template_is_not_served(taught: Path, tiny_base: Path, tmp_path: Path) -> None:
    (tmp_path / "codeanvil.json").write_text(json.dumps({"template_sha256": "0" * 64, "base_model": str(tiny_base)}))
    config = ServeConfig(base_model=str(tiny_base), adapter=tmp_path, state_file=tmp_path / "host.json")
    with pytest.raises(TrainerError, match="another chat template"):
        serve(config)
    assert not config.state_file.exists()
