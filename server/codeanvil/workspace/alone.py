"""Data folders of files read alone: they lie out of sight among the user's own files, so they are cleaned here.

Such a folder names its file. Nothing else is ever removed: not the folders of workspaces that cannot be written to, nor
anything that CodeAnvil did not put there.
"""

import contextlib
import fcntl
import logging
import os
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from codeanvil.settings import own_folder

FILE_NAME = "read-alone"
"""Holds the path of the file; written whenever that is read."""

CLEANED_NAME = "workspaces-cleaned"
"""Beside the folder of data folders; its time is that of the last cleaning."""

DAY = 24 * 60 * 60
LONGEST_UNUSED = 90 * DAY
"""Seconds after the last change of anything in it, after which an index is removed."""

LONGEST_GONE = 7 * DAY
"""Seconds after which all that belongs to a file that is gone is removed; less would take a disk unplugged for gone."""

MOST_BYTES = 256 << 20
"""Of all indices together; the least recently read go first."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Kept:
    folder: Path
    file: Path
    unused: float
    size: int

    @property
    def has_runs(self) -> bool:
        """Whether something was trained, which cannot be made again in a second."""
        return any(_entries(self.folder / "runs"))


def note(folder: Path, file: Path) -> None:
    """Note in the data folder of `file` that it is read now. On a full disk it is not, and is cleaned another day."""
    with contextlib.suppress(OSError):
        (folder / FILE_NAME).write_bytes(os.fsencode(file))


def clean(keep: Path, now: float | None = None) -> list[Path]:
    """Remove what nobody needs of the folders beside `keep`, at most once a day, and say which; never raises.

    A folder goes when its file is gone for long, when the file was not read for long, or, the least recently read
    first, when all together are large. One with training runs stays as long as its file is there, and so does one that
    is being written.
    """
    now = time.time() if now is None else now
    place = keep.parent
    try:
        cleaned = place.with_name(CLEANED_NAME)
        if cleaned.exists() and 0 <= now - cleaned.stat().st_mtime < DAY:
            return []
        cleaned.touch()
        os.utime(cleaned, (now, now))
        kept = sorted(_found(place, now), key=lambda each: each.unused)
    except OSError as error:
        _log.info("%s cannot be cleaned: %s", place, error)
        return []
    total, removed = 0, []
    for each in kept:
        total += each.size
        if each.folder != keep and _is_needless(each, total) and _remove(each.folder):
            total -= each.size
            removed.append(each.folder)
    return removed


def _is_needless(each: _Kept, total: int) -> bool:
    if not each.file.exists():
        return each.unused > LONGEST_GONE
    return not each.has_runs and (each.unused > LONGEST_UNUSED or (each.unused > DAY and total > MOST_BYTES))


def _found(place: Path, now: float) -> Iterator[_Kept]:
    """The data folders of files in `place`, each of which bears the name that its file gives it."""
    for folder in _entries(place):
        with contextlib.suppress(OSError):  # another process may be cleaning too
            told = folder / FILE_NAME
            if folder.is_symlink() or not told.is_file():
                continue
            file = Path(os.fsdecode(told.read_bytes()))
            if file.is_absolute() and own_folder(file) == folder:
                stats = [Path(parent, name).lstat() for parent, _, names in os.walk(folder) for name in names]
                latest = max(stat.st_mtime for stat in stats)
                yield _Kept(folder, file, now - latest, sum(stat.st_size for stat in stats))


def _remove(folder: Path) -> bool:
    """Whether `folder` could be removed: not while somebody writes its index, and not without the right to."""
    try:
        with (folder / "index.lock").open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder)
    except OSError as error:
        _log.info("%s stays: %s", folder, error)
        return False
    _log.info("%s is removed: its file is gone or was not read for long", folder)
    return True


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []
