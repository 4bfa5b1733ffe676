"""Models over real HTTP: any OpenAI-compatible server, and the built-in host found or started."""

import fcntl
import json
import os
import shutil
import time
from pathlib import Path

import psutil
import pytest
from tests.answers.scripted_server import ScriptedServer
from tests.checkout import REPOSITORY, as_interpreter, import_path

from codeanvil.answers.ask import ask
from codeanvil.answers.models.host import ModelHost, ServerWriter, writer_for
from codeanvil.contract import RunConfig
from codeanvil.errors import ModelError
from codeanvil.runs.active import promote
from codeanvil.runs.run import find
from codeanvil.settings import AnswerSettings, Settings, TrainSettings

FAKE_HOST = Path(__file__).with_name("fake_host.py")


def server_settings(server: ScriptedServer, seconds: float = 10) -> Settings:
    return Settings(answers=AnswerSettings(server_url=server.url, timeout_seconds=seconds))


def test_a_server_writes_a_checked_answer(harbour):
    with ScriptedServer("`Ferry` derives from `Vessel`.") as server:
        answer = ask("What does Ferry inherit from?", harbour, ServerWriter(server_settings(server)))
    assert (answer.model, answer.notice) == ("scripted", "")
    (request,) = server.requests
    assert request["stream"] is True
    assert request["messages"][0]["content"].startswith("What does Ferry inherit from?\n\nFacts:\n")


def test_what_a_lying_server_invents_is_struck_or_replaced(harbour):
    lies = {
        "What does Ferry inherit from?": "`Ferry` derives from `Hovercraft`.",
        "Where is Ferry defined?": "`Ferry` is defined in `core/ferry.py`.",
        "What methods does BerthPlanner have?": "`BerthPlanner` has the methods `assign`, `release` and `bribe`.",
        "What is Ferry for?": "`Ferry` carries passengers on a timetable and uses `TicketPrinter` and `Vessel`.",
    }
    with ScriptedServer(lambda message: lies[message.partition("\n")[0]]) as server:
        answers = {question: ask(question, harbour, ServerWriter(server_settings(server))) for question in lies}
    assert "`Vessel`" in answers["What does Ferry inherit from?"].answer
    assert "core/vessel.py" in answers["Where is Ferry defined?"].answer
    assert "~~`bribe`~~" in answers["What methods does BerthPlanner have?"].answer
    assert "~~`TicketPrinter`~~" in answers["What is Ferry for?"].answer
    for answer in answers.values():
        for part in answer.answer.split("~~")[::2]:
            assert not any(lie in part for lie in ("Hovercraft", "core/ferry.py", "bribe", "TicketPrinter"))


def test_cancel_closes_the_stream_at_once(harbour):
    pieces: list[float] = []
    with ScriptedServer("word " * 2000, pause=0.02) as server:
        writer = ServerWriter(server_settings(server, seconds=60))
        writer.write("?", "", lambda _: pieces.append(time.monotonic()), lambda: len(pieces) >= 3)
        assert time.monotonic() - pieces[2] < 2  # the machine may be busy; the watch itself is every 50 ms
        assert server.left.wait(5)


def test_a_slow_model_is_left_after_the_time_out(harbour):
    with ScriptedServer("word " * 400, pause=0.05) as server:
        answer = ask("What is Ferry for?", harbour, ServerWriter(server_settings(server, seconds=0.3)))
    assert answer.model is None
    assert "passengers" in answer.answer
    assert "timeout_seconds" in answer.notice


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"status": 500}, "Out of memory"),
        ({"raw": b"<html>"}, "OpenAI protocol"),
        ({"raw": b"[1, 2]"}, "OpenAI protocol"),
        ({"raw": b'{"error": {"message": "Overloaded."}}'}, "Overloaded"),
    ],
)
def test_a_broken_server_leaves_the_facts_and_a_sentence(harbour, change, words):
    with ScriptedServer("x") as server:
        for name, value in change.items():
            setattr(server, name, value)
        answer = ask("What is Ferry for?", harbour, ServerWriter(server_settings(server)))
    assert answer.model is None
    assert "passengers" in answer.answer
    assert words in answer.notice


def test_a_server_that_is_not_there_leaves_the_facts(harbour):
    settings = Settings(answers=AnswerSettings(server_url="http://127.0.0.1:9", timeout_seconds=5))
    answer = ask("What is Ferry for?", harbour, ServerWriter(settings))
    assert "127.0.0.1:9" in answer.notice
    assert "passengers" in answer.answer


def test_no_writer_where_models_are_off_or_none_is_trained(tmp_path):
    assert writer_for(tmp_path, Settings(answers=AnswerSettings(model="off", server_url="http://x"))) is None
    assert writer_for(tmp_path, Settings()) is None
    assert isinstance(writer_for(tmp_path, Settings(answers=AnswerSettings(server_url="http://x"))), ServerWriter)


@pytest.fixture
def trained(tmp_path, monkeypatch):
    """A workspace with two runs, the first in use, and a host without a model."""
    monkeypatch.setenv("PYTHONPATH", import_path(REPOSITORY))
    trainer = as_interpreter(FAKE_HOST, tmp_path / "fake_host")
    root = tmp_path / "workspace"
    settings = Settings(train=TrainSettings(python=str(trainer)), answers=AnswerSettings(timeout_seconds=90))
    for run_id in ("20260101-000000-aaaa", "20260102-000000-bbbb"):
        folder = root / ".codeanvil" / "runs" / run_id
        (folder / "merged").mkdir(parents=True)
        (folder / "manifest.json").write_text(json.dumps({"id": run_id, "code_revision": f"rev-{run_id[-4:]}"}))
        (folder / "config.json").write_text(RunConfig().model_dump_json())
    promote(root, settings, find(root, settings, "20260101"), "Test.")
    yield root, settings
    for process in psutil.process_iter(["cmdline"]):
        if any(str(tmp_path) in word for word in process.info["cmdline"] or ()):
            process.kill()
    shutil.rmtree(root, ignore_errors=True)


def test_the_host_is_started_once_and_shared(trained):
    root, settings = trained
    first, second = ModelHost(root, settings), ModelHost(root, settings)
    assert first.write("hello", "") == "20260101-000000-aaaa says hello"
    assert second.write("again", "") == "20260101-000000-aaaa says again"
    assert first.running() == second.running()
    assert (first.name, first.revision) == ("20260101-000000-aaaa", "rev-aaaa")


def test_another_run_in_use_is_swapped_in_without_a_restart_where_the_host_can(trained):
    root, settings = trained
    (root / "swaps").touch()
    host = ModelHost(root, settings)
    host.write("hello", "")
    before = host.running()
    promote(root, settings, find(root, settings, "20260102"), "Better.")
    assert host.write("hello", "") == "20260102-000000-bbbb says hello"
    after = host.running()
    assert (after.pid, after.url, after.model) == (before.pid, before.url, "20260102-000000-bbbb")
    assert ModelHost(root, settings).write("again", "") == "20260102-000000-bbbb says again"


def test_while_the_gpu_is_trained_on_the_facts_answer_and_after_it_the_model_again(trained, harbour):
    root, settings = trained
    training = root / ".codeanvil" / "runs" / "20260102-000000-bbbb"
    (training / "manifest.json").write_text(json.dumps({"id": training.name, "device": "GPU-0"}))
    (training / "process.json").write_text(json.dumps({"pid": os.getpid(), "started": 0, "device": "GPU-0"}))
    with (training / "log.txt").open("w") as log, (training / "lock").open("w") as lock:
        fcntl.flock(log, fcntl.LOCK_EX)
        fcntl.flock(lock, fcntl.LOCK_EX)
        answer = ask("What is Ferry for?", harbour, ModelHost(root, settings))
        assert answer.model is None and "passengers" in answer.answer
        assert "is being trained on the GPU" in answer.notice
    assert ModelHost(root, settings).write("hello", "") == "20260101-000000-aaaa says hello"


def test_another_run_in_use_replaces_the_host(trained):
    root, settings = trained
    host = ModelHost(root, settings)
    host.write("hello", "")
    before = host.running()
    promote(root, settings, find(root, settings, "20260102"), "Better.")
    assert host.write("hello", "") == "20260102-000000-bbbb says hello"
    assert not psutil.pid_exists(before.pid)


def test_a_state_file_of_a_dead_or_foreign_process_is_not_trusted(trained):
    root, settings = trained
    host = ModelHost(root, settings)
    state = {"url": "http://127.0.0.1:9", "token": "t", "pid": os.getpid(), "model": "20260101-000000-aaaa"}
    (root / ".codeanvil" / "host.json").write_text(json.dumps(state))
    assert host.running() is None
    assert host.write("hello", "") == "20260101-000000-aaaa says hello"


def test_a_host_that_cannot_load_is_told_with_its_last_words(trained):
    root, settings = trained
    (root / "broken").touch()
    with pytest.raises(ModelError, match="no such weights"):
        ModelHost(root, settings).write("hello", "")


def test_a_host_that_loads_too_long_goes_on_loading_for_the_next_question(trained):
    root, settings = trained
    (root / "slow").touch()
    hasty = settings.model_copy(update={"answers": AnswerSettings(timeout_seconds=0.01)})  # over when it is launched
    with pytest.raises(ModelError, match="still loading"):
        ModelHost(root, hasty).write("hello", "")
    started = (root / ".codeanvil" / "host.pid").read_text()
    assert ModelHost(root, settings).write("hello", "") == "20260101-000000-aaaa says hello"
    assert (root / ".codeanvil" / "host.pid").read_text() == started


def test_cancel_while_the_host_loads_returns_nothing(trained):
    root, settings = trained
    (root / "slow").touch()
    host = ModelHost(root, settings)
    assert host.write("hello", "", None, (root / ".codeanvil" / "host.pid").exists) == ""


def test_stop_gives_the_memory_back(trained):
    root, settings = trained
    host = ModelHost(root, settings)
    host.write("hello", "")
    pid = host.running().pid
    host.stop()
    assert host.running() is None
    assert not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def test_no_trained_model_is_told(tmp_path):
    with pytest.raises(ModelError, match="codeanvil train"):
        ModelHost(tmp_path, Settings()).write("hello", "")
