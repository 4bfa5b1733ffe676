"""How a run broke off that could not say so itself, from what its folder tells: a sentence with the way out."""

from datetime import datetime

import psutil

from codeanvil.contract import HEARTBEAT_SECONDS
from codeanvil.runs.run import Run

SILENT_SECONDS = 12 * HEARTBEAT_SECONDS
"""A live run that has not been heard of for so long hangs, or its machine sleeps."""

_LINES = 3


def crash_words(run: Run) -> str:
    """Why a crashed run ended, as far as can be known, when, and what to do: `codeanvil resume`.

    A run that said goodbye in its log (a traceback, a missing package) ended by its own fault; one that fell silent was
    killed from outside, or its machine went off.
    """
    resume = f"`codeanvil resume --run {run.id}` goes on from its last checkpoint."
    heard = run.heard_of
    at = f" at about {datetime.fromtimestamp(heard):%Y-%m-%d %H:%M}" if heard is not None else ""
    if heard is not None and psutil.boot_time() > heard:
        return f"Run {run.id} broke off{at}, when the machine went off. {resume}"
    last = run.last_log_lines(_LINES)
    if last and run.wrote_log_last:
        return f"Run {run.id} broke off{at}. {resume} Its last words in {run.folder.log}: {' / '.join(last)}"
    return (
        f"Run {run.id} was killed{at}, perhaps because memory ran out (the system's log tells: `journalctl -k`). "
        f"{resume} Its log is {run.folder.log}{': ' + ' / '.join(last) if last else ', which is empty'}"
    )


def silence(run: Run, now: float) -> str:
    """A sentence where a live run has not been heard of for long, else nothing."""
    heard = run.heard_of
    if heard is None or now - heard < SILENT_SECONDS:
        return ""
    minutes = round((now - heard) / 60)
    return (
        f"Nothing was heard of it for {minutes} min: it hangs or the machine was asleep. If it stays so, "
        "`codeanvil stop` ends it and `codeanvil resume` goes on from its last checkpoint."
    )
