"""What depends on what: which samples a change of one file's symbols may have changed.

To mark one too many costs a look at its view; to miss one would leave wrong samples. Files of which no samples were
made yet are not concerned.
"""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from operator import itemgetter

from codeanvil.facts.model import Symbol
from codeanvil.samples.views import MOST_ELSEWHERE
from codeanvil.workspace.store import spread
from codeanvil.workspace.store.rows import PROJECT, is_place, outline
from codeanvil.workspace.store.tables import FILE_BITS
from codeanvil.workspace.store.words import is_indexed

_STALE = "UPDATE samples SET stale = 1 WHERE NOT stale AND file IN ({})"
_NAMED = f"SELECT symbols.id >> {FILE_BITS} FROM symbols WHERE name = ?"  # noqa: S608


@dataclass(frozen=True, slots=True)
class Said:
    """What a file says of symbols: its own, and the bases that it adds to types of other files."""

    symbols: tuple[Symbol, ...] = ()
    added_bases: frozenset[tuple[str, str]] = frozenset()


NO_SYMBOLS = Said()


def mark_dependents(db: sqlite3.Connection, path: str, before: Said, after: Said) -> None:
    """Mark as stale the samples whose view the difference between what a file said and says may have changed.

    To be called in the transaction that writes the new symbols, after they are written.
    """
    db.execute(_STALE.format("?"), [PROJECT])
    for base in {base for symbol in _heirs(before.symbols) ^ _heirs(after.symbols) for base in symbol.bases}:
        db.execute(_STALE.format(f"{_NAMED} AND is_type"), [base])
    for name in {symbol.name for symbol in before.symbols} ^ {symbol.name for symbol in after.symbols}:
        db.execute(_STALE.format("SELECT file FROM candidates WHERE name = ?"), [name])
    for name, qualified in {(s.name, s.qualified) for s in before.symbols if is_place(s)} ^ {
        (s.name, s.qualified) for s in after.symbols if is_place(s)
    }:
        _mark_sharers(db, path, name, qualified)
    for name in _types(before.symbols) ^ _types(after.symbols):  # who mentions it may be said to use it
        if is_indexed(name):
            db.execute(_STALE.format("SELECT rowid FROM words WHERE words MATCH ?"), [f'"{name}"'])
    added = before.added_bases ^ after.added_bases
    parts = {name for name, *_ in _spread(before.symbols) ^ _spread(after.symbols)}
    for qualified in parts.union(qualified for qualified, _ in added):
        name = qualified.rpartition(".")[2]
        db.execute(_STALE.format(f"{_NAMED} AND qualified = ? AND is_type"), [name, qualified])
    # Which type a base is added to hangs on where its types lie, and it is among those that derive from the base.
    bases = {base for _, base in added}.union(
        *(map(itemgetter(0), db.execute("SELECT name FROM added_bases WHERE qualified = ?", [name])) for name in parts)
    )
    for base in bases:
        db.execute(_STALE.format(f"{_NAMED} AND is_type"), [base])


def _heirs(symbols: Iterable[Symbol]) -> set[Symbol]:
    """The types with bases, as the views of those bases have them."""
    return {outline(symbol) for symbol in symbols if symbol.bases and symbol.is_type and not symbol.decl}


def _types(symbols: Iterable[Symbol]) -> set[str]:
    """Names of the types that symbols define."""
    return {symbol.name for symbol in symbols if symbol.is_type and not symbol.decl}


def _spread(symbols: Iterable[Symbol]) -> set[tuple[str, str, tuple[str, ...]]]:
    """What other files' types may have of these symbols: the name of such a type first."""
    return {
        (symbol.qualified, symbol.signature, symbol.bases) if symbol.is_type else (symbol.scope, symbol.name, ())
        for symbol in symbols
        if symbol.lang in spread.LANGUAGES
    }


def _mark_sharers(db: sqlite3.Connection, path: str, name: str, qualified: str) -> None:
    """Mark the files that have `name` too, where `qualified` in `path` is or was among the places they see."""
    places_before = dict(
        db.execute(
            f"""SELECT files.id, count(DISTINCT qualified)
                FROM symbols JOIN files ON files.id = symbols.id >> {FILE_BITS}
                WHERE name = ? AND is_place AND (qualified, path) < (?, ?) GROUP BY files.id""",  # noqa: S608
            [name, qualified, path],
        )
    )
    total = sum(places_before.values())
    if total < MOST_ELSEWHERE:
        db.execute(_STALE.format(_NAMED), [name])
    else:
        sees = [(file,) for file, own in places_before.items() if total - own < MOST_ELSEWHERE]
        db.executemany(_STALE.format("?"), sees)
