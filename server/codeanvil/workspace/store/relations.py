"""Which files use what a file defines, and what it uses itself, for names that say whom they mean.

A use is a mention: by the words of the files alone, so that it is known what a change of a file may change here
(`dependents`, `references`). A name of several parts (`ImageReader`, `to_bytes`) means what bears it; one that is a
word of prose (`Message`) does so only in files that import the one that defines it.
"""

import json
from collections.abc import Iterable
from functools import lru_cache
from itertools import islice

from codeanvil.facts.model import FileFacts
from codeanvil.samples.model import Users
from codeanvil.samples.names import words as parts_of
from codeanvil.workspace.store.references import MOST_DEFINERS
from codeanvil.workspace.store.rows import unpack_text
from codeanvil.workspace.store.tables import FILE_BITS
from codeanvil.workspace.store.uses import UseReader
from codeanvil.workspace.store.words import (
    family_of,
    import_names,
    imported,
    is_indexed,
    places_of,
    with_word,
    words_of,
)

MOST_USERS = 8
"""Files named of those that use a name; of more only the number is told, to one figure."""

MOST_LOOKED_AT = 40
"""Files that may use a name of one part: where more hold the word, it is a word of prose."""


class RelationReader(UseReader):
    """The uses of names in a store, as samples tell them."""

    def users_by_name(self, facts: FileFacts, names: Iterable[str]) -> dict[str, Users]:
        """Who uses each of `names`, which a file defines and no other; names of which that cannot be said are left out.

        Named are the files nearest to it in the tree of folders.
        """
        found: dict[str, Users] = {}
        for name in names:
            if _may_be_told(name):
                users = self._users(facts, name)
                if users is not None:
                    found[name] = users
        return found

    def types_used(self, facts: FileFacts, words: Iterable[str]) -> set[str]:
        """Those of the words of a file that are types which one other file of its languages defines, and it alone."""
        asked = [word for word in words if _may_be_told(word)]
        rows = self._rows(
            f"""SELECT symbols.name, min(files.path), lang
                FROM json_each(?) JOIN symbols ON symbols.name = json_each.value
                JOIN files ON files.id = symbols.id >> {FILE_BITS}
                WHERE is_type AND NOT decl AND family = ?
                GROUP BY symbols.name HAVING count(DISTINCT files.id) = 1 AND min(files.path) != ?""",  # noqa: S608
            *(json.dumps(asked), family_of(facts.lang), facts.path),
        )
        imports = imported(facts.imports, facts.lang)
        return {name for name, path, lang in rows if is_telling(name) or imports & import_names(path, lang)}

    def _users(self, facts: FileFacts, name: str) -> Users | None:
        referred = self.referred(name, facts.lang)
        if not referred:
            return Users(0)
        telling = is_telling(name)
        users: list[str]
        condition, values = with_word(name)
        rows = self._rows(
            f"SELECT id, path, lang, imports FROM files WHERE family = ? AND path != ? AND {condition}",  # noqa: S608
            *(family_of(facts.lang), facts.path, *values),
        )
        rows.sort(key=lambda row: (-_shared(facts.path, row[1]), row[1]))
        holders = (row for row in rows if self._holds(row[0], name))
        if telling:
            users = [path for _, path, *_ in islice(holders, MOST_USERS)]
            return Users(_rounded(referred), tuple(sorted(users)))
        if len(rows) > MOST_LOOKED_AT:
            return None
        own, everyone = self._own_imports(facts), list(holders)
        users = [path for _, path, lang, names in everyone if imported(json.loads(names or "[]"), lang) & own]
        if not users:
            return None  # it is mentioned, but whether it is meant nobody knows
        return Users(_rounded(len(users)), tuple(sorted(users[:MOST_USERS])), imported=len(users) < len(everyone))

    def _own_imports(self, facts: FileFacts) -> set[str]:
        """The words by which others import a file, but for such as too many files have in common."""
        count = "SELECT count(*) FROM definers JOIN files ON files.id = file WHERE name = ? AND family = ?"
        names = import_names(facts.path, facts.lang)
        return {name for name in names if self._rows(count, name, family_of(facts.lang))[0][0] <= MOST_DEFINERS}

    def _holds(self, file: int, name: str) -> bool:
        """Whether the text of a file mentions a name, in its very letters."""
        ((packed,),) = self._rows("SELECT text FROM texts WHERE file = ?", file)
        return any(True for _ in places_of(unpack_text(packed), name))


@lru_cache(maxsize=65_536)  # asked of every word of a file, and files have most words in common
def _may_be_told(name: str) -> bool:
    """Whether a name is one that something can be said to use."""
    return is_indexed(name) and (is_telling(name) or name[:1].isupper())


def is_telling(name: str) -> bool:
    """Whether a name has several parts, as words of prose have not."""
    return len(parts_of(name)) > 1


def types_in(lines: list[str], first: int, last: int, used: set[str]) -> tuple[str, ...]:
    """Those of the names `used` that the lines from `first` to `last` (from 1) mention, sorted."""
    return tuple(sorted(used & words_of("\n".join(lines[first - 1 : last])))) if used else ()


def _shared(one: str, other: str) -> int:
    """How many folders two paths share from the top."""
    count = 0
    for mine, theirs in zip(one.split("/")[:-1], other.split("/")[:-1], strict=False):
        if mine != theirs:
            break
        count += 1
    return count


def _rounded(count: int) -> int:
    """A count to one figure, where not all users are named."""
    return count if count <= MOST_USERS else int(float(f"{count:.0e}"))
