"""The writer's lock: of all processes that want to write a workspace's index, one does and the others wait."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from codeanvil.errors import WorkspaceError

LOCK_NAME = "index.lock"


@contextmanager
def writer_lock(folder: Path) -> Iterator[None]:
    """Hold the lock of the data folder `folder`, waiting for it if need be.

    The system gives it back when the process ends, however it ends. Raises WorkspaceError where the folder's file
    system has no locks or the lock file cannot be written.
    """
    path = folder / LOCK_NAME
    try:
        with path.open("ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
    except OSError as error:
        if error.filename not in {None, str(path)}:
            raise
        raise WorkspaceError(
            f"CodeAnvil cannot lock {path} ({error.strerror}); set data_dir to a folder on a local disk."
        ) from error
