"""Workers: jobs that hang or kill their process are told and the others get done."""

import math
import os
import subprocess
import sys
import time
from collections.abc import Callable

import psutil
import pytest

from codeanvil.workspace.index.workers import Failure, Workers, child_environment


def test_every_job_is_done_once() -> None:
    with Workers(2) as workers:
        assert sorted(workers.results(abs, range(-20, 0))) == [(-n, n) for n in range(20, 0, -1)]


def test_a_job_that_kills_its_process_fails_alone() -> None:
    with Workers(2) as workers:
        done = dict(workers.results(os.nice, [0]))
        assert not isinstance(done[0], Failure)
        failed = dict(workers.results(os._exit, [3]))
        assert isinstance(failed[3], Failure)
        assert "crash" in failed[3].problem
        assert dict(workers.results(abs, [-1])) == {-1: 1}


@pytest.mark.parametrize("hanging", [(math.factorial, 20_000_000), (time.sleep, 600)], ids=["busy", "asleep"])
def test_a_job_that_hangs_fails_alone_and_its_process_ends(hanging: tuple[Callable[[int], object], int]) -> None:
    function, job = hanging
    before = set(psutil.Process().children())
    with Workers(2, seconds=0.3) as workers:
        done = dict(workers.results(function, [0, job, 1]))
        assert [job for job, result in done.items() if isinstance(result, Failure)] == [job]
    assert set(psutil.Process().children()) <= before


def test_a_worker_killed_by_accident_is_replaced() -> None:
    before = set(psutil.Process().children())
    with Workers(1) as workers:
        list(workers.results(abs, [0]))
        (worker,) = set(psutil.Process().children()) - before
        worker.kill()
        assert dict(workers.results(abs, [-5])) == {-5: 5}


def test_workers_can_be_started_ahead_of_work_but_no_more_than_there_may_be() -> None:
    before = set(psutil.Process().children())
    with Workers(2) as workers:
        for wanted, there in ((1, 1), (5, 2), (1, 2)):
            workers.start(wanted)
            assert len(set(psutil.Process().children()) - before) == there
        assert dict(workers.results(abs, [-1, -2])) == {-1: 1, -2: 2}
        assert len(set(psutil.Process().children()) - before) == 2


def test_what_a_job_raises_is_raised_here() -> None:
    with Workers(1) as workers, pytest.raises(FileNotFoundError):
        list(workers.results(os.stat, ["/nonexistent"]))


def test_stopping_early_leaves_usable_workers() -> None:
    with Workers(2) as workers:
        for _ in workers.results(time.sleep, [0, 60, 60]):
            break
        assert dict(workers.results(abs, [-5])) == {-5: 5}


PARENT = """
import os, psutil
from codeanvil.workspace.index.workers import Workers
workers = Workers(1)
list(workers.results(abs, [-1]))
print(psutil.Process().children()[0].pid, flush=True)
os._exit(0)
"""


def test_workers_end_with_the_process_that_started_them() -> None:
    parent = subprocess.run([sys.executable, "-c", PARENT], env=child_environment(), capture_output=True, check=True)
    worker = int(parent.stdout)
    deadline = time.monotonic() + 5
    while psutil.pid_exists(worker) and psutil.Process(worker).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline
        time.sleep(0.02)
