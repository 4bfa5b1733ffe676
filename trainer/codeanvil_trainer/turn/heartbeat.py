"""The sign that a run's process is alive and gets to do something: a file that is touched every few seconds."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from codeanvil.contract import HEARTBEAT_SECONDS, RunFolder


@contextmanager
def beating(folder: RunFolder) -> Iterator[None]:
    """Touch the run's heartbeat while inside. A disk that refuses it does not end the run."""
    ended = threading.Event()

    def beat() -> None:
        while True:
            with suppress(OSError):
                folder.heartbeat.touch()
            if ended.wait(HEARTBEAT_SECONDS):
                return

    thread = threading.Thread(target=beat, name="heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
