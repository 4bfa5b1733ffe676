"""A host while the world changes: other weights, a GPU that others want or have taken, prompts that begin alike."""

import asyncio
import fcntl
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
import torch
import uvicorn
from tests.trainer.model_host import QUESTION, ask, body, error_of, read_state, running, stream, wait_for

from codeanvil.contract import ServeConfig
from codeanvil.http_contract import server_config
from codeanvil_trainer.answering import loading
from codeanvil_trainer.answering.writing import AnswerCancelledError, Writer
from codeanvil_trainer.errors import TrainerError
from codeanvil_trainer.serving import serve as serving
from codeanvil_trainer.serving.handover import is_training
from codeanvil_trainer.serving.host import Host

# Other weights


def test_other_weights_take_the_place_without_a_restart(
    tiny_base: Path, taught: Path, taught_answers: dict[str, str], tmp_path: Path
) -> None:
    config = ServeConfig(base_model=str(tiny_base), model_name="run-1", state_file=tmp_path / "host.json", threads=1)
    with running(config) as client:
        before = read_state(config)
        assert ask(client, model="run-1", max_tokens=40)["choices"][0]["message"]["content"] != taught_answers[QUESTION]
        reply = client.post("/load", json={"merged": str(taught), "model_name": "run-2"})
        assert (reply.status_code, reply.json()) == (200, {"model": "run-2"})
        assert ask(client, model="run-2")["choices"][0]["message"]["content"] == taught_answers[QUESTION]
        assert read_state(config) == before | {"model": "run-2"}
        old = client.post("/v1/chat/completions", json=body(model="run-1"))
        assert error_of(old, 404)["code"] == "model_not_found"
        for weights in ({"merged": str(tmp_path / "nothing")}, {"adapter": str(tmp_path)}):
            assert error_of(client.post("/load", json=weights), 409)["code"] == "cannot_swap"
        error_of(client.post("/load", json={"nonsense": 1}), 400)
        assert ask(client, model="run-2")["choices"][0]["message"]["content"] == taught_answers[QUESTION]
        assert error_of(httpx.post(f"{client.base_url}/load", json={}), 401)


# A GPU that others have or want, simulated at the device's edge


class Fails:
    """A writer whose device gives out."""

    def __init__(self, tokenizer: Any, error: Exception | None = None) -> None:
        self.tokenizer = tokenizer
        self.model = SimpleNamespace(
            config=SimpleNamespace(max_position_embeddings=512), device=SimpleNamespace(type="cuda")
        )
        self._error = error

    def write(self, _prompt: Any, on_text: Callable[[str], None], _cancelled: Any, **_: Any) -> Any:
        on_text("Begun ")
        raise self._error or AnswerCancelledError


@contextmanager
def hosted(server: uvicorn.Server) -> Iterator[threading.Thread]:
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        wait_for(lambda: server.started or not thread.is_alive(), 20)
        yield thread
    finally:
        server.should_exit = True
        thread.join(20)


def test_a_gpu_taken_by_another_program_while_answering_is_told_and_survived(tiny_tokenizer: Any) -> None:
    host = Host(Fails(tiny_tokenizer, torch.OutOfMemoryError("CUDA out of memory")), "run-1")
    server = uvicorn.Server(server_config(host.app("token")))
    server.config.port = 0
    with hosted(server):
        port = server.servers[0].sockets[0].getsockname()[1]
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers={"Authorization": "Bearer token"}) as client:
            error = error_of(client.post("/v1/chat/completions", json=body()), 503)
            assert error["code"] == "out_of_memory" and "other programs use it" in error["message"]
            chunks = stream(client)
            assert chunks[-1]["error"]["code"] == "out_of_memory"
            assert client.get("/health").json() == {"status": "ok", "active": 0}


def test_a_gpu_without_room_for_the_model_is_one_sentence(
    taught: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any, **__: Any) -> Any:
        raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr(loading, "load", full)
    with pytest.raises(TrainerError, match=r"no room for the model.*close them"):
        serving.serve(ServeConfig(merged=taught, state_file=tmp_path / "host.json"))


def test_the_gpu_is_handed_to_training(tiny_tokenizer: Any, tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    (runs / "20260101-000000-aaaa").mkdir(parents=True)
    lock = runs / "20260101-000000-aaaa" / "lock"
    lock.touch()
    assert not is_training(runs)
    config = ServeConfig(state_file=tmp_path / "host.json", runs=runs, idle_unload_seconds=100)
    sock = serving._listening_socket("127.0.0.1", 0)
    server = serving._Server(Fails(tiny_tokenizer), "token", config, sock)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[sock])))
    thread.start()
    try:
        state = json.loads(wait_for(lambda: config.state_file.exists() and config.state_file.read_text(), 20))
        with httpx.Client(base_url=state["url"], headers={"Authorization": "Bearer token"}) as client:
            assert error_of(client.post("/load", json={}), 409)["code"] == "cannot_swap", "two have no room on a GPU"
        with lock.open() as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            events = lock.with_name("events.jsonl")
            events.write_text('{"kind": "step"}\n{"kind": "waiting", "data": {"reason": "queue"}}\n')
            assert not is_training(runs), "it waits for its turn"
            events.write_text('{"kind": "step"}\n')
            assert is_training(runs)
            thread.join(20)
            assert not thread.is_alive()
        assert not config.state_file.exists()
    finally:
        server.should_exit = True
        thread.join(20)
        sock.close()


# Prompts that begin alike


def test_what_prompts_begin_with_alike_is_computed_once_and_changes_no_answer(taught: Path) -> None:
    model, tokenizer = loading.load("embedded", merged=taught)
    lengths: list[int] = []
    first_layer = next(module for name, module in model.named_modules() if name.endswith("layers.0"))
    first_layer.register_forward_pre_hook(
        lambda _, inputs, named: lengths.append((inputs[0] if inputs else named["hidden_states"]).shape[1]),
        with_kwargs=True,
    )

    def written(writer: Writer, prompt: list[int]) -> tuple[str, int]:
        lengths.clear()
        pieces: list[str] = []
        writer.write(prompt, pieces.append, threading.Event(), max_new_tokens=12)
        return "".join(pieces), lengths[0]

    system = tokenizer.encode("You answer about one workspace only, and briefly. " * 6, add_special_tokens=False)
    prompts = [
        system + tokenizer.encode(text, add_special_tokens=False) for text in (QUESTION, "Where is it?", QUESTION)
    ]
    kept = Writer(model, tokenizer)
    for number, prompt in enumerate(prompts):
        answer, computed = written(kept, prompt)
        assert answer == written(Writer(model, tokenizer), prompt)[0]
        assert computed == len(prompt) if number == 0 else computed <= len(prompt) - len(system) + 1
    answer, computed = written(kept, prompts[-1])
    assert computed == 1, "the same once more: only its last token"
    assert answer == written(Writer(model, tokenizer), prompts[-1])[0]


def test_an_answer_that_is_broken_off_leaves_nothing_behind(taught: Path) -> None:
    model, tokenizer = loading.load("embedded", merged=taught)
    writer, cancelled = Writer(model, tokenizer), threading.Event()
    prompt = tokenizer.encode(QUESTION, add_special_tokens=False)

    def stop(_: str) -> None:
        cancelled.set()

    with pytest.raises(AnswerCancelledError):
        writer.write(prompt, stop, cancelled, max_new_tokens=12)
    pieces: list[str] = []
    writer.write(prompt, pieces.append, threading.Event(), max_new_tokens=12)
    fresh: list[str] = []
    Writer(model, tokenizer).write(prompt, fresh.append, threading.Event(), max_new_tokens=12)
    assert pieces == fresh
