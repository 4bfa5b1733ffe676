"""C++ source as the tests want it read."""

from codeanvil.facts.extract import extract
from codeanvil.facts.model import FileFacts, Symbol


def read(source: str, lang: str = "cpp") -> FileFacts:
    """The facts of a source."""
    return extract("src/a.cpp", source.encode(), lang)


def shape(source: str) -> list[tuple[str, str]]:
    """Kind and qualified name of every symbol, in order."""
    return [(s.kind, s.qualified) for s in read(source).symbols]


def named(source: str, name: str) -> Symbol:
    """The first symbol of a name."""
    return next(s for s in read(source).symbols if s.name == name)
