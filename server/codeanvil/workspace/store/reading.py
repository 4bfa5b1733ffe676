"""Reading the store: what every process knows about the workspace, as the index process last left it.

The index process writes while others read (SQLite's WAL); each method sees one consistent state. A store that was
replaced by a new file is opened anew.
"""

import hashlib
import json
from collections import Counter

from codeanvil.workspace.index.report import IndexReport
from codeanvil.workspace.store.samples import SampleReader


class Store(SampleReader):
    """The store at `path`, for use from any thread.

    With `read_only` false it is made or renewed where need be; only a holder of the writer's lock may do so.
    Raises StoreError, from here and from every method, where the store is missing or cannot be read.
    """

    def complete(self) -> bool:
        """Whether a first build has run to its end. Before that, much is missing and much is slow."""
        return bool(self.meta("complete"))

    def revision(self) -> str:
        """The code revision: hex SHA-256 over path and content hash of every file."""

        def digest() -> str:
            rows = self._rows("SELECT path, sha FROM files ORDER BY path")
            return hashlib.sha256("".join([f"{path}\0{sha}\n" for path, sha in rows]).encode()).hexdigest()

        return self._cached("revision", digest)

    def report(self) -> IndexReport:
        """What is in the store."""
        left_out = Counter(json.loads(self.meta("left_out") or "{}"))
        left_out.update(dict(self._rows("SELECT reason, count(*) FROM passed_over GROUP BY reason")))
        return IndexReport(
            revision=self.revision(),
            files=dict(self._rows("SELECT lang, count(*) FROM files GROUP BY lang ORDER BY lang")),
            symbols=self._sum("SELECT kinds, count(*) FROM files GROUP BY lang, kinds"),
            samples=self._sum("SELECT kinds, 1 FROM samples WHERE NOT stale"),
            left_out=dict(sorted(left_out.items())),
            secrets=self._sum("SELECT secrets, 1 FROM files WHERE secrets != '{}'"),
            problems=dict(self._rows("SELECT path, problem FROM files WHERE problem IS NOT NULL ORDER BY path")),
            set_aside=tuple(row[0] for row in self._rows("SELECT path FROM files WHERE set_aside ORDER BY path")),
        )
