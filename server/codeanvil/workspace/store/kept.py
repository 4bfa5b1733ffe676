"""What an edit leaves of a file's rows as they are: they are neither deleted nor written again."""

import sqlite3
from dataclasses import dataclass, replace

from codeanvil.workspace.store.rows import FileRows, first_symbol

# Places of columns in the table `symbols`.
_ID, _NAME, _DOC, _SIGNATURE = 0, 2, 10, 11


@dataclass(frozen=True, slots=True)
class Kept:
    """Of one file: numbers of symbols whose rows stay, and of those that the full-text index has with the same words;
    names in `definers`; whether its path stays in the full-text index of paths."""

    symbols: frozenset[int] = frozenset()
    searched: frozenset[int] = frozenset()
    names: frozenset[str] = frozenset()
    path: bool = False


NOTHING_KEPT = Kept()


def kept_of(db: sqlite3.Connection, file: int, rows: FileRows) -> Kept:
    """What stays of the file of a number where `rows`, of this file alone, take the place of its own."""
    ((number, path, lang, *_),) = rows.files
    if number != file or db.execute("SELECT path, lang FROM files WHERE id = ?", [file]).fetchone() != (path, lang):
        return NOTHING_KEPT
    known = db.execute(
        "SELECT * FROM symbols WHERE id >= ? AND id < ?", [first_symbol(file), first_symbol(file + 1)]
    ).fetchall()
    whole, searched = set(known), {_searched(row) for row in known}
    names = {name for (name,) in db.execute("SELECT name FROM definers WHERE file = ?", [file])}
    return Kept(
        symbols=frozenset(row[_ID] for row in rows.symbols if row in whole),
        searched=frozenset(row[_ID] for row in rows.symbols if _searched(row) in searched),
        names=frozenset(names.intersection(name for _, name in rows.definers)),
        path=True,
    )


def without(rows: FileRows, kept: Kept) -> FileRows:
    """The rows that must be written where some are kept."""
    return replace(
        rows,
        symbols=[row for row in rows.symbols if row[_ID] not in kept.symbols],
        bases=[row for row in rows.bases if row[0] not in kept.symbols],
        search=[row for row in rows.search if row[0] not in kept.searched],
        search_paths=[] if kept.path else rows.search_paths,
        definers=[row for row in rows.definers if row[1] not in kept.names],
    )


def _searched(row: tuple[object, ...]) -> tuple[object, ...]:
    """What the full-text index has of a row of `symbols`."""
    return row[_ID], row[_NAME], row[_DOC], row[_SIGNATURE]
