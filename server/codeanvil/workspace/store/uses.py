"""Reading who uses what: a name counts as used where a file of the same languages mentions it."""

import json
from bisect import bisect_right

from codeanvil.facts.model import Symbol
from codeanvil.workspace.store.files import FileReader
from codeanvil.workspace.store.rows import Use, unpack_text
from codeanvil.workspace.store.symbols import FOREIGN
from codeanvil.workspace.store.tables import FILE_BITS
from codeanvil.workspace.store.words import family_of, imported, places_of, with_word, words_of

MOST_NAMES = 5_000
"""Names, the most referred to, among which the most important types are looked for."""


class UseReader(FileReader):
    """The mentions of names in a store."""

    def users_of(self, name: str, lang: str | None = None, most: int | None = None) -> list[Use]:
        """The files that mention `name` as a whole word, those that do so most first, then by path.

        With `lang`, those in languages that can mean a name defined in that one. Files that define the name are
        among them. With `most`, only so many files are looked at, the most important ones.
        """
        return list(self._cached(f"users of {name} {lang} {most}", lambda: self._users_of(name, lang, most)))

    def _users_of(self, name: str, lang: str | None, most: int | None) -> list[Use]:
        found: list[Use] = []
        if not name.strip():
            return found
        for path, packed in self._with_word(name, lang, most):
            text = unpack_text(packed)
            if places := list(places_of(text, name)):
                found.append(Use(path, len(places), text.count("\n", 0, places[0]) + 1))
        return sorted(found, key=lambda use: (-use.count, use.path))

    def uses_in(self, path: str, name: str) -> list[Use]:
        """Where a file mentions `name`: once for each function or type around a mention, by line."""
        lines: dict[str, Use] = {}
        around, text = _Around(self.symbols_in(path)), self.text(path)
        number, counted = 1, 0
        for place in places_of(text, name):
            number, counted = number + text.count("\n", counted, place), place
            within = around.line(number)
            known = lines.get(within)
            lines[within] = Use(path, known.count + 1 if known else 1, known.line if known else number, within)
        return list(lines.values())

    def files_with(self, word: str) -> list[str]:
        """The files that may hold a word, in any case of letters, by path: few more than those that do."""
        condition, values = with_word(word)
        return [row[0] for row in self._rows(f"SELECT path FROM files WHERE {condition} ORDER BY path", *values)]  # noqa: S608

    def referred(self, name: str, lang: str) -> int:
        """How many files mention a name and do not define it; 0 for one that nothing in such languages bears."""
        rows = self._rows("SELECT referred FROM names WHERE name = ? AND family = ?", name, family_of(lang))
        return int(rows[0][0]) if rows else 0

    def most_referred(self, limit: int) -> list[tuple[str, int]]:
        """Qualified names of the types that most other files mention, with how many do; the project's own first."""
        return [
            (qualified, referred)
            for qualified, referred in self._rows(
                f"""SELECT DISTINCT qualified, referred
                    FROM (SELECT * FROM names ORDER BY referred DESC, name, family LIMIT ?) AS names
                    JOIN symbols ON symbols.name = names.name
                    JOIN files ON files.id = symbols.id >> {FILE_BITS} AND files.family = names.family
                    WHERE is_type AND NOT decl AND referred > 0
                    ORDER BY {FOREIGN}, referred DESC, qualified LIMIT ?""",  # noqa: S608
                MOST_NAMES,
                limit,
            )
        ]

    def mentions(self, file: int) -> tuple[str, set[str], set[str]]:
        """Of the file of a number: its family, the words and imports in it, and the names by which others refer to it.

        Nothing for a file that is not there.
        """
        rows = self._rows(
            "SELECT family, lang, imports, text FROM files JOIN texts ON file = files.id WHERE files.id = ?", file
        )
        for family, lang, imports, packed in rows:
            words = words_of(unpack_text(packed)) | imported(json.loads(imports or "[]"), lang)
            return family, words, {name for (name,) in self._rows("SELECT name FROM definers WHERE file = ?", file)}
        return "", set(), set()

    def _with_word(self, word: str, lang: str | None, most: int | None) -> list[tuple[str, bytes]]:
        """(path, packed text) of the files that may hold the word."""
        condition, values = with_word(word)
        return self._rows(
            f"""SELECT path, text FROM (SELECT id, path FROM files WHERE coalesce(family = ?, true) AND {condition}
                                        ORDER BY importance DESC, path LIMIT ?)
                JOIN texts ON file = id""",  # noqa: S608
            None if lang is None else family_of(lang),
            *values,
            -1 if most is None else most,
        )


class _Around:
    """Which symbol of a file is around a line: the innermost one."""

    def __init__(self, symbols: list[Symbol]) -> None:
        self._symbols = symbols  # by line, so that an inner one comes after what is around it
        self._lines = [symbol.line for symbol in symbols]

    def line(self, number: int) -> str:
        for symbol in reversed(self._symbols[: bisect_right(self._lines, number)]):
            if symbol.end >= number:
                return symbol.qualified
        return ""
