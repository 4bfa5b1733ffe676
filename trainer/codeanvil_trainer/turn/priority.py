"""A run comes after everything else that its machine has to do."""

import contextlib
import os
from pathlib import Path

import psutil

NICENESS = 10

SESSION_NICENESS = 5
"""A third of the share of a session at normal priority. Less, and a run beside others' long work would stand still."""


def yield_to_others() -> None:
    """Put this process below normal, all its threads, for processors and disk.

    Where Linux shares processors out between sessions first (sched_autogroup, see sched(7)), a process's niceness
    counts within its session only, so that a session of its own needs one too. Loading comes before this: it takes
    seconds, and somebody waits for the first step.
    """
    for thread in threads():
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, thread, max(NICENESS, os.getpriority(os.PRIO_PROCESS, thread)))
    if psutil.LINUX:
        if os.getsid(0) == os.getpid():
            with contextlib.suppress(OSError):
                Path("/proc/self/autogroup").write_text(str(SESSION_NICENESS))
        # The last of those that are served in turn: idle could keep a checkpoint from ever being written.
        with contextlib.suppress(psutil.Error, OSError):
            psutil.Process().ionice(psutil.IOPRIO_CLASS_BE, 7)


def threads() -> list[int]:
    """The numbers of this process's threads: on Linux each has a niceness of its own. Elsewhere 0, the process."""
    try:
        return [int(path.name) for path in Path("/proc/self/task").iterdir()]
    except OSError:
        return [0]
