"""Reading documents: their sections, and those of them that words are found in."""

from codeanvil.facts.model import Section
from codeanvil.workspace.store.relations import RelationReader
from codeanvil.workspace.store.rows import SECTION_COLUMNS, first_symbol, section_of
from codeanvil.workspace.store.symbols import FOREIGN, search_terms
from codeanvil.workspace.store.tables import FILE_BITS

_FROM = f"FROM sections JOIN files ON files.id = sections.id >> {FILE_BITS}"


class DocumentReader(RelationReader):
    """The documents of a store."""

    def documents(self) -> list[str]:
        """Paths of the documents that say something: the outermost first, then by path."""
        rows = self._rows(f"SELECT DISTINCT path {_FROM}")
        return sorted((path for (path,) in rows), key=lambda path: (path.count("/"), path))

    def sections_in(self, path: str) -> list[Section]:
        """The sections of one document, in order."""
        return [section for _, section in self._numbered_sections(self._id(path))]

    def search_sections(self, text: str, limit: int = 5) -> list[Section]:
        """Sections that best match words of `text`: BM25 over title and text; the project's own documents first."""
        terms = search_terms(text)
        if not terms:
            return []
        rows = self._rows(
            f"""SELECT {SECTION_COLUMNS} {_FROM}
                JOIN (SELECT rowid AS hit, bm25(search_sections, 4.0, 1.0) AS by_words FROM search_sections
                      WHERE search_sections MATCH ?) ON hit = sections.id
                ORDER BY {FOREIGN}, by_words, path, sections.id LIMIT ?""",  # noqa: S608
            *(terms, limit),
        )
        return [section_of(row) for row in rows]

    def _numbered_sections(self, file: int) -> list[tuple[int, Section]]:
        """The sections of the file of a number, with theirs."""
        rows = self._rows(
            f"SELECT sections.id, {SECTION_COLUMNS} {_FROM} WHERE sections.id >= ? AND sections.id < ? "
            "ORDER BY sections.id",
            *(first_symbol(file), first_symbol(file + 1)),
        )
        return [(number, section_of(tuple(rest))) for number, *rest in rows]
