"""Reading the store: what every process knows about the workspace, as the index process last left it.

The index process writes while others read (SQLite's WAL); each method sees one consistent state. A store that was
replaced by a new file is opened anew.
"""

import hashlib
import json
import sqlite3
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self, TypeVar

from codeanvil.errors import StoreError
from codeanvil.facts.builds import combine
from codeanvil.facts.model import BuildFacts, FileFacts, Stack, Symbol
from codeanvil.samples.model import Sample
from codeanvil.workspace.index.report import IndexReport
from codeanvil.workspace.store import spread
from codeanvil.workspace.store.companions import as_called, companion
from codeanvil.workspace.store.rows import (
    BUILD,
    FILE_COLUMNS,
    PROJECT,
    STACK,
    SYMBOL_COLUMNS,
    FileRow,
    SourceRow,
    facts_of,
    split_words,
    symbol_of,
    unpack_samples,
)
from codeanvil.workspace.store.schema import DamagedStoreError, is_damage, open_for_reading, open_for_writing

_T = TypeVar("_T")
_COLUMNS = ", ".join(f"symbols.{column.strip()}" for column in SYMBOL_COLUMNS.split(","))
_ROLE = "(SELECT role FROM files WHERE path = symbols.file)"
_FOREIGN = f"{_ROLE} IN ('vendored', 'generated')"
_BEST_FIRST = f"ORDER BY is_type DESC, decl, {_FOREIGN}, {_ROLE} != 'source', file, line"
_OUT_OF_LINE = ("c", "cpp")


class Store:
    """The store at `path`, for use from any thread.

    With `read_only` false it is made or renewed where need be; only a holder of the writer's lock may do so.
    Raises StoreError, from here and from every method, where the store is missing or cannot be read.
    """

    def __init__(self, path: Path, *, read_only: bool = True) -> None:
        self._path = path
        self._read_only = read_only
        self._guard = threading.RLock()
        self._cache: dict[str, tuple[tuple[int, int] | None, Any]] = {}
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
                yield
            finally:
                self._db.rollback()

    # --- symbols

    def symbols_named(self, name: str) -> list[Symbol]:
        """Symbols whose simple or qualified name is `name`, case-sensitive; types, definitions, own sources first.

        '::' counts as '.', and a name with dots may leave out the outermost scopes, and Kotlin's `Companion`. A partial
        type of C# has the bases and methods of all its parts.
        """
        dotted = name.replace("::", ".").strip(".")
        simple = dotted.rpartition(".")[2]
        found = [self.whole(symbol) for symbol in self._symbols(f"WHERE name = ? {_BEST_FIRST}", simple)]
        if simple == dotted:
            return found
        return [s for s in found if any(f".{name}".endswith(f".{dotted}") for name in (s.qualified, as_called(s)))]

    def symbols_named_nocase(self, name: str) -> list[Symbol]:
        """Symbols with this simple name in any case (of ASCII letters), in the order of `symbols_named`."""
        return [self.whole(s) for s in self._symbols(f"WHERE name = ? COLLATE NOCASE {_BEST_FIRST}", name)]

    def symbols_in(self, path: str) -> list[Symbol]:
        """Symbols of one file, by line."""
        return self._symbols("WHERE file = ? ORDER BY line, symbols.id", path)

    def derived_from(self, name: str) -> list[Symbol]:
        """Types that have `name` (simple) among their bases."""
        return self._symbols(
            "JOIN bases ON bases.symbol = symbols.id WHERE bases.name = ? ORDER BY qualified, file, line", name
        )

    def members_of(self, symbol: Symbol) -> list[Symbol]:
        """What is declared or defined directly in a type, its own file first, then by file and line.

        For C and C++ also what other files define out of line, unless those have a type of the same name
        themselves. There the namespace may be left out, as after `using namespace`. For other languages that spread
        types over files as `store.spread` says, and of a class of Kotlin what is in its companion object.
        """
        same_file = self._symbols(
            "WHERE scope IN (?, ?) AND file = ? ORDER BY line, symbols.id",
            symbol.qualified,
            companion(symbol),
            symbol.file,
        )
        if spread.goes_on(symbol):
            found = self._symbols(
                "WHERE scope = ? AND file != ? AND lang = ? ORDER BY file, line, symbols.id",
                symbol.qualified,
                symbol.file,
                symbol.lang,
            )
            files = spread.files_of(symbol, self._types_like(symbol) if found else [], {each.file for each in found})
            return same_file + [each for each in found if each.file in files]
        if symbol.lang not in _OUT_OF_LINE:
            return same_file
        return same_file + self._symbols(
            """WHERE scope IN (?, ?) AND file != ? AND lang IN ('c', 'cpp')
               AND NOT EXISTS (SELECT 1 FROM symbols AS other WHERE other.file = symbols.file AND other.is_type
                               AND NOT other.decl AND other.qualified = symbols.scope)
               AND (scope = ? OR NOT EXISTS (SELECT 1 FROM symbols AS other WHERE other.is_type
                                             AND NOT other.decl AND other.qualified = symbols.scope))
               ORDER BY file, line""",
            symbol.qualified,
            symbol.name,
            symbol.file,
            symbol.qualified,
        )

    def whole(self, symbol: Symbol) -> Symbol:
        """A type with what it has in any file (`store.spread`), any other symbol as it is."""
        if not spread.goes_on(symbol):
            return symbol
        if not spread.is_part(symbol):
            return spread.whole(symbol, self._types_like(symbol), self.members_of(symbol))
        # Of a module that hundreds of files open as a namespace, few parts have something to add.
        parts = self._symbols(
            "WHERE qualified = ? AND lang = ? AND (bases != '[]' OR methods != '[]') ORDER BY file, line",
            symbol.qualified,
            symbol.lang,
        )
        by_name = symbol.lang in spread.BY_NAME and symbol.is_type
        return spread.whole(symbol, parts, self.members_of(symbol) if by_name else ())

    def symbol_names(self) -> list[str]:
        """All distinct simple names, sorted."""
        return self._cached(
            "names", lambda: [row[0] for row in self._rows("SELECT DISTINCT name FROM symbols ORDER BY name")]
        )

    def search(self, text: str, limit: int = 20) -> list[Symbol]:
        """Symbols that best match words of `text` (BM25 over the name's parts, doc, signature and path).

        What is vendored or generated comes after all the rest.
        """
        words = dict.fromkeys(f"{text} {split_words(text)}".lower().replace("_", " ").split())
        terms = " OR ".join('"{}"'.format(word.replace('"', "").replace("\0", "")) for word in words)
        if not terms.replace('"', "").strip():
            return []
        return self._symbols(
            f"""JOIN search ON search.rowid = symbols.id WHERE search MATCH ?
               ORDER BY {_FOREIGN}, bm25(search, 10.0, 3.0, 1.0, 2.0), is_type DESC, decl, file, line LIMIT ?""",
            terms,
            limit,
        )

    # --- files, builds, text

    def files(self) -> list[FileRow]:
        """All files of the index, by path."""
        return self._file_rows("ORDER BY path")

    def file(self, path: str) -> FileRow | None:
        """One file of the index."""
        return next(iter(self._file_rows("WHERE path = ?", path)), None)

    def facts(self, path: str) -> FileFacts | None:
        """All facts of one file."""
        for row in self._rows(f"SELECT {FILE_COLUMNS} FROM files WHERE path = ?", path):  # noqa: S608
            return facts_of(row, self.symbols_in(path))
        return None

    def builds(self) -> list[BuildFacts]:
        """What the build files say, by path, each knowing what the others say."""

        def together() -> tuple[BuildFacts, ...]:
            facts = [BUILD.validate_json(row[0]) for row in self._rows("SELECT facts FROM builds ORDER BY file")]
            return combine(facts, {row[0] for row in self._rows("SELECT path FROM files WHERE is_source")})

        return list(self._cached("builds", together))

    def stack(self) -> Stack:
        """What the project is made of."""
        stored = self._meta("stack")
        return STACK.validate_json(stored) if stored else Stack()

    def text(self, path: str) -> str:
        """The source text at the indexed revision, secrets taken out; '' for a file that is not in the index."""
        return next((str(row[0]) for row in self._rows("SELECT text FROM files WHERE path = ?", path)), "")

    # --- samples, reports

    def state(self) -> str:
        """Which of its states the store is in: another one after every change of facts."""
        return self._meta("state") or ""

    def sampled_view(self, source: str) -> str:
        """Digest of the view that the samples of a source ('' is the project) were made of; '' where none were."""
        owner = "(SELECT id FROM files WHERE path = ?)" if source else "?"
        rows = self._rows(f"SELECT view FROM samples WHERE file = {owner}", source or PROJECT)  # noqa: S608
        return str(rows[0][0]) if rows else ""

    def samples_of(self, source: str) -> list[Sample]:
        """The samples made of one source alone, as it is now; none where none were made yet."""
        owner = "(SELECT id FROM files WHERE path = ?)" if source else "?"
        sql = f"SELECT rows FROM samples WHERE file = {owner} AND NOT stale"  # noqa: S608
        return [sample for (rows,) in self._rows(sql, source or PROJECT) for sample in unpack_samples(rows)]

    def sources(self) -> list[SourceRow]:
        """All that samples can be made of: the project first, then the source files by path."""
        rows = self._rows(
            """SELECT path, role, importance, kinds FROM files
               LEFT JOIN samples ON samples.file = files.id AND NOT samples.stale WHERE is_source ORDER BY path"""
        )
        project = self._rows("SELECT '', 'source', 0, kinds FROM samples WHERE file = ? AND NOT stale", PROJECT)
        return [
            SourceRow(path, role, importance, None if kinds is None else sum(json.loads(kinds).values()))
            for path, role, importance, kinds in [*(project or [("", "source", 0, None)]), *rows]
        ]

    def samples(self, kind: str | None = None, source: str | None = None) -> list[Sample]:
        """Samples made so far, of one kind or of one source ('' is the project) if so asked."""
        return [sample for sample in self.iter_samples(source) if kind is None or sample.kind == kind]

    def iter_samples(self, source: str | None = None) -> Iterator[Sample]:
        """As `samples`, those of the project first, then file by file: only one file's are in memory at a time."""
        paths = ["", *(row[0] for row in self._rows("SELECT path FROM files ORDER BY path"))]
        for path in paths if source is None else ["", source]:
            # Samples about the build are the project's, and their source is the build file.
            yield from (each for each in self.samples_of(path) if source is None or each.source == source)

    def revision(self) -> str:
        """The code revision: hex SHA-256 over path and content hash of every file."""

        def digest() -> str:
            total = hashlib.sha256()
            for path, sha in self._rows("SELECT path, sha FROM files ORDER BY path"):
                total.update(f"{path}\0{sha}\n".encode())
            return total.hexdigest()

        return self._cached("revision", digest)

    def report(self) -> IndexReport:
        """What is in the store."""
        left_out = Counter(json.loads(self._meta("left_out") or "{}"))
        left_out.update(dict(self._rows("SELECT reason, count(*) FROM passed_over GROUP BY reason")))
        return IndexReport(
            revision=self.revision(),
            files=dict(self._rows("SELECT lang, count(*) FROM files GROUP BY lang ORDER BY lang")),
            symbols=dict(self._rows("SELECT kind, count(*) FROM symbols GROUP BY kind ORDER BY kind")),
            samples=self._sum("SELECT kinds FROM samples WHERE NOT stale"),
            left_out=dict(sorted(left_out.items())),
            secrets=self._sum("SELECT secrets FROM files WHERE secrets != '{}'"),
            problems=dict(self._rows("SELECT path, problem FROM files WHERE problem IS NOT NULL ORDER BY path")),
            set_aside=tuple(row[0] for row in self._rows("SELECT path FROM files WHERE set_aside ORDER BY path")),
        )

    # --- what views are made of

    def is_source(self, path: str) -> bool:
        """Whether a file of the store is source, of which samples are made."""
        return bool(self._rows("SELECT is_source FROM files WHERE path = ?", path)[0][0])

    def places(self, name: str, path: str, limit: int) -> tuple[tuple[str, str], ...]:
        """(qualified name, file) of definitions of `name` in files other than `path`: the first ones, sorted."""
        return tuple(
            self._rows(
                """SELECT DISTINCT qualified, file FROM symbols WHERE name = ? AND is_place AND file != ?
                   ORDER BY qualified, file LIMIT ?""",
                name,
                path,
                limit,
            )
        )

    def absent(self, path: str) -> tuple[str, ...]:
        """The invented names proposed for a file that no symbol bears, sorted."""
        return tuple(
            row[0]
            for row in self._rows(
                """SELECT name FROM candidates WHERE file = ?
                   AND NOT EXISTS (SELECT 1 FROM symbols WHERE symbols.name = candidates.name) ORDER BY name""",
                path,
            )
        )

    def stack_facts(self) -> list[FileFacts]:
        """Facts of all source files without their symbols, by path."""
        rows = self._rows(f"SELECT {FILE_COLUMNS} FROM files WHERE is_source ORDER BY path")  # noqa: S608
        return [facts_of(row) for row in rows]

    def most_referred(self, limit: int) -> list[tuple[str, int]]:
        """Qualified names of the types that other files mention most, with how often; the project's own first."""
        return [
            (qualified, referred)
            for qualified, referred in self._rows(
                f"""SELECT DISTINCT qualified, referred FROM words JOIN symbols ON symbols.name = words.word
                   WHERE is_type AND NOT decl AND referred > 0 AND EXISTS (
                       SELECT 1 FROM definers WHERE definers.word = words.id)
                   ORDER BY {_FOREIGN}, referred DESC, qualified LIMIT ?""",  # noqa: S608
                limit,
            )
        ]

    # --- how it is read

    def _types_like(self, symbol: Symbol) -> list[Symbol]:
        """The types with the name and scope of one, itself among them."""
        return self._symbols(
            "WHERE qualified = ? AND lang = ? AND is_type AND NOT decl ORDER BY file, line",
            symbol.qualified,
            symbol.lang,
        )

    def _symbols(self, rest: str, *values: object) -> list[Symbol]:
        return [symbol_of(row) for row in self._rows(f"SELECT {_COLUMNS} FROM symbols {rest}", *values)]  # noqa: S608

    def _file_rows(self, rest: str, *values: object) -> list[FileRow]:
        sql = f"SELECT path, lang, sha, lines, importance, problem, doc, role FROM files {rest}"  # noqa: S608
        return [FileRow(*row) for row in self._rows(sql, *values)]

    def _meta(self, key: str) -> str | None:
        return next((row[0] for row in self._rows("SELECT value FROM meta WHERE key = ?", key)), None)

    def _sum(self, sql: str) -> dict[str, int]:
        total: Counter[str] = Counter()
        for (counts,) in self._rows(sql):
            total.update(json.loads(counts))
        return dict(sorted(total.items()))

    def _cached(self, key: str, make: Callable[[], _T]) -> _T:
        """A value that holds until another process has written; a writer asks too seldom to gain from it."""
        if not self._read_only:
            return make()
        with self._guard:
            version = (self._rows("PRAGMA data_version")[0][0], self._inode)
            if self._cache.get(key, (None, None))[0] != version:
                self._cache[key] = (version, make())
            value: _T = self._cache[key][1]
            return value

    def _rows(self, sql: str, *values: object) -> list[Any]:
        with self._guard:
            try:
                if self._read_only and self._path.stat().st_ino != self._inode:
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
