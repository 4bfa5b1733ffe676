"""Facts of php source."""

from codeanvil.facts.readers.outline import Outline
from codeanvil.facts.readers.reading import Captures, Reading


def read(source: bytes, captures: Captures) -> Reading:
    """Symbols, imports and file comment out of what the query captured in UTF-8 `source`."""
    return Outline(source).reading()
