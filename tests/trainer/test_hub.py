"""Base models from the hub: fetched once, with progress, and one sentence where that cannot be."""

import socket
from pathlib import Path

import huggingface_hub.constants as constants
import pytest
from tests.trainer.hub import serving

from codeanvil_trainer import models
from codeanvil_trainer.errors import TrainerError
from codeanvil_trainer.models import hub

NAME = "somebody/tiny-coder"


@pytest.fixture(autouse=True)
def _a_cache_of_its_own(tmp_path, monkeypatch):
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)


@pytest.fixture
def server(tiny_base, monkeypatch):
    with serving(NAME, tiny_base) as server:
        monkeypatch.setattr(hub, "endpoint", lambda: f"http://127.0.0.1:{server.server_port}")
        yield server


def test_a_model_is_fetched_once_with_progress_and_then_used_without_the_hub(server, tiny_base, monkeypatch):
    told = []
    folder = hub.folder_of(NAME, told.append)
    assert told[0].startswith(f"fetching {NAME}: ") and told[0].endswith(" GB")
    asked = len(server.asked)
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    assert models.load_tokenizer(NAME).chat_template == models.load_tokenizer(str(tiny_base)).chat_template
    assert models.resolve_base(NAME) == folder
    assert models.load_base(NAME, quantize=False).config.hidden_size == 64
    assert len(server.asked) == asked


def test_a_model_the_hub_has_not_is_one_sentence(server):
    with pytest.raises(TrainerError, match=r"^The hub gives no model no/such: .*--base-model embedded.*\.$"):
        hub.folder_of("no/such")


def test_an_unreachable_hub_is_one_sentence_with_the_way_out(monkeypatch):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"  # bound and not listening: refused at once
        monkeypatch.setattr(hub, "endpoint", lambda: address)
        with pytest.raises(TrainerError) as caught:
            models.load_tokenizer(NAME)
    text = str(caught.value)
    assert text.startswith(f"The base model {NAME} cannot be fetched from {address} (")
    assert "--base-model PATH" in text and "--base-model embedded" in text and "\n" not in text


def test_offline_nothing_is_asked_for(server, monkeypatch):
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(TrainerError, match="HF_HUB_OFFLINE forbids"):
        models.load_base(NAME, quantize=False)
    assert server.asked == []


@pytest.mark.parametrize("name", ["two words", "a/b/c", "-"])
def test_what_can_be_no_name_is_told(name):
    with pytest.raises(TrainerError, match="is no Hugging Face name"):
        hub.folder_of(name)


def test_a_connection_that_breaks_is_taken_up_where_it_was(server, tiny_base, monkeypatch):
    monkeypatch.setattr(constants, "DOWNLOAD_CHUNK_SIZE", 10_000)  # what is whole of these is kept
    server.cuts = 1
    folder = hub.folder_of(NAME)
    assert any(part == "bytes=50000-" for _, _, part in server.asked)
    assert Path(folder, "model.safetensors").read_bytes() == (tiny_base / "model.safetensors").read_bytes()


def test_after_a_fetch_that_failed_whole_files_are_not_fetched_again(server):
    server.cuts = 100
    with pytest.raises(TrainerError, match="files that are whole are kept"):
        hub.folder_of(NAME)
    server.cuts = 0
    server.asked.clear()
    hub.folder_of(NAME)
    got = {path.rpartition("/")[2] for method, path, _ in server.asked if method == "GET" and "/resolve/" in path}
    assert "model.safetensors" in got and "config.json" not in got
