"""Worker processes that parse and write samples, and that may hang or die without harm to anything but their job.

A worker is `python -m codeanvil.workspace.index.workers FD PARENT NICENESS`: it reads (function, argument) from the
socket FD, answers with the result, and ends with the process PARENT. No shared pool of the standard
library is used, because these cannot say which job killed a worker.
"""

import contextlib
import gc
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, Self, TypeVar

_Job = TypeVar("_Job")
_Result = TypeVar("_Result")

_PACKAGE_FOLDER = Path(__file__).parents[3]

ATTEMPTS = 2
"""A worker may have died by accident (out of memory, a signal): its job gets a second one."""


PATIENCE = 20

_LOOK_AGAIN_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class Failure:
    """A job that no worker could do; `problem` ends a sentence that begins with the file's path."""

    problem: str


@dataclass(slots=True)
class _Worker:
    process: "subprocess.Popen[bytes]"
    connection: "Connection[Any, Any]"
    task: "_Task | None" = None
    started: float = 0.0
    cpu_before: float = 0.0


@dataclass(frozen=True, slots=True)
class _Task:
    function: Callable[[Any], Any]
    job: Any
    seconds: float
    attempt: int = 1


class Workers:
    """Up to `count` processes (0: one per core) that start when needed and stay until `close`.

    `seconds` is the processor time a job may take; on a busy machine that can be much longer by the clock, and so
    a job that uses none is given up only after PATIENCE times as long. `niceness` is added to this process's own.
    """

    def __init__(self, count: int = 0, seconds: float = 30.0, niceness: int = 0) -> None:
        self._count = count or _cores()
        self._seconds = seconds
        self._niceness = niceness
        self._workers: list[_Worker] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End all workers."""
        for worker in list(self._workers):
            self._end(worker)

    def results(
        self,
        function: Callable[[_Job], _Result],
        jobs: Iterable[_Job],
        seconds: Callable[[_Job], float] | None = None,
    ) -> Iterator[tuple[_Job, _Result | Failure]]:
        """Each job with what `function` makes of it, in the order they get done; all three must be picklable.

        `jobs` is read as workers become free. `seconds` says what a job may take where that is less than what any may.
        An exception of `function` is raised here. When the caller stops early, what is under way is given up.
        """
        waiting = iter(jobs)
        more = True
        try:
            while more or self._busy():
                while more and (worker := self._idle()):
                    try:
                        job = next(waiting)
                    except StopIteration:
                        more = False
                    else:
                        most = min(self._seconds, seconds(job)) if seconds else self._seconds
                        self._give(worker, _Task(function, job, most))
                yield from self._done()
        finally:
            for worker in self._busy():
                self._end(worker)

    def start(self, count: int) -> None:
        """Have so many workers, or as many as there may be, started now rather than when there is work for them."""
        while len(self._workers) < min(count, self._count):
            self._start()

    def prepare(self, function: Callable[[_Job], None], job: _Job) -> None:
        """Have the worker that is given work first do a job before there is any. Whatever comes of it, nobody hears."""
        with contextlib.suppress(Exception):
            list(self.results(function, [job]))

    def _busy(self) -> list[_Worker]:
        return [worker for worker in self._workers if worker.task]

    def _idle(self) -> _Worker | None:
        for worker in self._workers:
            if worker.task is None:
                return worker
        return self._start() if len(self._workers) < self._count else None

    def _start(self) -> _Worker:
        ours, theirs = socket.socketpair()
        with theirs:
            process = subprocess.Popen(
                [sys.executable, "-m", __name__, *map(str, (theirs.fileno(), os.getpid(), self._niceness))],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env=child_environment(),
            )
        worker = _Worker(process, Connection(ours.detach()))
        self._workers.append(worker)
        return worker

    def _give(self, worker: _Worker, task: _Task) -> None:
        worker.task, worker.started, worker.cpu_before = task, time.monotonic(), _cpu_seconds(worker)
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # it died idle: `_done` finds that out
            worker.connection.send((task.function, task.job))

    def _done(self) -> Iterator[tuple[Any, Any]]:
        """What became ready, after waiting for something to."""
        busy = self._busy()
        ready = wait([worker.connection for worker in busy], _LOOK_AGAIN_SECONDS) if busy else []
        for worker in busy:
            if worker.task and worker.connection in ready:
                yield from self._receive(worker, worker.task)
            elif worker.task and _hangs(worker, worker.task.seconds):
                task = worker.task
                self._end(worker)
                yield (
                    task.job,
                    Failure(f"took longer than {task.seconds:g} s to read; it is left out until it changes."),
                )

    def _receive(self, worker: _Worker, task: _Task) -> Iterator[tuple[Any, Any]]:
        try:
            fine, result = worker.connection.recv()
        except (EOFError, OSError):
            self._end(worker)
            if task.attempt < ATTEMPTS:
                self._give(self._start(), replace(task, attempt=task.attempt + 1))
            else:
                yield task.job, Failure("made the process that read it crash; it is left out until it changes.")
            return
        worker.task = None
        if not fine:
            raise result
        yield task.job, result

    def _end(self, worker: _Worker) -> None:
        self._workers.remove(worker)
        worker.connection.close()
        worker.process.kill()
        worker.process.wait()


def _hangs(worker: _Worker, seconds: float) -> bool:
    passed = time.monotonic() - worker.started
    if passed < seconds:
        return False
    return _cpu_seconds(worker) - worker.cpu_before > seconds or passed > PATIENCE * seconds


def _cpu_seconds(worker: _Worker) -> float:
    import psutil  # slow to start, and no worker needs it

    try:
        times = psutil.Process(worker.process.pid).cpu_times()
    except psutil.Error:  # it died; reading from it tells
        return 0.0
    return float(times.user + times.system)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def child_environment() -> dict[str, str]:
    """The environment for a child process that runs a module of this package, installed or not."""
    path = os.pathsep.join(filter(None, [str(_PACKAGE_FOLDER), os.environ.get("PYTHONPATH")]))
    return {**os.environ, "PYTHONPATH": path}


def end_with_parent(parent: int) -> None:
    """Have the system kill this process when its parent ends, where the system can (Linux)."""
    if sys.platform == "linux":
        import ctypes

        set_parent_death_signal = 1
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGKILL)
        if os.getppid() != parent:  # it ended before that
            os._exit(1)


def main(fd: int, parent: int, niceness: int) -> None:
    """Do jobs from the socket `fd` until it closes. Reading makes no cycles to speak of, and many objects: what is left
    of a job is collected after it, and what outlives it is not looked at again."""
    end_with_parent(parent)
    os.nice(niceness)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal's Ctrl-C goes to the parent, which ends its workers
    connection: Connection[Any, Any] = Connection(fd)
    gc.disable()
    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while True:
            _do_one(connection)
            gc.collect(1)


def _do_one(connection: "Connection[Any, Any]") -> None:
    function, job = connection.recv()
    try:
        answer = (True, function(job))
    except Exception as error:  # raised again in the parent
        answer = (False, error)
    connection.send(answer)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
