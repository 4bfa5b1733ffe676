"""Writing the store. Only the holder of the writer's lock does, inside `transaction`.

Whatever changes in one file is written at once with the marks of what depends on it, so that a process killed at any
moment leaves a store from which the next build goes on.
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from codeanvil.errors import StoreError
from codeanvil.facts.model import History, Stack
from codeanvil.workspace.store.dependents import NO_SYMBOLS, Said, mark_dependents
from codeanvil.workspace.store.kept import NOTHING_KEPT, Kept, kept_of, without
from codeanvil.workspace.store.reading import Store
from codeanvil.workspace.store.references import NOTHING, Mentions, References, reckon
from codeanvil.workspace.store.rows import (
    PROJECT,
    FileRows,
    PackedSamples,
    first_symbol,
    history_json,
    pack_keys,
    search_path,
    search_row,
    search_section,
    stack_json,
    unpack_text,
)
from codeanvil.workspace.store.schema import DamagedStoreError, is_damage
from codeanvil.workspace.store.tables import INDEXES, TAUGHT
from codeanvil.workspace.store.words import IMPORT, imported, indexed_words, unpack_words, with_word, words_of

DEPENDENT, CHANGED, LATER = 1, 2, 3
"""Values of `samples.stale`: a view may have changed, a file did, and that nobody waits for what comes of it."""

_OF_SAMPLES = ("samples", "sample_parts", "candidates")

# Without `OR REPLACE`: before what may have to be taken back, the full-text indexes write all that they have gathered.
_INSERTS = {
    "files": """INSERT INTO files(id, path, lang, sha, lines, imports, doc, main_line, problem, role, family,
                is_source, set_aside, stamp, kinds, secrets) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
    "texts": "INSERT INTO texts VALUES (?, ?)",
    "words": "INSERT INTO words(rowid, body) VALUES (?, ?)",
    "symbols": "INSERT INTO symbols VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    "bases": "INSERT INTO bases VALUES (?, ?)",
    "added_bases": "INSERT INTO added_bases VALUES (?, ?, ?)",
    "search": "INSERT INTO search(rowid, name, doc, signature) VALUES (?, ?, ?, ?)",
    "search_paths": "INSERT INTO search_paths(rowid, path) VALUES (?, ?)",
    "sections": "INSERT INTO sections VALUES (?, ?, ?, ?, ?, ?, ?)",
    "search_sections": "INSERT INTO search_sections(rowid, title, body) VALUES (?, ?, ?)",
    "marks": "INSERT INTO marks VALUES (?, ?)",
    "builds": "INSERT INTO builds VALUES (?, ?)",
    "settings": "INSERT INTO settings VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    "definers": "INSERT INTO definers VALUES (?, ?)",
}


class StoreWriter(Store):
    """The store at `path`, to be written. Raises StoreError; DamagedStoreError where it must be made anew."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, read_only=False)
        self._references = References(self._db, self._mentioned_elsewhere)
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
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")
        except sqlite3.Error as error:
            with suppress(sqlite3.Error):  # a full disk gets back what was written in vain
                self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            kind = DamagedStoreError if is_damage(error) else StoreError
            raise kind(f"The index at {self._path} cannot be written ({error}); check the disk's space.") from error

    # --- files

    def put(self, rows: FileRows, replaced: Collection[int] = (), *, follow: bool) -> None:
        """Write files, in place of what is known of those that are `replaced`.

        With `follow`, what depends on the difference is brought up to date or marked: only for one file at a time.
        Without it, everything must be reckoned anew afterwards: `begin_afresh` before, `reckon_references` after.
        """
        self._changed = True
        kept = {file: kept_of(self._db, file, rows) if follow else NOTHING_KEPT for file in replaced}
        before = {file: self._forget(file, follow=follow, kept=kept[file]) for file in replaced}
        mentions = _mentions_in(rows) if follow else NOTHING
        written = without(rows, next(iter(kept.values()))) if follow and kept else rows
        for table, insert in _INSERTS.items():
            self._db.executemany(insert, getattr(written, table))
        for file, path, *_ in rows.files:
            self._db.execute("DELETE FROM passed_over WHERE path = ?", [path])
            if follow:
                said, mentioned = before.get(file, (NO_SYMBOLS, NOTHING))
                self._follow(file, path, said, mentioned, mentions, kept=kept.get(file, NOTHING_KEPT))
                self._want_samples(file)

    def remove(self, path: str, *, follow: bool) -> None:
        """Forget a file."""
        self._changed = True
        file = self._id(path)
        before = self._forget(file, follow=follow)
        self._drop_samples(file)
        if follow:
            self._follow(file, path, *before, NOTHING)

    def next_id(self) -> int:
        """A number that no file has, and none above it."""
        return int(self._rows("SELECT coalesce(max(id), 0) + 1 FROM files")[0][0])

    def put_stamp(self, path: str, stamp: str) -> None:
        """Note what the file system says of a file that was found unchanged."""
        self._db.execute("UPDATE files SET stamp = ? WHERE path = ?", [stamp, path])

    def pass_over(self, path: str, reason: str) -> None:
        """Note that a file was left out for what is in it."""
        self._db.execute("INSERT OR REPLACE INTO passed_over VALUES (?, ?)", [path, reason])

    def forget_passed_over(self, path: str) -> None:
        """Take back `pass_over`."""
        self._db.execute("DELETE FROM passed_over WHERE path = ?", [path])

    def _forget(self, file: int, *, follow: bool, kept: Kept = NOTHING_KEPT) -> tuple[Said, Mentions]:
        """Delete the rows of a file but those that are kept; what they said, where that is to be followed."""
        first, after = first_symbol(file), first_symbol(file + 1)
        said = self._said(file, kept) if follow else NO_SYMBOLS
        mentioned = NOTHING
        sections = self._numbered_sections(file)
        for path, family, lang, imports, packed in self._rows(
            "SELECT path, family, lang, imports, text FROM files JOIN texts ON file = id WHERE id = ?", file
        ):
            words = words_of(unpack_text(packed))
            if not kept.path:
                self._db.execute(
                    "INSERT INTO search_paths(search_paths, rowid, path) VALUES ('delete', ?, ?)",
                    [file, search_path(path)],
                )
            self._db.execute(
                "INSERT INTO words(words, rowid, body) VALUES ('delete', ?, ?)",
                [file, indexed_words(words)],
            )
            if follow and not sections:  # a document mentions nothing that counts
                names = {name for (name,) in self._rows("SELECT name FROM definers WHERE file = ?", file)}
                mentioned = Mentions(family, words | imported(json.loads(imports or "[]"), lang), names)
        rows = self._rows("SELECT id, name, doc, signature FROM symbols WHERE id >= ? AND id < ?", first, after)
        self._db.executemany(
            "INSERT INTO search(search, rowid, name, doc, signature) VALUES ('delete', ?, ?, ?, ?)",
            [search_row(*row) for row in rows if row[0] not in kept.searched],
        )
        self._db.executemany(
            "INSERT INTO search_sections(search_sections, rowid, title, body) VALUES ('delete', ?, ?, ?)",
            [search_section(number, section) for number, section in sections],
        )
        self._db.execute("DELETE FROM sections WHERE id >= ? AND id < ?", [first, after])
        gone = [(number,) for number, *_ in rows if number not in kept.symbols]
        self._db.executemany("DELETE FROM bases WHERE symbol = ?", gone)
        self._db.executemany("DELETE FROM symbols WHERE id = ?", gone)
        defined = (name for (name,) in self._rows("SELECT name FROM definers WHERE file = ?", file))
        self._db.executemany(
            "DELETE FROM definers WHERE file = ? AND name = ?",
            [(file, name) for name in defined if name not in kept.names],
        )
        for table in ("texts", "builds", "settings", "added_bases", "marks"):
            self._db.execute(f"DELETE FROM {table} WHERE file = ?", [file])  # noqa: S608
        self._db.execute("DELETE FROM files WHERE id = ?", [file])
        return said, mentioned

    def _follow(
        self,
        file: int,
        path: str,
        said: Said,
        mentioned: Mentions,
        mentions: Mentions,
        *,
        kept: Kept = NOTHING_KEPT,
    ) -> None:
        """Bring up to date what depends on a file, of which it is told what it said and mentioned before, what it
        mentions now, and what was kept: that makes no difference."""
        self._references.update(file, mentioned, mentions)
        mark_dependents(self._db, path, said, self._said(file, kept))

    def _said(self, file: int, kept: Kept) -> Said:
        """What a file says, but for the symbols that are kept."""
        added = self._rows("SELECT qualified, name FROM added_bases WHERE file = ?", file)
        return Said(tuple(self._symbols_of(file, but=kept.symbols)), frozenset(added))

    # --- references

    def begin_afresh(self) -> None:
        """So much is going to change that nothing is followed: all samples are looked at again when they are wanted,
        and references reckoned at the end."""
        self._changed = True
        self.put_meta("references", "")
        self._db.execute("UPDATE samples SET stale = ?", [LATER])

    def reckon_references(self, mentions: Mapping[str, Counter[str]]) -> None:
        """Bring `names` and the importance of files up to date at once. `mentions`: as in `reckon`."""
        reckon(self._db, mentions)
        self.put_meta("references", "1")

    def _mentioned_elsewhere(self, name: str, family: str, file: int) -> int:
        """How many files but one mention a name, in the texts themselves."""
        is_import = name.startswith(IMPORT)
        condition, values = with_word(name.rpartition("/")[2].removeprefix(IMPORT) if is_import else name)
        rows = self._rows(
            f"""SELECT lang, imports, text FROM files JOIN texts ON file = files.id
                WHERE family = ? AND files.id != ? AND {condition}""",  # noqa: S608
            *(family, file, *values),
        )
        if is_import:
            return sum(name in imported(json.loads(imports or "[]"), lang) for lang, imports, _ in rows)
        return sum(name in words_of(unpack_text(packed)) for _, _, packed in rows)

    # --- samples

    def stale_sources(self) -> list[str]:
        """Sources of samples that somebody waits for: files that changed themselves, those that depend on them, then
        the project."""
        return [
            row[0]
            for row in self._rows(
                """SELECT coalesce(path, '') FROM samples LEFT JOIN files ON id = file
                   WHERE stale IN (?, ?) ORDER BY path IS NULL, stale DESC, path""",
                *(DEPENDENT, CHANGED),
            )
        ]

    def mark_all_samples_stale(self) -> None:
        """Have all samples looked at that were made so far."""
        self._db.execute("UPDATE samples SET stale = ? WHERE NOT stale", [DEPENDENT])

    def put_off_stale_samples(self) -> None:
        """Wait for no stale samples: they are looked at when they are wanted."""
        self._db.execute("UPDATE samples SET stale = ? WHERE stale", [LATER])

    def drop_samples(self) -> None:
        """Forget all samples that were made: they are made anew when they are wanted."""
        for table in _OF_SAMPLES:
            self._db.execute(f"DELETE FROM {table}")  # noqa: S608

    def put_samples(self, source: str, view: str, samples: PackedSamples | None) -> bool:
        """Keep the samples of a source ('' is the project), which are of the view with this digest.

        None says that those kept already are of that view. A file that has gone meanwhile is no error. False where
        nothing was kept, since a part that was not made anew is not here any more.
        """
        owner = self._owner(source)
        if samples is None:
            self._db.execute("UPDATE samples SET stale = 0 WHERE file = ?", [owner])
            return True
        kept = set(self.sample_keys(source))
        made = {part.key for part in samples.made}
        if owner < PROJECT or not kept.union(made).issuperset(samples.keys):
            return False
        gone = kept.difference(samples.keys)
        self._db.executemany("DELETE FROM sample_parts WHERE file = ? AND key = ?", [(owner, key) for key in gone])
        self._db.executemany(
            "INSERT OR REPLACE INTO sample_parts VALUES (?, ?, ?, ?)",
            [(owner, part.key, json.dumps(part.kinds), part.rows) for part in samples.made],
        )
        kinds = json.dumps(self._sum("SELECT kinds, 1 FROM sample_parts WHERE file = ?", owner))
        self._db.execute(
            "INSERT OR REPLACE INTO samples(file, view, kinds, keys) VALUES (?, ?, ?, ?)",
            [owner, view, kinds, pack_keys(samples.keys)],
        )
        self._db.execute("DELETE FROM candidates WHERE file = ?", [owner])
        self._db.executemany(
            "INSERT OR IGNORE INTO candidates VALUES (?, ?)", [(name, owner) for name in samples.candidates]
        )
        return True

    def _want_samples(self, file: int) -> None:
        """Have the samples of a file that changed made at once, or forgotten where it is no source any more."""
        if self._rows(f"SELECT 1 FROM files WHERE id = ? AND {TAUGHT}", file):  # noqa: S608
            self._db.execute(
                """INSERT INTO samples(file, view, kinds, keys, stale) VALUES (?, '', '{}', x'', ?)
                   ON CONFLICT(file) DO UPDATE SET stale = excluded.stale""",
                [file, CHANGED],
            )
        else:
            self._drop_samples(file)

    def _drop_samples(self, file: int) -> None:
        for table in _OF_SAMPLES:
            self._db.execute(f"DELETE FROM {table} WHERE file = ?", [file])  # noqa: S608

    # --- the rest

    def put_problem(self, path: str, problem: str) -> None:
        """Note one sentence about what went wrong with a file."""
        self._db.execute("UPDATE files SET problem = ? WHERE path = ?", [problem, path])

    def put_stack(self, stack: Stack, state: str) -> None:
        """Replace what the project is made of, as it is in this state of the store."""
        self.put_meta("stack", stack_json().dump_json(stack).decode())
        self.put_meta("stack_of", state)

    def put_history(self, history: History) -> None:
        """Replace what git tells, of which the project's samples are made."""
        self.put_meta("history", history_json().dump_json(history).decode())
        self.put_meta("history_of", history.head)
        self._db.execute("UPDATE samples SET stale = ? WHERE NOT stale AND file = ?", [DEPENDENT, PROJECT])

    def put_meta(self, key: str, value: str) -> None:
        """Set a note of the index about itself."""
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", [key, value])

    def finish(self) -> None:
        """Note that a first build has run to its end; from now on names are found quickly."""
        for statement in filter(None, map(str.strip, INDEXES.split(";"))):
            self._db.execute(statement)
        self.put_meta("complete", "1")


def _mentions_in(rows: FileRows) -> Mentions:
    """What the one file of these rows mentions."""
    for family, words in rows.mentions:
        return Mentions(family, frozenset(unpack_words(words)), {name for _, name in rows.definers})
    return NOTHING
