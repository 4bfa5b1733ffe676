"""A run that is killed again and again, also while it writes a checkpoint, is the run that nobody disturbed."""

import os
import random
import signal
import time

import pytest
import torch
from safetensors.torch import load_file

from codeanvil.contract import read_events
from codeanvil_trainer.errors import TrainerError
from codeanvil_trainer.training import checkpoint
from codeanvil_trainer.training import loop as train

KILLS = 10


def losses(folder):
    events, _ = read_events(folder)
    return {event.data["step"]: event.data["loss"] for event in events if event.kind == "step"}


def forked(work):
    """The process number of a copy of this process that does `work` and ends: no second import of torch."""
    child = os.fork()
    if child == 0:
        try:
            work()
        except BaseException:  # whatever it is, the copy must not go on into pytest
            os._exit(1)
        os._exit(0)
    return child


def killed_while_syncing(folder, *, resume, at):
    """Do the run in a copy of this process that kills itself in the middle of writing its checkpoint number `at`."""

    def work():
        written = 0
        usual = checkpoint._sync

        def sync(path):
            nonlocal written
            written += 1
            if written == at:
                os.kill(os.getpid(), signal.SIGKILL)
            usual(path)

        checkpoint._sync = sync
        train.run(folder, resume=resume)

    return os.waitpid(forked(work), 0)[1]


@pytest.fixture
def undisturbed(make_run):
    folder = make_run("undisturbed", epochs=6, save_every=3)
    train.run(folder, resume=False)
    return folder


def same(ours, theirs):
    one, other = (load_file(folder.adapter / "adapter_model.safetensors") for folder in (ours, theirs))
    return losses(ours) == losses(theirs) and all(torch.equal(one[name], other[name]) for name in other)


def test_ten_kills_at_random_moments_leave_the_run_as_it_would_have_been(make_run, undisturbed):
    chance = random.Random(7)
    folder = make_run("killed", epochs=6, save_every=3)
    killed = 0
    while killed < KILLS:
        resume = killed > 0
        child = forked(lambda resume=resume: train.run(folder, resume=resume))
        reached = len(read_events(folder)[0])
        while len(read_events(folder)[0]) <= reached + 3:  # it has loaded
            time.sleep(0.005)
        time.sleep(chance.uniform(0, 0.25))
        os.kill(child, signal.SIGKILL)
        killed += os.WIFSIGNALED(os.waitpid(child, 0)[1])
        assert not folder.adapter.exists(), "the moments are spread over a run that has not ended"
    assert train.run(folder, resume=True)
    assert same(folder, undisturbed)


def test_kills_in_the_middle_of_writing_a_checkpoint_leave_no_half_of_one(make_run, undisturbed):
    folder = make_run("killed", epochs=6, save_every=3)
    for attempt, at in enumerate((2, 1, 2, 3)):
        status = killed_while_syncing(folder, resume=attempt > 0, at=at)
        assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        assert list(folder.checkpoints.glob(".step-*.partial"))
        assert all(checkpoint.is_valid(path) for path in checkpoint.listed(folder))
    assert train.run(folder, resume=True)
    assert same(folder, undisturbed)
    assert not list(folder.checkpoints.glob(".step-*.partial"))


def test_a_disk_that_fills_up_leaves_the_earlier_checkpoint_to_go_on_from(make_run, undisturbed, monkeypatch):
    folder = make_run("full", epochs=6, save_every=3)
    usual, saved = checkpoint.save_weights, []

    def fails_later(model, path):
        saved.append(path)
        if len(saved) == 4:
            raise OSError(28, "No space left on device")
        usual(model, path)

    monkeypatch.setattr(checkpoint, "save_weights", fails_later)
    with pytest.raises(TrainerError, match=r"No space left on device.*codeanvil resume"):
        train.run(folder, resume=False)
    assert checkpoint.newest_valid(folder) is not None
    monkeypatch.undo()
    assert train.run(folder, resume=True)
    assert same(folder, undisturbed)
