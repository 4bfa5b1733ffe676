"""Views of many files at once, from nothing but their facts: what the index computes from its store."""

from collections.abc import Iterable, Mapping, Sequence

from codeanvil.facts.model import FileFacts, Symbol
from codeanvil.samples.model import FileView
from codeanvil.samples.names import absent_candidates

MOST_ELSEWHERE = 8


def views(files: Sequence[FileFacts], texts: Mapping[str, str] | None = None) -> list[FileView]:
    """The view of each file, as if these files were the whole workspace. `texts` maps path to text."""
    named: dict[str, list[Symbol]] = {}
    derived: dict[str, list[Symbol]] = {}
    for symbol in _defined(files):
        named.setdefault(symbol.name, []).append(symbol)
        for base in symbol.bases:
            derived.setdefault(base, []).append(symbol)
    paths: dict[str, list[str]] = {}
    for file in files:
        paths.setdefault(file.path.rsplit("/", 1)[-1], []).append(file.path)
    known = {symbol.name for file in files for symbol in file.symbols}
    return [
        FileView(
            facts=file,
            text=(texts or {}).get(file.path, ""),
            derived={
                symbol.qualified: tuple(derived[symbol.name])
                for symbol in file.symbols
                if symbol.is_type and symbol.name in derived
            },
            absent=tuple(name for name in absent_candidates(file) if name not in known),
            elsewhere=_elsewhere(file, named, paths),
        )
        for file in files
    ]


def _defined(files: Iterable[FileFacts]) -> Iterable[Symbol]:
    return (symbol for file in files for symbol in file.symbols if not symbol.decl)


def _elsewhere(
    file: FileFacts, named: Mapping[str, Sequence[Symbol]], paths: Mapping[str, Sequence[str]]
) -> dict[str, tuple[tuple[str, str], ...]]:
    found = {}
    for name in dict.fromkeys(symbol.name for symbol in file.symbols):
        places = {(s.qualified, s.file) for s in named.get(name, ()) if s.file != file.path}
        if places:
            found[name] = tuple(sorted(places)[:MOST_ELSEWHERE])
    name = file.path.rsplit("/", 1)[-1]
    if same := sorted(("", path) for path in paths.get(name, ()) if path != file.path):
        found[name] = tuple(same[:MOST_ELSEWHERE])
    return found
