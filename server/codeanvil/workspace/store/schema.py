"""The store's tables, and opening the database file so that what is there can be trusted.

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

VERSION = 4
"""To be raised whenever the tables change."""

_TABLES = """
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

-- Source and build files. `role`: as in the facts. `stale`: the importance must be reckoned anew.
CREATE TABLE files(
    id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, lang TEXT NOT NULL, is_source INTEGER NOT NULL,
    sha TEXT NOT NULL, lines INTEGER NOT NULL, imports TEXT NOT NULL, doc TEXT NOT NULL, main_line INTEGER NOT NULL,
    problem TEXT, set_aside INTEGER NOT NULL, role TEXT NOT NULL, text TEXT NOT NULL, secrets TEXT NOT NULL,
    importance INTEGER NOT NULL DEFAULT 0, stale INTEGER NOT NULL DEFAULT 1);
CREATE INDEX files_stale ON files(path) WHERE stale;

CREATE TABLE symbols(
    id INTEGER PRIMARY KEY, file TEXT NOT NULL, kind TEXT NOT NULL, lang TEXT NOT NULL, name TEXT NOT NULL,
    scope TEXT NOT NULL, qualified TEXT NOT NULL, line INTEGER NOT NULL, "end" INTEGER NOT NULL, bases TEXT NOT NULL,
    methods TEXT NOT NULL, decl INTEGER NOT NULL, doc TEXT NOT NULL, signature TEXT NOT NULL,
    is_type INTEGER NOT NULL, is_place INTEGER NOT NULL);
CREATE INDEX symbols_file ON symbols(file);
CREATE INDEX symbols_name ON symbols(name);
CREATE INDEX symbols_nocase ON symbols(name COLLATE NOCASE);
CREATE INDEX symbols_qualified ON symbols(qualified);
CREATE INDEX symbols_scope ON symbols(scope);
CREATE INDEX symbols_place ON symbols(name, qualified, file) WHERE is_place;

CREATE TABLE bases(name TEXT NOT NULL, symbol INTEGER NOT NULL, PRIMARY KEY(name, symbol)) WITHOUT ROWID;
CREATE INDEX bases_symbol ON bases(symbol);

CREATE VIRTUAL TABLE search USING fts5(name, doc, signature, path, tokenize='porter unicode61');

CREATE TABLE builds(file TEXT PRIMARY KEY, facts TEXT NOT NULL) WITHOUT ROWID;

-- Invented names that a file's samples may say are not there.
CREATE TABLE candidates(name TEXT NOT NULL, file TEXT NOT NULL, PRIMARY KEY(name, file)) WITHOUT ROWID;
CREATE INDEX candidates_file ON candidates(file);

-- How often each file mentions each word. `referred`: how often files that do not define the word mention it.
CREATE TABLE words(
    id INTEGER PRIMARY KEY, word TEXT NOT NULL UNIQUE, referred INTEGER NOT NULL DEFAULT 0,
    stale INTEGER NOT NULL DEFAULT 1);
CREATE INDEX words_stale ON words(word) WHERE stale;
CREATE TABLE mentions(
    word INTEGER NOT NULL, file INTEGER NOT NULL, count INTEGER NOT NULL, PRIMARY KEY(word, file)) WITHOUT ROWID;
CREATE INDEX mentions_file ON mentions(file);
-- The words by which other files import a file, or name what it defines.
CREATE TABLE definers(
    word INTEGER NOT NULL, file INTEGER NOT NULL, PRIMARY KEY(word, file)) WITHOUT ROWID;
CREATE INDEX definers_file ON definers(file);

-- Samples that were made so far, of one file or of the project where the file is 0: compressed JSON, with counts by
-- kind and the digest of the view they are of. `stale`: that view has changed since, or may have (2: by an edit of the
-- file itself).
CREATE TABLE samples(
    file INTEGER PRIMARY KEY, view TEXT NOT NULL, kinds TEXT NOT NULL, rows BLOB NOT NULL,
    stale INTEGER NOT NULL DEFAULT 0);
CREATE INDEX samples_stale ON samples(file) WHERE stale;

-- Files left out for what is in them.
CREATE TABLE passed_over(path TEXT PRIMARY KEY, reason TEXT NOT NULL) WITHOUT ROWID;
"""


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
        connection.executescript(f"BEGIN; {_TABLES}")
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
