"""A connection to the store's database that many threads may read through, and that follows to a replaced file."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self, TypeVar

from codeanvil.errors import StoreError
from codeanvil.workspace.store.schema import DamagedStoreError, is_damage, open_for_reading, open_for_writing

_T = TypeVar("_T")

MOST_CACHED = 200
"""Values that are kept for one state of the index."""


class Connection:
    """The database at `path`; each statement sees one consistent state (SQLite's WAL), `snapshot` makes it last.

    With `read_only` false it is made or renewed where need be; only a holder of the writer's lock may do so.
    Raises StoreError, from here and from every method, where the store is missing or cannot be read.
    """

    def __init__(self, path: Path, *, read_only: bool = True) -> None:
        self._path = path
        self._read_only = read_only
        self._guard = threading.RLock()
        self._cache: dict[str, tuple[tuple[int, int] | None, Any]] = {}
        self._held: tuple[int, int] | None = None
        """The generation of the snapshot that is held."""
        self._open()

    def _open(self) -> None:
        self._db = open_for_reading(self._path) if self._read_only else open_for_writing(self._path)
        self._inode = self._path.stat().st_ino

    def close(self) -> None:
        """Give the file back; the store cannot be used after that."""
        with self._guard:
            self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """All that is read inside is of one moment, whatever is written meanwhile. Not to be nested."""
        with self._guard:
            self._rows("BEGIN")
            try:
                self._rows("SELECT 1 FROM meta LIMIT 1")  # from this moment, and not from BEGIN on
                self._held = self.generation()
                yield
            finally:
                self._held = None
                self._db.rollback()

    def meta(self, key: str) -> str:
        """A note of the index about itself; '' where there is none."""
        return next((str(row[0]) for row in self._rows("SELECT value FROM meta WHERE key = ?", key)), "")

    def generation(self) -> tuple[int, int]:
        """A value that changes whenever another process has written; of a store that one writes to, it does not."""
        with self._guard:
            return self._held or (int(self._rows("PRAGMA data_version")[0][0]), self._inode)

    def _id(self, path: str) -> int:
        """The number of a file, -1 where it is not in the index."""
        return next((int(row[0]) for row in self._rows("SELECT id FROM files WHERE path = ?", path)), -1)

    def _cached(self, key: str, make: Callable[[], _T]) -> _T:
        """A value that holds until another process has written; a writer asks too seldom to gain from it."""
        if not self._read_only:
            return make()
        with self._guard:
            version = self.generation()
            if len(self._cache) > MOST_CACHED:
                self._cache.clear()
            if self._cache.get(key, (None, None))[0] != version:
                self._cache[key] = (version, make())
            value: _T = self._cache[key][1]
            return value

    def _rows(self, sql: str, *values: object) -> list[Any]:
        with self._guard:
            try:
                if self._read_only and not self._held and self._path.stat().st_ino != self._inode:
                    self._db.close()
                    self._open()
                return self._db.execute(sql, values).fetchall()
            except FileNotFoundError as error:
                raise StoreError(f"The index at {self._path} is gone; make it with `codeanvil prepare`.") from error
            except sqlite3.Error as error:
                kind = DamagedStoreError if is_damage(error) else StoreError
                raise kind(
                    f"The index at {self._path} cannot be read ({error}); renew it with `codeanvil prepare`."
                ) from error
