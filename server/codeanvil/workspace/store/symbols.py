"""Reading symbols: by name, by file, by base, by scope, by words."""

import re
import unicodedata
from collections.abc import Iterable

from codeanvil.facts.model import Symbol
from codeanvil.workspace.store import spread
from codeanvil.workspace.store.companions import as_called, companion
from codeanvil.workspace.store.connection import Connection
from codeanvil.workspace.store.names import Names
from codeanvil.workspace.store.rows import SYMBOL_COLUMNS, first_symbol, split_words, symbol_of
from codeanvil.workspace.store.tables import FILE_BITS

_OUT_OF_LINE = ("c", "cpp")
_FROM = f"FROM symbols JOIN files ON files.id = symbols.id >> {FILE_BITS}"
FOREIGN = "role IN ('vendored', 'generated')"
_BEST_FIRST = f"is_type DESC, decl, {FOREIGN}, role != 'source', path, line"

_BY_PATH = """SELECT rowid AS file, bm25(search_paths) AS by_path FROM search_paths
              WHERE search_paths MATCH ? ORDER BY by_path LIMIT ?"""

MOST_BY_PATH = 50
"""Files whose path is compared with words that are searched for."""


class SymbolReader(Connection):
    """The symbols of a store."""

    def symbols_named(self, name: str) -> list[Symbol]:
        """Symbols whose simple or qualified name is `name`, case-sensitive; types, definitions, own sources first.

        '::' counts as '.', and a name with dots may leave out the outermost scopes, and Kotlin's `Companion`. A partial
        type of C# has the bases and methods of all its parts.
        """
        dotted = name.replace("::", ".").strip(".")
        simple = dotted.rpartition(".")[2]
        found = [self.whole(s) for s in self._symbols(f"WHERE symbols.name = ? ORDER BY {_BEST_FIRST}", simple)]
        if simple == dotted:
            return found
        return [s for s in found if any(f".{name}".endswith(f".{dotted}") for name in (s.qualified, as_called(s)))]

    def nearest_named(self, name: str, path: str, qualifier: str, most: int) -> list[Symbol]:
        """At most `most` symbols of a simple name: those in the file first, then those in a scope that ends with the
        qualifier, then as in `symbols_named`. Thousands may be called `__init__`."""
        found = self._symbols(
            f"""WHERE symbols.name = ? ORDER BY path != ?, substr('.' || scope, ?) != ?, {_BEST_FIRST} LIMIT ?""",
            *(name, path, -len(qualifier) - 1, f".{qualifier}", most),
        )
        if len(found) == most:  # bodies and overloads of the likeliest may lie further off
            of_first = self._symbols("WHERE symbols.name = ? AND qualified = ? LIMIT ?", name, found[0].qualified, most)
            found += [symbol for symbol in of_first if symbol not in found]
        return [self.whole(symbol) for symbol in found]

    def names_derived_from(self, name: str) -> list[str]:
        """The simple names of the types that `derived_from` gives, in its order: quicker, where hundreds derive."""
        if self._rows("SELECT 1 FROM added_bases WHERE name = ? LIMIT 1", name):
            return [symbol.name for symbol in self.derived_from(name)]
        return [
            row[0]
            for row in self._rows(
                f"""SELECT symbols.name {_FROM} JOIN bases ON bases.symbol = symbols.id WHERE bases.name = ?
                    ORDER BY qualified, path, line""",
                name,
            )
        ]

    def symbols_named_nocase(self, name: str) -> list[Symbol]:
        """Symbols with this simple name in any case (of ASCII letters), in the order of `symbols_named`."""
        found = self._symbols(f"WHERE symbols.name = ? COLLATE NOCASE ORDER BY {_BEST_FIRST}", name)
        return [self.whole(symbol) for symbol in found]

    def spellings(self, flats: Iterable[str]) -> dict[str, list[tuple[str, bool]]]:
        """By name in lower case (of ASCII letters) without '_': how symbols write it, and whether a type does.

        Own sources' names come first, then types' names.
        """
        wanted = list(dict.fromkeys(flats))
        rows = self._rows(
            f"""SELECT lower(replace(name, '_', '')) AS flat, name, max(is_type) {_FROM}
                WHERE lower(replace(name, '_', '')) IN ({", ".join("?" * len(wanted))})
                GROUP BY name ORDER BY min({FOREIGN}), min(role != 'source'), max(is_type) DESC, name""",
            *wanted,
        )
        found: dict[str, list[tuple[str, bool]]] = {}
        for flat, name, is_type in rows:
            found.setdefault(flat, []).append((name, bool(is_type)))
        return found

    def symbols_in(self, path: str) -> list[Symbol]:
        """Symbols of one file, by line."""
        return sorted(self._symbols_of(self._id(path)), key=lambda symbol: symbol.line)

    def derived_from(self, name: str) -> list[Symbol]:
        """Types that have `name` (simple) among their bases, those that other files add to them included."""
        return list(self._cached(f"derived from {name}", lambda: self._derived_from(name)))

    def _derived_from(self, name: str) -> list[Symbol]:
        found = self._symbols(
            "JOIN bases ON bases.symbol = symbols.id WHERE bases.name = ? ORDER BY qualified, path, line", name
        )
        added = self._rows(
            "SELECT qualified, lang, path FROM added_bases JOIN files ON files.id = file WHERE name = ?", name
        )
        if not added:
            return found
        for qualified, lang, path in added:
            types = self._types_called(qualified, lang)
            found += [each for each in types if spread.files_of(each, types, [path])]
        return sorted(dict.fromkeys(found), key=lambda each: (each.qualified, each.file, each.line))

    def members_of(self, symbol: Symbol) -> list[Symbol]:
        """What is declared or defined directly in a type, its own file first, then by file and line.

        For C and C++ also what other files define out of line, unless those have a type of the same name
        themselves. There the namespace may be left out, as after `using namespace`. For other languages that spread
        types over files as `store.spread` says, and of a class of Kotlin what is in its companion object.
        """
        if symbol.lang in spread.BY_ARITY and symbol.is_type:
            found = self._symbols(
                "WHERE scope = ? AND lang = ? ORDER BY path != ?, path, line, symbols.id",
                *(symbol.qualified, symbol.lang, symbol.file),
            )
            return spread.inside(symbol, self._types_like(symbol) if found else [], found)
        scopes = {symbol.qualified, companion(symbol)}
        same_file = self._members_in(symbol.file, scopes)
        if spread.goes_on(symbol):
            found = self._symbols(
                "WHERE scope = ? AND path != ? AND lang = ? ORDER BY path, line, symbols.id",
                symbol.qualified,
                symbol.file,
                symbol.lang,
            )
            files = spread.files_of(symbol, self._types_like(symbol) if found else [], {each.file for each in found})
            return same_file + [each for each in found if each.file in files]
        if symbol.lang not in _OUT_OF_LINE:
            return same_file
        found = self._symbols(
            "WHERE scope IN (?, ?) AND path != ? AND lang IN ('c', 'cpp') ORDER BY path, line",
            symbol.qualified,
            symbol.name,
            symbol.file,
        )
        types = self._symbols("WHERE symbols.name = ? AND is_type AND NOT decl", symbol.name) if found else []
        own = {(each.file, each.qualified) for each in types}
        anywhere = {each.qualified for each in types} - {symbol.qualified}
        return same_file + [each for each in found if (each.file, each.scope) not in own and each.scope not in anywhere]

    def whole(self, symbol: Symbol) -> Symbol:
        """A type with what it has in any file (`store.spread`), any other symbol as it is."""
        if not spread.goes_on(symbol):
            return symbol
        if not spread.is_part(symbol):
            types = self._types_like(symbol)
            return spread.whole(symbol, types, self.members_of(symbol), self._added_bases(symbol, types))
        # Of a module that hundreds of files open as a namespace, few parts have something to add.
        parts = self._symbols(
            """WHERE symbols.name = ? AND qualified = ? AND lang = ? AND (bases != '' OR methods != '')
               ORDER BY path, line""",
            symbol.name,
            symbol.qualified,
            symbol.lang,
        )
        by_name = symbol.lang in spread.BY_NAME and symbol.is_type
        return spread.whole(symbol, parts, self.members_of(symbol) if by_name else ())

    def symbol_names(self) -> Names:
        """All distinct simple names, sorted."""
        return self._cached(
            "names", lambda: Names(row[0] for row in self._rows("SELECT DISTINCT name FROM symbols ORDER BY name"))
        )

    def places(self, name: str, path: str, limit: int) -> tuple[tuple[str, str], ...]:
        """(qualified name, file) of definitions of `name` in files other than `path`: the first ones, sorted."""
        return tuple(
            self._rows(
                f"""SELECT DISTINCT qualified, path {_FROM} WHERE symbols.name = ? AND is_place AND path != ?
                    ORDER BY qualified, path LIMIT ?""",
                name,
                path,
                limit,
            )
        )

    def any_named(self, names: tuple[str, ...]) -> set[str]:
        """Those of `names` that a symbol bears."""
        return {name for name in names if self._rows("SELECT 1 FROM symbols WHERE name = ? LIMIT 1", name)}

    def search(self, text: str, limit: int = 20) -> list[Symbol]:
        """Symbols that best match words of `text`: BM25 over the name's parts, doc and signature, and the file's path.

        What is vendored or generated comes after all the rest, what matches by its file's path alone last.
        """
        terms = search_terms(text)
        if not terms:
            return []
        found = self._symbols(
            f"""JOIN (SELECT rowid AS hit, bm25(search, 10.0, 3.0, 1.0) AS by_words FROM search WHERE search MATCH ?)
                ON hit = symbols.id LEFT JOIN ({_BY_PATH}) ON file = files.id
                ORDER BY {FOREIGN}, by_words + coalesce(by_path, 0), is_type DESC, decl, path, line LIMIT ?""",  # noqa: S608
            *(terms, terms, MOST_BY_PATH, limit),
        )
        if len(found) < limit:
            by_path = self._symbols(
                f"""JOIN ({_BY_PATH}) ON symbols.id >= file << {FILE_BITS} AND symbols.id < (file + 1) << {FILE_BITS}
                    ORDER BY {FOREIGN}, by_path, is_type DESC, decl, path, line LIMIT ?""",
                *(terms, MOST_BY_PATH, limit),
            )
            found = list(dict.fromkeys([*found, *by_path]))[:limit]
        return found

    def _added_bases(self, symbol: Symbol, types: list[Symbol]) -> list[str]:
        """The bases that other files add to a type; `types` are all of its name and scope."""
        rows = self._rows(
            """SELECT path, name FROM added_bases JOIN files ON files.id = file
               WHERE qualified = ? AND lang = ? ORDER BY name, path""",
            *(symbol.qualified, symbol.lang),
        )
        files = spread.files_of(symbol, types, {path for path, _ in rows})
        return [name for path, name in rows if path in files]

    def _types_like(self, symbol: Symbol) -> list[Symbol]:
        """The types with the name and scope of one, itself among them."""
        return self._types_called(symbol.qualified, symbol.lang)

    def _types_called(self, qualified: str, lang: str) -> list[Symbol]:
        return self._symbols(
            "WHERE symbols.name = ? AND qualified = ? AND lang = ? AND is_type AND NOT decl ORDER BY path, line",
            *(qualified.rpartition(".")[2], qualified, lang),
        )

    def _members_in(self, path: str, scopes: set[str]) -> list[Symbol]:
        """The symbols of one file in one of these scopes, by line. Others are not even read: there may be thousands."""
        file = self._id(path)
        found = self._symbols(
            f"WHERE symbols.id >= ? AND symbols.id < ? AND scope IN ({', '.join('?' * len(scopes))})",
            *(first_symbol(file), first_symbol(file + 1), *scopes),
        )
        return sorted(found, key=lambda symbol: symbol.line)

    def _symbols_of(self, file: int, but: frozenset[int] = frozenset()) -> list[Symbol]:
        """The symbols of the file of a number, `but` those of these numbers."""
        first, after = first_symbol(file), first_symbol(file + 1)
        rows = self._rows(
            f"SELECT {SYMBOL_COLUMNS} {_FROM} WHERE symbols.id >= ? AND symbols.id < ? ORDER BY symbols.id",
            *(first, after),
        )
        return [symbol_of(row) for row in rows if row[0] not in but]

    def _symbols(self, rest: str, *values: object) -> list[Symbol]:
        return [symbol_of(row) for row in self._rows(f"SELECT {SYMBOL_COLUMNS} {_FROM} {rest}", *values)]


def search_terms(text: str) -> str:
    """The words of `text` as a full-text query for any of them; '' where there are none."""
    words = re.findall(r"[^\W_]+", f"{text} {split_words(text)}".lower())
    # Letters that SQLite does not know yet would part a word, and the index has no phrases.
    known = (word for word in words if all(unicodedata.ucd_3_2_0.category(each) != "Cn" for each in word))
    return " OR ".join(f'"{word}"' for word in dict.fromkeys(known))
