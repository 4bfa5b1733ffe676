"""What the file system says of a file, to know without reading it that it is as it was.

As git does for its index: size, times and inode. Times alone are no proof. A file that is changed twice within a tick
of the file system's clock has the same times before and after; so a file that was changed just before it was read has
no stamp, and is read again next time. The time of the last change of anything (ctime) cannot be set by programs that
keep times, as `cp -p` and `touch -d` do.
"""

import os
import time
from contextlib import suppress
from pathlib import Path

TICK_NANOSECONDS = 2_000_000_000
"""The coarsest clock of a file system in use (FAT)."""


def stamp_of(path: Path | str) -> str:
    """What the file system says of a file now, to be compared with a stamp that was kept; '' where it is not there."""
    try:
        status = os.lstat(path)
    except OSError:
        return ""
    return _text(status)


class StampWatch:
    """Made before a file is read: tells afterwards which stamp can be kept."""

    def __init__(self, path: Path | str) -> None:
        self._path = path
        self._began = time.time_ns()
        self._before: os.stat_result | None = None
        with suppress(OSError):  # whoever reads it finds out
            self._before = os.lstat(path)

    def stamp(self) -> str:
        """The file's stamp; '' where it has changed since, or had so shortly before that this could go unseen."""
        status = self._before
        if status is None or max(status.st_mtime_ns, status.st_ctime_ns) + TICK_NANOSECONDS >= self._began:
            return ""
        stamp = _text(status)
        return stamp if stamp == stamp_of(self._path) else ""


def _text(status: os.stat_result) -> str:
    return f"{status.st_size} {status.st_mtime_ns} {status.st_ctime_ns} {status.st_ino}"
