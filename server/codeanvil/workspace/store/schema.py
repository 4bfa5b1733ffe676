"""Opening the database file so that what is there can be trusted.

Everything in it can be made again from the sources. So a file that is damaged, or that another version made, is
never mended: the next writer starts a new one.
"""

import hashlib
import sqlite3
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from codeanvil.errors import StoreError
from codeanvil.workspace.store.tables import TABLES

VERSION = 11
"""To be raised whenever the tables change."""


class DamagedStoreError(StoreError):
    """The database file is not one that this version can trust."""


def open_for_reading(path: Path) -> sqlite3.Connection:
    """A connection that cannot write. Raises StoreError where there is no store of this version."""
    if not path.exists():
        raise StoreError(f"There is no index at {path}; make one with `codeanvil prepare`.")
    try:
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, check_same_thread=False)
        if not _is_ours(connection):
            connection.close()
            raise DamagedStoreError(f"The index at {path} is of another version; renew it with `codeanvil prepare`.")
    except sqlite3.Error as error:
        raise DamagedStoreError(
            f"The index at {path} cannot be read ({error}); renew it with `codeanvil prepare`."
        ) from error
    return connection


def open_for_writing(path: Path) -> sqlite3.Connection:
    """A connection that writes; the caller holds the writer's lock and begins transactions itself.

    A file that is missing, damaged or another version's is replaced by an empty store. Raises StoreError where
    the file cannot be written.
    """
    try:
        try:
            if path.exists():
                connection = _connect(path)
                if _is_ours(connection):
                    return connection
                connection.close()
        except sqlite3.DatabaseError as error:
            if not is_damage(error):
                raise
        discard(path)
        connection = _connect(path)
        connection.executescript(f"BEGIN; {TABLES}")
        connection.execute("INSERT INTO meta VALUES ('made_by', ?)", [_made_by()])
        connection.execute(f"PRAGMA user_version = {VERSION}")
        connection.execute("COMMIT")
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"The index at {path} cannot be written ({error}); check the disk and its rights.") from error
    return connection


def discard(path: Path) -> None:
    """Remove the database file and what SQLite keeps beside it."""
    for suffix in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def is_damage(error: sqlite3.Error) -> bool:
    """Whether SQLite says that the file, not the disk or a lock, is at fault."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return code in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=30)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA cache_size = -32000")  # KiB
    connection.execute("PRAGMA synchronous = NORMAL")  # a killed process loses nothing, a power cut the last batches
    return connection


def _is_ours(connection: sqlite3.Connection) -> bool:
    if connection.execute("PRAGMA user_version").fetchone()[0] != VERSION:
        return False
    try:
        return bool(connection.execute("SELECT value FROM meta WHERE key = 'made_by'").fetchone() == (_made_by(),))
    except sqlite3.OperationalError:  # somebody else's database: it has no such table
        return False


@cache
def _made_by() -> str:
    """A digest of the code that decides what is in the store: with other code, the same sources give other rows."""
    digest = hashlib.sha256()
    for room in ("codeanvil.facts", "codeanvil.samples", "codeanvil.workspace"):
        for name, content in sorted(_contents(files(room), room)):
            digest.update(f"{name}\0{len(content)}\0".encode())
            digest.update(content)
    return digest.hexdigest()


def _contents(folder: Traversable, name: str) -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    for entry in folder.iterdir():
        if entry.is_dir():
            if entry.name != "__pycache__":
                found += _contents(entry, f"{name}/{entry.name}")
        elif not entry.name.endswith(".pyc"):
            found.append((f"{name}/{entry.name}", entry.read_bytes()))
    return found
