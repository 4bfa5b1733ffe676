"""Reading files: their facts, their text, the builds among them, and what they are together."""

import json
from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import Any

from codeanvil.facts.builds import combine
from codeanvil.facts.model import BuildFacts, FileFacts, History, Setting, Stack
from codeanvil.workspace.store.names import Paths
from codeanvil.workspace.store.rows import (
    FILE_COLUMNS,
    FileRow,
    KnownFile,
    build_json,
    facts_of,
    history_json,
    stack_json,
    unpack_text,
)
from codeanvil.workspace.store.symbols import SymbolReader


class FileReader(SymbolReader):
    """The files of a store."""

    def files(self) -> list[FileRow]:
        """All files of the index, by path."""
        return self._file_rows("ORDER BY path")

    def paths(self) -> Paths:
        """The path of every file of the index, builds included, sorted."""
        return self._cached(
            "paths", lambda: Paths(row[0] for row in self._rows("SELECT path FROM files ORDER BY path"))
        )

    def file(self, path: str) -> FileRow | None:
        """One file of the index."""
        return next(iter(self._file_rows("WHERE path = ?", path)), None)

    def shas(self, paths: Iterable[str]) -> dict[str, str]:
        """The hash of the content that each of these files had when its facts were read, of those in the index."""
        found = ((path, self._rows("SELECT sha FROM files WHERE path = ?", path)) for path in paths)
        return {path: str(rows[0][0]) for path, rows in found if rows}

    def facts(self, path: str) -> FileFacts | None:
        """All facts of one file."""
        for row in self._rows(f"SELECT {FILE_COLUMNS} FROM files WHERE path = ?", path):  # noqa: S608
            return facts_of(row, self.symbols_in(path))
        return None

    def text(self, path: str) -> str:
        """The source text at the indexed revision, secrets taken out; '' for a file that is not in the index."""
        rows = self._rows("SELECT text FROM texts WHERE file = ?", self._id(path))
        return unpack_text(rows[0][0]) if rows else ""

    def builds(self) -> list[BuildFacts]:
        """What the build files say, by path, each knowing what the others say."""

        def together() -> tuple[BuildFacts, ...]:
            rows = self._rows("SELECT facts FROM builds JOIN files ON files.id = file ORDER BY path")
            facts = [build_json().validate_json(row[0]) for row in rows] if rows else []
            return combine(facts, {row[0] for row in self._rows("SELECT path FROM files WHERE is_source")})

        return list(self._cached("builds", together))

    def settings(self) -> list[Setting]:
        """What the project's own files read or give as settings, by path, then in the order of lines."""

        def read() -> tuple[Setting, ...]:
            rows = self._rows(
                """SELECT name, kind, path, line, value, settings.doc, sets FROM settings JOIN files ON files.id = file
                   WHERE role = 'source' ORDER BY path, place"""
            )
            return tuple(Setting(*row) for row in rows)

        return list(self._cached("settings", read))

    def stack(self) -> Stack:
        """What the project is made of."""
        stored = self.meta("stack")
        return stack_json().validate_json(stored) if stored else Stack()

    def history(self) -> History:
        """What the last commits changed."""
        stored = self.meta("history")
        return history_json().validate_json(stored) if stored else History()

    def stack_facts(self) -> list[FileFacts]:
        """Facts of all source files without their symbols, by path."""
        rows = self._rows(f"SELECT {FILE_COLUMNS} FROM files WHERE is_source ORDER BY path")  # noqa: S608
        return [facts_of(row) for row in rows]

    def is_source(self, path: str) -> bool:
        """Whether a file of the store is source, of which samples are made."""
        return bool(self._rows("SELECT 1 FROM files WHERE path = ? AND is_source", path))

    def known_files(self, below: Collection[str] | None = None) -> dict[str, KnownFile]:
        """What a build must know of every file, by path; with `below`, of files with these paths or in such folders."""
        rows = self._below("SELECT path, id, sha, stamp FROM files", below)
        return {path: KnownFile(*rest) for path, *rest in rows}

    def marks(self, below: Collection[str] | None = None) -> dict[str, str]:
        """What the project itself says of files' roles, by path, where it does; `below` as for `known_files`."""
        return dict(self._below("SELECT path, marked FROM marks JOIN files ON id = file", below))

    def passed_over(self, below: Collection[str] | None = None) -> set[str]:
        """The files that were left out for what is in them; `below` as for `known_files`."""
        return {row[0] for row in self._below("SELECT path FROM passed_over", below)}

    def _below(self, sql: str, paths: Collection[str] | None) -> list[Any]:
        if paths is None:
            return self._rows(sql)
        condition = "WHERE path = ? OR (path > ? AND path < ?)"  # '0' is what comes after '/'
        return [row for path in paths for row in self._rows(f"{sql} {condition}", path, f"{path}/", f"{path}0")]

    def _file_rows(self, rest: str, *values: object) -> list[FileRow]:
        sql = f"SELECT path, lang, sha, lines, importance, problem, doc, role FROM files {rest}"  # noqa: S608
        return [FileRow(*row) for row in self._rows(sql, *values)]

    def _sum(self, sql: str, *values: object) -> dict[str, int]:
        """Counts in JSON, added up."""
        total: dict[str, int] = {}
        for packed, times in self._rows(sql, *values):
            for key, count in counts(packed):
                total[key] = total.get(key, 0) + count * times
        return dict(sorted(total.items()))


@lru_cache(maxsize=65_536)  # a report adds up those of all files after each save
def counts(text: str) -> tuple[tuple[str, int], ...]:
    """Counts in JSON: (key, count)."""
    return tuple(json.loads(text).items())
