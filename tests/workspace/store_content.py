"""All that a store holds, told so that stores can be compared that were made in other ways."""

import sqlite3
from pathlib import Path
from typing import Any

from codeanvil.workspace.store.rows import unpack_keys, unpack_samples
from codeanvil.workspace.store.tables import FILE_BITS


def content(path: Path) -> dict[str, Any]:
    """Every table and full-text index, without numbers of rows and without stamps."""
    db = sqlite3.connect(path)
    files = dict(db.execute("SELECT id, path FROM files")) | {0: ""}
    symbols = {
        number: f"{files[number >> FILE_BITS]} {line} {qualified}"
        for number, line, qualified in db.execute("SELECT id, line, qualified FROM symbols")
    }

    sections = {
        number: f"{files[number >> FILE_BITS]} {line} {part}"
        for number, line, part in db.execute("SELECT id, line, part FROM sections")
    }

    def of(names: dict[int, str], sql: str) -> list[Any]:
        return sorted((names[number], *rest) for number, *rest in db.execute(sql))

    def postings(table: str, names: dict[int, str]) -> list[Any]:
        db.execute(f"CREATE VIRTUAL TABLE temp.{table}_terms USING fts5vocab(main, {table}, instance)")
        return of(names, f"SELECT doc, term, col FROM {table}_terms")

    parts = {
        (file, key): unpack_samples(rows)
        for file, key, rows in db.execute("SELECT file, key, rows FROM sample_parts JOIN samples USING (file) "
                                          "WHERE NOT stale")
    }  # fmt: skip
    found = {
        "files": sorted(
            db.execute(
                """SELECT path, lang, sha, lines, imports, doc, main_line, problem, role, family, is_source, set_aside,
                   kinds, secrets, importance FROM files"""
            )
        ),
        "texts": of(files, "SELECT * FROM texts"),
        "words": postings("words", files),
        "symbols": of(symbols, "SELECT * FROM symbols"),
        "bases": of(symbols, "SELECT symbol, name FROM bases"),
        "added bases": of(files, "SELECT * FROM added_bases"),
        "marks": of(files, "SELECT * FROM marks"),
        "search": postings("search", symbols),
        "search_paths": postings("search_paths", files),
        "sections": of(sections, "SELECT * FROM sections"),
        "search_sections": postings("search_sections", sections),
        "builds": of(files, "SELECT * FROM builds"),
        "settings": of(files, "SELECT * FROM settings"),
        "definers": of(files, "SELECT * FROM definers"),
        "names": sorted(db.execute("SELECT * FROM names")),
        "passed over": sorted(db.execute("SELECT * FROM passed_over")),
        "samples": {
            files[file]: (view, kinds, [parts.pop((file, key)) for key in unpack_keys(keys)])
            for file, view, kinds, keys in db.execute("SELECT file, view, kinds, keys FROM samples WHERE NOT stale")
        },
        "candidates": {
            path: sorted(row[0] for row in db.execute("SELECT name FROM candidates WHERE file = ?", [file]))
            for file, path in files.items()
            if db.execute("SELECT 1 FROM samples WHERE file = ? AND NOT stale", [file]).fetchone()
        },
        "meta": dict(db.execute("SELECT key, value FROM meta WHERE key NOT IN ('state', 'stack_of')")),
    }
    db.close()
    assert not parts, "parts that no source names"
    return found
