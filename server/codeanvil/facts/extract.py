"""The facts of one source file."""

import hashlib
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType

from tree_sitter import Node

from codeanvil.facts.languages import LANGUAGES, Language
from codeanvil.facts.model import FileFacts
from codeanvil.facts.readers import c, csharp, kotlin, python, swift
from codeanvil.facts.readers.reading import Captures, Reading, line_of
from codeanvil.facts.text import count_lines, to_utf8

MAX_SECOND_TRY = 1_000_000
"""Bytes of a file that is parsed once more in another way when it cannot be parsed as it is."""

C_FAMILY = frozenset({"c", "cpp"})

# What grammars stumble over is blanked: C# and Swift are read as if the lines of `#if` were not there, Kotlin as if
# its types had no annotations, Python as if it held no tables.
_PREPARED = {
    "csharp": csharp.without_directives,
    "kotlin": kotlin.prepared,
    "python": python.without_tables,
    "swift": swift.without_directives,
}

TOLERATED = 0.2
"""Share of a file that may be beyond the parser before it is worth telling: grammars lag behind their languages, and
no preprocessor is run. Of Python's grammar more is expected: there, any error is told."""


def extract(path: str, source: bytes, lang: str) -> FileFacts:
    """What the file at `path` with the bytes `source` says in the language `lang`, a key of `LANGUAGES`.

    Never raises, whatever the bytes: what hinders is one sentence in `problem`, and what could be read is there
    nevertheless. Symbols come in the order of their lines.
    """
    sha = hashlib.sha256(source).hexdigest()
    text = to_utf8(source)
    lines = count_lines(text)

    def without_facts(problem: str) -> FileFacts:
        return FileFacts(path, lang, sha, lines, problem=problem)

    language = LANGUAGES.get(lang)
    if language is None:
        return without_facts(f"{path} is in {lang}, which CodeAnvil does not read; exclude it or name its language.")
    if b"\0" in text:
        return without_facts(f"{path} holds binary data and not {language.title}; exclude it in codeanvil.toml.")
    if lang in _PREPARED:
        text = _PREPARED[lang](text)
    parsed = c.prepared(text, lang) if lang in C_FAMILY else text
    captures = _captured(language, parsed)
    if captures is None:
        return without_facts(f"{path} cannot be parsed as {language.title}; mend it or exclude it in codeanvil.toml.")
    reading = c.read(text, parsed, captures, lang) if lang in C_FAMILY else _read(language, text, captures)
    return FileFacts(
        path=path,
        lang=lang,
        sha=sha,
        lines=lines,
        symbols=tuple(draft.symbol(path, lang) for draft in reading.drafts),
        imports=reading.imports,
        doc=reading.doc,
        has_main=reading.main_line > 0,
        main_line=reading.main_line,
        added_bases=reading.added_bases,
        problem=_problem(path, lang, len(text), captures),
    )


def _captured(language: Language, source: bytes) -> Captures | None:
    """What the query captures; where the parser breaks, of the ways to parse that the reader knows, by the one that
    breaks least. None where no tree can be searched.

    Other ways are `second_tries(source, lang)` of the reader: pairs of a language, whose grammar and query are used,
    and a text of the same length for them. Where more is broken than is tolerated, its `last_tries` too: they lose
    something.
    """
    root = language.parse_for(source, 2_000 + len(source))
    best = language.captures(root) if root is not None else None
    whole = best is not None and "error" not in best
    if whole or language.name in C_FAMILY or len(source) > MAX_SECOND_TRY:
        return best
    for tries, tolerated in (("second_tries", 0.0), ("last_tries", TOLERATED * len(source))):
        if best is not None and tolerated and _breakage(best)[0] <= tolerated:
            break
        for name, text in getattr(_reader(language), tries, _no_more)(source, language.name):
            root = LANGUAGES[name].parse_for(text, 1_000 + len(text) // 8)
            other = LANGUAGES[name].captures(root) if root is not None else None
            if other is not None and (best is None or _breakage(other) < _breakage(best)):
                best = other
    return best


def _no_more(source: bytes, lang: str) -> Iterator[tuple[str, bytes]]:  # noqa: ARG001 - the signature of all
    yield from ()


def _breakage(captures: Captures) -> tuple[int, int]:
    """Bytes that are beyond the parser, and the number of errors."""
    errors = captures.get("error", [])
    return _covered(errors), len(errors)


def _reader(language: Language) -> ModuleType:
    return import_module(f"codeanvil.facts.readers.{language.reader or language.name}")


def _read(language: Language, source: bytes, captures: Captures) -> Reading:
    """What the language's reader, `readers/<reader>.py`, makes of the captures: `read(source, captures)`."""
    reading: Reading = _reader(language).read(source, captures)
    return reading


def _problem(path: str, lang: str, size: int, captures: Captures) -> str | None:
    """The sentence about what could not be parsed: any error in Python, much of the file elsewhere."""
    errors = captures.get("error")
    if not errors:
        return None
    first = min(errors, key=lambda node: node.start_byte)
    if lang != "python" and _covered(errors) <= TOLERATED * size:
        return None
    return f"{path} has a syntax error at line {line_of(first)}; definitions near it may be missing."


def _covered(nodes: list[Node]) -> int:
    """Bytes that the nodes, some of which may lie in others, cover together."""
    reached = covered = 0
    for node in sorted(nodes, key=lambda node: node.start_byte):
        covered += max(0, node.end_byte - max(reached, node.start_byte))
        reached = max(reached, node.end_byte)
    return covered
