"""Stop a run, pause it, and go on with one."""

import contextlib
import os
import signal
import time

from codeanvil.contract import PAUSE, write_atomic
from codeanvil.errors import RunError
from codeanvil.runs.launch import only_launch, start
from codeanvil.runs.run import Run
from codeanvil.settings import Settings

STOP_SECONDS = 60.0
"""Longest wait for the trainer's last checkpoint before it is killed; the checkpoint before that stays usable."""

_POLL_SECONDS = 0.05


def stop(run: Run, timeout: float = STOP_SECONDS) -> Run:
    """Ask the run to save a checkpoint and end; kill it after `timeout` seconds. Returns when it has ended.

    A run that waits in the queue leaves it. Raises RunError where no process works on it.
    """
    return _end(run, "", timeout)


def pause(run: Run, timeout: float = STOP_SECONDS) -> Run:
    """The same, for a run that is to go on later: its state is `paused` then, and its memory is given back.

    Raises RunError where no process works on it.
    """
    return _end(run, PAUSE, timeout)


def _end(run: Run, request: str, timeout: float) -> Run:
    if not run.is_alive:
        to_do = "go on with it by `codeanvil resume`" if run.state == "paused" else "there is nothing to stop"
        raise RunError(f"Run {run.id} is not running, it is {run.state}: {to_do}.")
    write_atomic(run.folder.stop_request, request)
    _signal(run, signal.SIGTERM)
    if not _ended(run, timeout):
        _signal(run, signal.SIGKILL)
        if not _ended(run, 10):
            raise RunError(f"Run {run.id} does not end: end the process that holds {run.folder.lock} yourself.")
    return run


def resume(run: Run, settings: Settings) -> Run:
    """Start the trainer again where the run's newest checkpoint stands. Raises RunError."""
    with only_launch(run.folder.path.parent):
        state = run.state
        if run.is_alive:
            waits = f" {run.progress().text}" if state in {"queued", "paused"} else ""
            raise RunError(f"Run {run.id} is {state} already, see `codeanvil status`.{waits}")
        if state == "finished":
            raise RunError(f"Run {run.id} has finished: start a new one with `codeanvil train`.")
        _ = run.config  # A run whose configuration cannot be read is refused here and not in its log.
        run.folder.stop_request.unlink(missing_ok=True)
        start(run, settings, "--resume")
    return run


def _signal(run: Run, number: signal.Signals) -> None:
    process = run.process
    if process is None:
        return
    # The whole group: the interpreter of train.python may be a script that starts the real one.
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, number)


def _ended(run: Run, timeout: float) -> bool:
    deadline = time.monotonic() + timeout
    while run.is_alive:
        if time.monotonic() > deadline:
            return False
        time.sleep(_POLL_SECONDS)
    return True
