"""A run from launch to end, with a real detached process."""

import json
import os
import signal
import threading
import time
from pathlib import Path

import pytest
from tests.runs.run_bench import Bench, hand_made, wait_for

from codeanvil.contract import read_json_lines
from codeanvil.errors import RunError
from codeanvil.runs.control import resume, stop
from codeanvil.runs.follow import follow
from codeanvil.runs.run import find, newest, running
from codeanvil.settings import Settings, TrainSettings


def kinds(run) -> list[str]:
    return [event.kind for event in follow(run, poll_seconds=0.02)]


def test_a_launched_run_trains_detached_and_finishes(bench: Bench) -> None:
    run = bench.launch()
    assert kinds(run)[-1] == "finished"
    assert run.state == "finished"
    assert newest(bench.root, bench.settings).id == run.id
    progress = run.progress()
    assert (progress.step, progress.steps, progress.loss, progress.first_loss) == (5, 5, 0.6, 3.0)
    assert progress.validation_loss == progress.best_validation_loss == 0.5
    assert progress.trainable_parameters == 1000
    assert progress.phase == "finished"
    assert run.report["train"] == {"loss": 0.6}


def test_a_run_folder_holds_config_manifest_and_split_data(bench: Bench) -> None:
    run = bench.launch()
    wait_for(run, "finished")
    manifest = run.manifest
    assert manifest["id"] == run.id
    assert manifest["workspace"] == str(bench.root)
    assert manifest["code_revision"] == "revision1"
    assert manifest["data"] == {"train": 4, "validation": 1, "questions": 1, "kinds": {"where": 4}}
    assert run.config == bench.plan().config
    rows = list(read_json_lines(run.folder.train_data))
    assert rows[0] == {
        "id": "id0", "kind": "where", "subject": "Type0", "source": "src/a.py", "fact": "fact0",
        "instruction": "Where is Type0?", "input": "", "output": "In src/a.py, line 0.",
    }  # fmt: skip
    assert [row["id"] for row in read_json_lines(run.folder.validation_data)] == ["id9"]
    assert [row["question"] for row in read_json_lines(run.folder.questions)] == ["And where is Type1?"]


def test_the_process_has_a_session_of_its_own_and_low_priority(bench: Bench) -> None:
    bench.behave(steps=1000)
    run = bench.launch()
    assert any(event.kind == "started" for event in follow(run, poll_seconds=0.02))
    process = run.process
    assert os.getsid(process.pid) == process.pid
    assert process.nice() == 10
    assert process.ionice().value == 7
    autogroup = Path(f"/proc/{process.pid}/autogroup")
    if autogroup.exists():
        assert autogroup.read_text().endswith("nice 5\n")


def test_a_run_is_queued_until_the_trainer_holds_the_lock(bench: Bench) -> None:
    bench.behave(start_seconds=0.5)
    run = bench.launch()
    assert run.state == "queued"
    assert run.is_alive
    assert wait_for(run, "running", "finished") in {"running", "finished"}


def test_asking_for_the_state_never_takes_the_lock_from_the_trainer(bench: Bench) -> None:
    bench.behave(start_seconds=0.2, steps=3)
    run = bench.launch()
    while run.state != "finished":
        assert run.state in {"queued", "running", "finished"}, run.last_log_lines()


def test_of_runs_launched_at_one_moment_one_goes_and_the_others_wait_in_line(bench: Bench) -> None:
    bench.behave(steps=1000)
    threads = [threading.Thread(target=bench.launch) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(bench.runs) == 3
    deadline = time.monotonic() + 60
    while (found := sorted(run.state for run in bench.runs)) != ["queued", "queued", "running"]:
        assert time.monotonic() < deadline, found
        time.sleep(0.05)
    assert running(bench.root, bench.settings).state == "running"


def test_stop_leaves_a_checkpoint_and_resume_goes_on_from_it(bench: Bench) -> None:
    bench.behave(steps=60, step_seconds=0.02)
    run = bench.launch()
    for event in follow(run, poll_seconds=0.02):
        if event.kind == "step" and event.data["step"] == 3:
            break
    stop(run)
    assert run.state == "stopped"
    assert not run.folder.stop_request.exists()
    stopped_at = run.progress().step
    assert 3 <= stopped_at < 60

    bench.behave(steps=stopped_at + 4)
    resume(run, bench.settings)
    assert run.state in {"queued", "running"}
    assert kinds(run)[-1] == "finished"
    steps = [event.data["step"] for event in follow(run) if event.kind == "step"]
    assert steps == list(range(1, stopped_at + 5))


def test_a_run_stopped_before_it_began_is_stopped_not_crashed(bench: Bench) -> None:
    bench.behave(start_seconds=30)
    run = bench.launch()
    stop(run)
    assert run.state == "stopped"
    bench.behave()
    resume(run, bench.settings)
    assert wait_for(run, "finished", "crashed") == "finished"


def test_a_trainer_that_does_not_listen_is_killed(bench: Bench) -> None:
    bench.behave(steps=10_000, deaf=True)
    run = bench.launch()
    wait_for(run, "running")
    start = time.monotonic()
    stop(run, timeout=0.3)
    assert time.monotonic() - start < 5
    assert run.state == "stopped"
    assert not run.is_alive


def test_a_killed_trainer_is_a_crash_that_can_be_resumed(bench: Bench) -> None:
    bench.behave(steps=1000)
    run = bench.launch()
    wait_for(run, "running")
    os.kill(run.process.pid, signal.SIGKILL)
    assert wait_for(run, "crashed") == "crashed"
    bench.behave(steps=3)
    resume(run, bench.settings)
    assert wait_for(run, "finished") == "finished"


def test_a_trainer_that_cannot_start_is_a_crash_whose_log_says_why(bench: Bench) -> None:
    bench.behave(ending="cannot-import")
    run = bench.launch()
    assert kinds(run) == []
    assert run.state == "crashed"
    assert run.last_log_lines() == ["ModuleNotFoundError: No module named 'torch'"]


def test_a_resumed_run_that_dies_at_once_is_not_taken_for_its_earlier_end(bench: Bench) -> None:
    bench.behave(ending="failed")
    run = bench.launch()
    assert wait_for(run, "failed") == "failed"
    bench.behave(ending="cannot-import")
    resume(run, bench.settings)
    assert wait_for(run, "crashed", "failed") == "crashed"


def test_a_failed_run_says_why(bench: Bench) -> None:
    bench.behave(ending="failed")
    run = bench.launch()
    wait_for(run, "failed")
    assert run.progress().text == "The disk is full: free some space, then run `codeanvil resume`."


def test_a_finished_run_is_neither_resumed_nor_stopped(bench: Bench) -> None:
    run = bench.launch()
    wait_for(run, "finished")
    with pytest.raises(RunError, match="has finished: start a new one"):
        resume(run, bench.settings)
    with pytest.raises(RunError, match="not running, it is finished"):
        stop(run)


def test_an_interpreter_that_is_not_there_is_one_sentence_and_no_running_run(bench: Bench) -> None:
    bench.settings = Settings(train=TrainSettings(python=str(bench.root / "no-python")))
    with pytest.raises(RunError, match=r"cannot be started with .*no-python.*train\.python"):
        bench.launch()
    assert running(bench.root, bench.settings) is None


def test_a_folder_that_cannot_be_written_is_one_sentence(bench: Bench) -> None:
    (bench.root / "data").write_text("a file where the folder should be")
    bench.settings = bench.settings.model_copy(update={"data_dir": "data"})
    with pytest.raises(RunError, match=r"cannot be written .*data_dir"):
        bench.launch()


def test_following_ends_when_asked_and_leaves_the_run_alone(bench: Bench) -> None:
    bench.behave(steps=1000)
    run = bench.launch()
    flag = threading.Event()
    for event in follow(run, flag, poll_seconds=0.02):
        if event.kind == "step":
            flag.set()
    assert run.state == "running"


def test_a_number_that_another_process_bears_now_is_not_signalled(bench: Bench) -> None:
    run = hand_made(bench.root, bench.settings, "20260101-000000-aaaa")
    run.folder.process.write_text(json.dumps({"pid": os.getpid(), "created": 1.0, "started": 1.0}))
    assert run.process is None


def test_runs_are_found_by_a_beginning_that_only_one_has(bench: Bench) -> None:
    for name in ("20260101-000000-aaaa", "20260101-000000-bbbb", "20260202-000000-cccc"):
        hand_made(bench.root, bench.settings, name)
    assert find(bench.root, bench.settings, "202602").id == "20260202-000000-cccc"
    with pytest.raises(RunError, match="2 runs begin with '202601'"):
        find(bench.root, bench.settings, "202601")
    with pytest.raises(RunError, match="no run 'x'"):
        find(bench.root, bench.settings, "x")


def test_a_folder_whose_launch_was_cut_short_is_no_run(bench: Bench, tmp_path: Path) -> None:
    folder = bench.settings.data_folder(bench.root) / "runs" / "20260101-000000-aaaa"
    folder.mkdir(parents=True)
    assert bench.runs == []
