"""The bytes of a file at one moment, or why they are none that anybody should read."""

import io
import os
import stat
from pathlib import Path

NOT_REGULAR = "not a regular file"
TOO_LARGE = "too large"
UNREADABLE = "unreadable"
VANISHED = "vanished"
BINARY = "binary"
MINIFIED = "minified"

_PART = 1 << 18
_READINGS = 3
"""Times that a file is read which changes while it is."""

_BINARY_HEAD = 8_000  # as git judges
_MINIFIED_BYTES = 5_000
_MINIFIED_MEAN_LINE = 400


class LeftOutError(Exception):
    """A file cannot or should not be read; the message is the reason, as `Scan.left_out` counts it."""


def read(root: Path, path: str, most_bytes: int) -> bytes:
    """The bytes of a file at one moment. Raises LeftOutError with the reason: it may have changed since the scan.

    A file that is written meanwhile is read again; one that never comes to rest is taken as it is, since the change
    that follows brings it here once more.
    """
    try:
        # Without O_NONBLOCK a pipe that took the file's place would block for ever.
        fd = os.open(f"{root}/{path}", os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(fd, "rb", buffering=0) as file:
            before = os.fstat(fd)
            if not stat.S_ISREG(before.st_mode):
                raise LeftOutError(NOT_REGULAR)
            for _ in range(_READINGS):
                data = _read_all(file, most_bytes + 1)
                after = os.fstat(fd)
                if (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns):
                    break
                before = after
                file.seek(0)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise LeftOutError(VANISHED) from error
    except OSError as error:
        raise LeftOutError(UNREADABLE) from error
    if len(data) > most_bytes:
        raise LeftOutError(TOO_LARGE)
    if b"\0" in data[:_BINARY_HEAD] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise LeftOutError(BINARY)
    if len(data) > _MINIFIED_BYTES and len(data) > _MINIFIED_MEAN_LINE * (data.count(b"\n") + 1):
        raise LeftOutError(MINIFIED)
    return data


def _read_all(file: io.FileIO, most_bytes: int) -> bytes:
    """What is in a file from where it stands, at most so many bytes."""
    parts: list[bytes] = []
    while most_bytes > 0 and (part := file.read(min(most_bytes, _PART))):
        parts.append(part)
        most_bytes -= len(part)
    return b"".join(parts)


def read_head(path: Path, size: int = 256) -> bytes:
    """The first bytes of a file. Raises OSError."""
    fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(fd, "rb") as file:
        return file.read(size)
