"""Two processes on one run are the run of one process, to rounding."""

import subprocess
import sys

import pytest
import torch

from codeanvil.contract import read_events
from codeanvil_trainer.training import checkpoint
from codeanvil_trainer.training import loop as train
from codeanvil_trainer.training.parallel import ALONE, Group

PLAIN = {"r": 8, "alpha": 16, "dropout": 0}


def losses(folder):
    return [event.data["loss"] for event in read_events(folder)[0] if event.kind == "step"]


def events(folder, kind):
    return [event.data for event in read_events(folder)[0] if event.kind == kind]


def together(folder, *arguments):
    """Train with two processes, as torchrun (and `accelerate launch`, by the same environment) starts them."""
    command = [sys.executable, "-m", "torch.distributed.run", "--nproc-per-node", "2", "--master-port", "0"]
    command += ["--rdzv-backend", "c10d", "--rdzv-endpoint", "127.0.0.1:0", "-m", "codeanvil_trainer", "train"]
    done = subprocess.run(
        [*command, str(folder.path), *arguments], capture_output=True, text=True, timeout=250, check=False
    )
    assert done.returncode == 0, done.stderr[:3000]


def test_two_processes_have_the_losses_of_one(make_run):
    values = {"epochs": 2, "micro_batch_rows": 2, "accumulate": 2, "lora": PLAIN}
    one, two = make_run("one", **values), make_run("two", **values)
    train.run(one, resume=False)
    together(two)
    assert events(two, "started")[0]["processes"] == 2, "and not one process twice"
    assert losses(two) == pytest.approx(losses(one), rel=1e-4)
    assert [event["loss"] for event in events(two, "validation")] == pytest.approx(
        [event["loss"] for event in events(one, "validation")], rel=1e-3
    )
    assert [event.kind for event in read_events(two)[0]].count("finished") == 1
    assert (two.adapter / "adapter_model.safetensors").exists() and two.merged.is_dir()
    assert checkpoint.newest_valid(two) is not None


def test_rows_are_shared_out_whole_and_each_once():
    step = [[(1, 2), (3,)], [(4,), (5, 6)], [(7,)]]
    shares = [Group(rank, 3).share(step) for rank in range(3)]
    assert shares == [[[(1, 2), (5, 6)]], [[(3,), (7,)]], [[(4,)]]]
    assert ALONE.share(step) == [[(1, 2), (3,), (4,), (5, 6), (7,)]]
    assert Group(3, 4).share([[(1,)], [(2,)]]) == [], "more processes than rows"


def test_each_process_has_random_numbers_of_its_own_that_a_resumed_run_has_again():
    drawn = []
    for group, step in ((Group(0, 2), 5), (Group(1, 2), 5), (Group(0, 2), 6), (Group(0, 2), 5)):
        group.seed(7, step)
        drawn.append(float(torch.rand(1)))
    assert len(set(drawn[:3])) == 3 and drawn[3] == drawn[0]
    torch.manual_seed(1)
    wanted = float(torch.rand(1))
    torch.manual_seed(1)
    ALONE.seed(7, 5)
    assert float(torch.rand(1)) == wanted
