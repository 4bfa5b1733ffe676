"""How much of the project refers to what a file defines: the importance of names and of files.

A name counts once for each file of its languages that mentions it and does not define it. Over a whole workspace this
is reckoned at once, from counts that were added up while the files were read (`reckon`); after that, an update of one
file changes what differs in it (`References.update`). Both come to the same.
"""

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass

from codeanvil.facts.model import Role
from codeanvil.facts.roles import WEIGHTS

MOST_DEFINERS = 8
"""A name that more files define tells of none of them that it is important."""


@dataclass(frozen=True, slots=True)
class Mentions:
    """What one file says about others: the words in it, and the names by which others refer to it."""

    family: str
    words: Set[str]
    names: Set[str]

    @property
    def foreign(self) -> set[tuple[str, str]]:
        """Words that are not the file's own names, with the family."""
        return {(word, self.family) for word in self.words - self.names}

    @property
    def own(self) -> set[tuple[str, str]]:
        """The file's own names, with the family."""
        return {(name, self.family) for name in self.names}


_REFERRED = """
SELECT coalesce(sum(referred), 0) FROM definers AS own JOIN names ON names.name = own.name AND names.family = ?
WHERE own.file = ? AND (
    SELECT count(*) FROM (
        SELECT 1 FROM definers JOIN files ON files.id = definers.file
        WHERE definers.name = own.name AND files.family = ? LIMIT ? + 1)) <= ?"""
"""How often all files refer to what one defines, but for names that too many define."""

_STALE = "UPDATE samples SET stale = 1 WHERE NOT stale AND file = ?"

NOTHING = Mentions("", frozenset(), frozenset())
"""What a file says that is not there."""


def reckon(db: sqlite3.Connection, mentions: Mapping[str, Counter[str]]) -> None:
    """Fill `names` and the importance of all files, in a transaction.

    `mentions`: by family, how many files mention a word and do not define it.
    """
    files: dict[int, tuple[str, Role]] = {
        file: (family, role) for file, family, role in db.execute("SELECT id, family, role FROM files")
    }
    definers: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for file, name in db.execute("SELECT file, name FROM definers"):
        family = files[file][0]
        if name in mentions.get(family, ()):
            definers[name, family].append(file)
    importance = dict.fromkeys(files, 0)
    for (name, family), defining in definers.items():
        if len(defining) <= MOST_DEFINERS:
            for file in defining:
                importance[file] += mentions[family][name]
    db.execute("DELETE FROM names")
    db.executemany(
        "INSERT INTO names(name, family, referred) VALUES (?, ?, ?)",
        sorted((name, family, mentions[family][name]) for name, family in definers),
    )
    db.executemany(
        "UPDATE files SET importance = ? WHERE id = ?",
        [(_weighed(importance[file], role), file) for file, (_, role) in files.items()],
    )


class References:
    """`names` and importance, kept up to date file by file, in the transactions of whoever writes the files.

    `elsewhere` tells of a name and a family how many files but the given one mention it.
    """

    def __init__(self, db: sqlite3.Connection, elsewhere: Callable[[str, str, int], int]) -> None:
        self._db = db
        self._elsewhere = elsewhere

    def update(self, file: int, before: Mentions, after: Mentions) -> None:
        """After a file was replaced, added (`before` is NOTHING) or removed (`after` is), and its rows written."""
        concerned = {file}
        said, says, own = before.foreign, after.foreign, before.own
        for name, family in (said ^ says) | (own ^ after.own):
            defining = self._definers(name, family)
            if not defining:
                self._put(name, family, 0)
                continue
            if defining == [file] and (name, family) not in own:  # nothing counted what nothing defined
                referred = self._elsewhere(name, family, file)
            else:
                now, was = (name, family) in says, (name, family) in said
                referred = self._referred(name, family) + now - was
            self._put(name, family, referred)
            if len(defining) <= MOST_DEFINERS + 1:  # with one more or less it tells of these files, or of none
                concerned.update(defining)
        for each in concerned:
            self._weigh(each)
        self._db.executemany(_STALE, [(each,) for each in concerned - {file}])  # they may name the files that use them

    def _definers(self, name: str, family: str) -> list[int]:
        """The files that define a name, or so many of them that it tells of none."""
        rows = self._db.execute(
            "SELECT file FROM definers JOIN files ON files.id = file WHERE name = ? AND family = ? LIMIT ?",
            [name, family, MOST_DEFINERS + 2],
        )
        return [row[0] for row in rows]

    def _referred(self, name: str, family: str) -> int:
        row = self._db.execute("SELECT referred FROM names WHERE name = ? AND family = ?", [name, family]).fetchone()
        return int(row[0]) if row else 0

    def _put(self, name: str, family: str, referred: int) -> None:
        if referred:
            self._db.execute("INSERT OR REPLACE INTO names VALUES (?, ?, ?)", [name, family, referred])
        else:
            self._db.execute("DELETE FROM names WHERE name = ? AND family = ?", [name, family])

    def _weigh(self, file: int) -> None:
        row = self._db.execute("SELECT family, role FROM files WHERE id = ?", [file]).fetchone()
        if row:
            family, role = row
            ((total,),) = self._db.execute(_REFERRED, [family, file, family, MOST_DEFINERS, MOST_DEFINERS])
            self._db.execute("UPDATE files SET importance = ? WHERE id = ?", [_weighed(total, role), file])


def _weighed(referred: int, role: Role) -> int:
    return round(100 * referred * WEIGHTS[role])
