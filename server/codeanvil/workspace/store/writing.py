"""Writing the store. Only the holder of the writer's lock does, inside `transaction`.

Whatever changes in one file is written at once with the marks of what depends on it (`stale` files and words), so
that a process killed at any moment leaves a store from which the next build goes on.
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from codeanvil.errors import StoreError
from codeanvil.facts.model import Stack, Symbol
from codeanvil.workspace.store.dependents import mark_dependents
from codeanvil.workspace.store.reading import Store
from codeanvil.workspace.store.rows import (
    BUILD,
    FILE_COLUMNS,
    PROJECT,
    STACK,
    SYMBOL_COLUMNS,
    PackedSamples,
    Parsed,
    split_words,
    symbol_row,
)
from codeanvil.workspace.store.schema import DamagedStoreError, is_damage
from codeanvil.workspace.store.words import Referrals


class StoreWriter(Store):
    """The store at `path`, to be written. Raises StoreError; DamagedStoreError where it must be made anew."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, read_only=False)
        self._referrals = Referrals(self._db)
        self._complete = bool(self.meta("complete"))
        self._changed = False

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is written inside becomes visible at once, or not at all."""
        try:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                self._changed = False
                yield
                if self._changed:
                    self.put_meta("state", str(int(self.state() or 0) + 1))
            except BaseException:
                self._referrals.forget()
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")
        except sqlite3.Error as error:
            kind = DamagedStoreError if is_damage(error) else StoreError
            raise kind(f"The index at {self._path} cannot be written ({error}); check the disk's space.") from error

    # --- files

    def put(self, parsed: Parsed) -> None:
        """Replace all that is known of one file, and mark what depended on the difference."""
        facts = parsed.facts
        path = facts.path
        before = self.symbols_in(path)
        self._clear(path)
        values = (
            *(path, facts.lang, facts.sha, facts.lines, json.dumps(facts.imports), facts.doc, facts.main_line),
            *(facts.problem, facts.role, parsed.text, json.dumps(parsed.secrets), parsed.is_source),
            parsed.set_aside,
        )
        self._db.execute(
            f"""INSERT INTO files({FILE_COLUMNS}, text, secrets, is_source, set_aside)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT(path) DO UPDATE SET lang = excluded.lang, sha = excluded.sha, lines = excluded.lines,
                imports = excluded.imports, doc = excluded.doc, main_line = excluded.main_line,
                problem = excluded.problem, role = excluded.role, text = excluded.text, secrets = excluded.secrets,
                is_source = excluded.is_source, set_aside = excluded.set_aside, stale = 1""",  # noqa: S608
            values,
        )
        for symbol in facts.symbols:
            self._insert(symbol)
        if parsed.build:
            self._db.execute("INSERT INTO builds VALUES (?, ?)", [path, BUILD.dump_json(parsed.build).decode()])
        self._db.executemany("INSERT OR IGNORE INTO candidates VALUES (?, ?)", [(n, path) for n in parsed.candidates])
        self._db.execute("DELETE FROM passed_over WHERE path = ?", [path])
        self._referrals.count(path, parsed.mentions, parsed.names)
        self._mark(path, before, facts.symbols)
        if not parsed.is_source:
            self._db.execute("DELETE FROM samples WHERE file = (SELECT id FROM files WHERE path = ?)", [path])
        elif self._complete:  # its samples are wanted at once
            self._db.execute(
                """INSERT INTO samples(file, view, kinds, rows, stale) SELECT id, '', '{}', x'', 2 FROM files
                   WHERE path = ? ON CONFLICT(file) DO UPDATE SET stale = 2""",
                [path],
            )

    def remove(self, path: str) -> None:
        """Forget a file, and mark what depended on it."""
        before = self.symbols_in(path)
        self._referrals.count(path, Counter(), ())
        self._clear(path)
        self._db.execute("DELETE FROM samples WHERE file = (SELECT id FROM files WHERE path = ?)", [path])
        self._db.execute("DELETE FROM files WHERE path = ?", [path])
        self._mark(path, before, ())

    def pass_over(self, path: str, reason: str) -> None:
        """Note that a file was left out for what is in it."""
        self._db.execute("INSERT OR REPLACE INTO passed_over VALUES (?, ?)", [path, reason])

    def forget_passed_over(self, path: str) -> None:
        """Take back `pass_over`."""
        self._db.execute("DELETE FROM passed_over WHERE path = ?", [path])

    def passed_over(self) -> set[str]:
        """The files that were left out for what is in them."""
        return {row[0] for row in self._rows("SELECT path FROM passed_over")}

    def shas(self) -> dict[str, str]:
        """Content hash of every file, by path."""
        return dict(self._rows("SELECT path, sha FROM files"))

    def _insert(self, symbol: Symbol) -> None:
        marks = ", ".join("?" * (SYMBOL_COLUMNS.count(",") + 1))
        insert = f"INSERT INTO symbols({SYMBOL_COLUMNS}) VALUES ({marks})"  # noqa: S608
        row = self._db.execute(insert, symbol_row(symbol)).lastrowid
        for base in dict.fromkeys(symbol.bases) if symbol.is_type else ():
            self._db.execute("INSERT INTO bases VALUES (?, ?)", [base, row])
        self._db.execute(
            "INSERT INTO search(rowid, name, doc, signature, path) VALUES (?, ?, ?, ?, ?)",
            [
                row,
                f"{symbol.name} {split_words(symbol.name)}",
                symbol.doc,
                symbol.signature,
                f"{symbol.file} {split_words(symbol.file)}",
            ],
        )

    def _clear(self, path: str) -> None:
        rows = self._db.execute("SELECT id FROM symbols WHERE file = ?", [path]).fetchall()
        self._db.executemany("DELETE FROM search WHERE rowid = ?", rows)
        self._db.executemany("DELETE FROM bases WHERE symbol = ?", rows)
        self._db.execute("DELETE FROM symbols WHERE file = ?", [path])
        self._db.execute("DELETE FROM builds WHERE file = ?", [path])
        self._db.execute("DELETE FROM candidates WHERE file = ?", [path])

    # --- samples

    def _mark(self, path: str, before: Iterable[Symbol], after: Iterable[Symbol]) -> None:
        self._changed = True
        if self._complete:  # before that nobody has made samples
            mark_dependents(self._db, path, before, after)

    def stale_sources(self) -> list[str]:
        """Sources of stale samples: files that changed themselves, then those that depend on them, then the project."""
        return [
            row[0]
            for row in self._rows(
                """SELECT coalesce(path, '') FROM samples LEFT JOIN files ON id = file
                   WHERE samples.stale ORDER BY path IS NULL, samples.stale DESC, path"""
            )
        ]

    def mark_all_samples_stale(self) -> None:
        """Have all samples looked at that were made so far."""
        self._db.execute("UPDATE samples SET stale = 1 WHERE NOT stale")

    def drop_stale_samples(self) -> None:
        """Forget stale samples: they are made anew when they are wanted."""
        self._db.execute("DELETE FROM samples WHERE stale")

    def put_samples(self, source: str, view: str, samples: PackedSamples | None) -> None:
        """Keep the samples of a source ('' is the project), which are of the view with this digest.

        None says that those kept already are of that view. A file that has gone meanwhile is no error.
        """
        ids = [row[0] for row in self._db.execute("SELECT id FROM files WHERE path = ?", [source])]
        for owner in ids if source else [PROJECT]:
            if samples:
                values = [owner, view, json.dumps(samples.kinds), samples.rows]
                self._db.execute("INSERT OR REPLACE INTO samples(file, view, kinds, rows) VALUES (?, ?, ?, ?)", values)
            else:
                self._db.execute("UPDATE samples SET stale = 0 WHERE file = ?", [owner])

    # --- the rest

    def put_problem(self, path: str, problem: str) -> None:
        """Note one sentence about what went wrong with a file."""
        self._db.execute("UPDATE files SET problem = ? WHERE path = ?", [problem, path])

    def put_stack(self, stack: Stack) -> None:
        """Replace what the project is made of."""
        self.put_meta("stack", STACK.dump_json(stack).decode())

    def meta(self, key: str) -> str:
        """A note of the index about itself; '' where there is none."""
        return self._meta(key) or ""

    def put_meta(self, key: str, value: str) -> None:
        """Set such a note."""
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", [key, value])

    def refresh_importance(self) -> None:
        """Bring `importance` of every file up to date."""
        with self.transaction():
            self._referrals.refresh()
