"""Reading the samples that were made so far."""

import json
from collections.abc import Iterator

from codeanvil.facts.model import TYPE_KINDS
from codeanvil.samples.model import Sample
from codeanvil.workspace.store.documents import DocumentReader
from codeanvil.workspace.store.files import counts
from codeanvil.workspace.store.rows import PROJECT, SourceRow, unpack_keys, unpack_samples
from codeanvil.workspace.store.tables import TAUGHT


class SampleReader(DocumentReader):
    """The samples of a store. A source is a file's path, or '' for the whole project."""

    def state(self) -> str:
        """Which of its states the store is in: another one after every change of facts."""
        return self.meta("state")

    def sampled_view(self, source: str) -> str:
        """Digest of the view that the samples of a source were made of; '' where none were."""
        return next(
            (str(row[0]) for row in self._rows("SELECT view FROM samples WHERE file = ?", self._owner(source))), ""
        )

    def samples_of(self, source: str) -> list[Sample]:
        """The samples made of one source alone, as it is now; none where none were made yet."""
        rows = self._rows(
            "SELECT keys, key, rows FROM samples JOIN sample_parts USING (file) WHERE file = ? AND NOT stale",
            self._owner(source),
        )
        parts = {key: packed for _, key, packed in rows}
        return [sample for keys, *_ in rows[:1] for key in unpack_keys(keys) for sample in unpack_samples(parts[key])]

    def sample_keys(self, source: str) -> list[int]:
        """Keys of the parts that were made of a source, stale or not, in order."""
        rows = self._rows("SELECT keys FROM samples WHERE file = ?", self._owner(source))
        return [key for (packed,) in rows for key in unpack_keys(packed)]

    def sources(self) -> list[SourceRow]:
        """All that samples can be made of: the project first, then the source files and the documents by path."""
        rows = self._rows(
            f"""SELECT path, role, importance, samples.kinds, is_source, files.kinds FROM files
                LEFT JOIN samples ON samples.file = files.id AND NOT samples.stale WHERE {TAUGHT} ORDER BY path"""  # noqa: S608
        )
        project = self._rows(
            "SELECT '', 'source', 0, kinds, false, '{}' FROM samples WHERE file = ? AND NOT stale", PROJECT
        )
        return [
            SourceRow(
                path,
                role,
                importance,
                None if kinds is None else sum(json.loads(kinds).values()),
                bool(is_code),
                sum(count for kind, count in counts(symbols) if kind in TYPE_KINDS),
            )
            for path, role, importance, kinds, is_code, symbols in (
                *(project or [("", "source", 0, None, False, "{}")]),
                *rows,
            )
        ]

    def samples(self, kind: str | None = None, source: str | None = None) -> list[Sample]:
        """Samples made so far, of one kind or of one source if so asked."""
        return [sample for sample in self.iter_samples(source) if kind is None or sample.kind == kind]

    def iter_samples(self, source: str | None = None) -> Iterator[Sample]:
        """As `samples`, those of the project first, then file by file: only one file's are in memory at a time."""
        paths = ["", *(row[0] for row in self._rows("SELECT path FROM files ORDER BY path"))]
        for path in paths if source is None else dict.fromkeys(["", source]):
            # Samples about the build are the project's, and their source is the build file.
            yield from (each for each in self.samples_of(path) if source is None or each.source == source)

    def _owner(self, source: str) -> int:
        return self._id(source) if source else PROJECT
