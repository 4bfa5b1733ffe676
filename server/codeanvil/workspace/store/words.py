"""How much of the project refers to what a file defines: its importance.

Each file's words are counted when it is read. A name counts where files mention it that do not define it; a change
of one file touches only the names whose count in it differs.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterable

from codeanvil.facts.roles import WEIGHTS

_WEIGHT = f"CASE role {' '.join(f'WHEN {role!r} THEN {weight}' for role, weight in WEIGHTS.items())} END"


class Referrals:
    """The tables `words`, `mentions` and `definers` of a store that is being written; for use inside transactions."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._words: dict[str, int] = {}

    def forget(self) -> None:
        """Trust nothing that was read before: a transaction was rolled back."""
        self._words.clear()

    def count(self, path: str, mentions: Counter[str], names: Iterable[str]) -> None:
        """Replace what a file mentions and the words by which it is referred to; mark the words that differ."""
        file = self._db.execute("SELECT id FROM files WHERE path = ?", [path]).fetchone()[0]
        old_counts = dict(self._db.execute("SELECT word, count FROM mentions WHERE file = ?", [file]))
        old_names = {row[0] for row in self._db.execute("SELECT word FROM definers WHERE file = ?", [file])}
        counts = {self._word(word): count for word, count in mentions.items()}
        new_names = {self._word(name) for name in names}
        for gone in old_counts.keys() - counts.keys():
            self._db.execute("DELETE FROM mentions WHERE word = ? AND file = ?", [gone, file])
        changed = [(word, file, count) for word, count in counts.items() if old_counts.get(word) != count]
        self._db.executemany("INSERT OR REPLACE INTO mentions VALUES (?, ?, ?)", changed)
        self._db.executemany(
            "DELETE FROM definers WHERE word = ? AND file = ?", [(w, file) for w in old_names - new_names]
        )
        self._db.executemany("INSERT INTO definers VALUES (?, ?)", [(w, file) for w in new_names - old_names])
        differ = {word for word, _, _ in changed} | (old_counts.keys() - counts.keys()) | (old_names ^ new_names)
        self._db.executemany("UPDATE words SET stale = 1 WHERE id = ? AND NOT stale", [(word,) for word in differ])

    def _word(self, word: str) -> int:
        if word not in self._words:
            self._db.execute("INSERT OR IGNORE INTO words(word) VALUES (?)", [word])
            self._words[word] = self._db.execute("SELECT id FROM words WHERE word = ?", [word]).fetchone()[0]
        return self._words[word]

    def refresh(self) -> None:
        """Bring up to date how much the project refers to each name and each file."""
        self._db.execute(
            """UPDATE words SET referred = coalesce((
                   SELECT sum(count) FROM mentions WHERE mentions.word = words.id AND NOT EXISTS (
                       SELECT 1 FROM definers WHERE definers.word = words.id AND definers.file = mentions.file)), 0)
               WHERE stale AND EXISTS (SELECT 1 FROM definers WHERE definers.word = words.id)"""
        )
        self._db.execute(
            f"""UPDATE files SET importance = coalesce((
                   SELECT CAST(round(sum(referred) * {_WEIGHT}) AS INTEGER)
                   FROM definers JOIN words ON words.id = definers.word
                   WHERE definers.file = files.id), 0)
               WHERE stale OR id IN (
                   SELECT file FROM definers JOIN words ON words.id = definers.word WHERE words.stale)"""  # noqa: S608
        )
        self._db.execute("UPDATE words SET stale = 0 WHERE stale")
        self._db.execute("UPDATE files SET stale = 0 WHERE stale")
