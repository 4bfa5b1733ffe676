"""The index process: `python -m codeanvil.workspace.index.process`, the only writer of one workspace's store.

JSON lines on standard input and output. The first line in is {"root", "settings"}; then each
{"id", "paths": [...] or null} is answered by any number of {"id", "progress": [done, total]} and one
{"id", "report"} or {"id", "error": sentence, "kind"}. It works below normal priority and ends when its standard
input does, whatever it is doing: a build that is cut off goes on where it was.

When updates have come to rest, what is known of the project as a whole is brought up to date in the background, and the
samples that a data set wants are made, at a lower priority still, in a process of their own: an update meanwhile waits
for neither.
"""

import json
import logging
import os
import queue
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from codeanvil.errors import CodeAnvilError
from codeanvil.settings import Settings
from codeanvil.workspace.dataset import make_samples
from codeanvil.workspace.index.build import build_index
from codeanvil.workspace.index.loading import load
from codeanvil.workspace.index.report import IndexReport, report_json
from codeanvil.workspace.index.whole import refresh_history_meanwhile, refresh_stack_meanwhile
from codeanvil.workspace.index.workers import Workers

NICENESS = 10
BACKGROUND_NICENESS = 15
PROGRESS_SECONDS = 0.05
"""Least time between two lines of progress."""

QUIET_SECONDS = 0.5
"""The background waits for so long a time without an update: who saves one file often saves the next."""

LONGEST_SECONDS = 10.0
"""But no longer than this after the first of them."""

_log = logging.getLogger(__name__)


def main() -> None:
    """Serve requests until standard input closes."""
    os.nice(NICENESS)
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)  # whatever else prints must not end up between the answers
    requests: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_read, args=[sys.stdin.buffer, requests], daemon=True).start()
    opening = json.loads(requests.get())
    root, settings = Path(opening["root"]), Settings.model_validate(opening["settings"])
    background = None if opening["facts_only"] else _Background(root, settings)
    update = partial(build_index, root, settings, wholly=False, history=background is not None)
    if background is not None:
        background.start()
    with Workers(settings.index.processes) as workers:
        ready = False
        while True:
            request = json.loads(requests.get())
            report = _answer(request, partial(update, workers=workers), root, answers)
            if report is not None and background is not None:
                background.wanted.set()
                if not ready:
                    workers.prepare(load, tuple(report.files))
                    ready = True


class _Background(threading.Thread):
    """Does what nobody waits for, whenever `wanted` is set: the project as a whole, and the samples that a data set
    wants. Ends with the process."""

    def __init__(self, root: Path, settings: Settings) -> None:
        super().__init__(name="codeanvil-samples", daemon=True)
        self.wanted = threading.Event()
        self._root = root
        self._settings = settings

    def run(self) -> None:
        with Workers(1, niceness=BACKGROUND_NICENESS - NICENESS) as workers:
            while True:
                self.wanted.wait()
                self._rest()
                try:
                    refresh_stack_meanwhile(self._root, self._settings, workers)
                    refresh_history_meanwhile(self._root, self._settings, workers)
                    make_samples(self._root, self._settings, workers)
                except CodeAnvilError as error:  # the next update meets it too, and tells
                    _log.warning("%s", error)
                except Exception:
                    _log.exception("Samples of %s could not be made", self._root)

    def _rest(self) -> None:
        """Wait until no update has ended for a while."""
        last = time.monotonic() + LONGEST_SECONDS
        while self.wanted.is_set() and time.monotonic() < last:
            self.wanted.clear()
            time.sleep(QUIET_SECONDS)


def _read(source: BinaryIO, requests: "queue.SimpleQueue[bytes]") -> None:
    """Pass requests on; at the end of input, which is the end of the parent, end at once."""
    for line in source:
        requests.put(line)
    os._exit(0)


def _answer(
    request: dict[str, Any], update: Callable[..., IndexReport], root: Path, answers: BinaryIO
) -> IndexReport | None:
    """Do one update of the workspace at `root`, and tell how it went; the report where it went well."""
    told = 0.0

    def say(**values: Any) -> None:
        answers.write(json.dumps({"id": request["id"], **values}).encode() + b"\n")

    def progress(done: int, total: int) -> None:
        nonlocal told
        if done in {0, total} or time.monotonic() - told > PROGRESS_SECONDS:
            told = time.monotonic()
            say(progress=[done, total])

    try:
        report = update(progress=progress, only=request["paths"])
    except CodeAnvilError as error:
        say(error=str(error), kind=type(error).__name__)
    except Exception:
        _log.exception("The index of %s could not be built", root)
        say(error=f"The index of {root} could not be built; the log has the cause.", kind="StoreError")
    else:
        say(report=report_json().dump_python(report, mode="json"))
        return report
    return None


if __name__ == "__main__":
    main()
