"""Documents: README files and their like, read section by section."""

from codeanvil.facts.documents.formats import format_of
from codeanvil.facts.documents.sections import read_sections

__all__ = ["format_of", "read_sections"]
