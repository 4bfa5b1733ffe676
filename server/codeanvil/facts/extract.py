"""The facts of one source file."""

import hashlib

from tree_sitter import Node

from codeanvil.facts import c_family, python
from codeanvil.facts.languages import LANGUAGES
from codeanvil.facts.model import FileFacts
from codeanvil.facts.preprocessor import prepared
from codeanvil.facts.reading import line_of
from codeanvil.facts.text import count_lines, to_utf8

TOLERATED = 0.2
"""Share of a C or C++ file that may be beyond a parser that runs no preprocessor before it is worth telling."""


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
    parsed = text if lang == "python" else prepared(text, lang)
    root = language.parse(parsed)
    captures = language.captures(root)
    if captures is None:
        return without_facts(f"{path} cannot be parsed as {language.title}; mend it or exclude it in codeanvil.toml.")
    reading = python.read(text, captures) if lang == "python" else c_family.read(text, parsed, captures, lang)
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
        problem=_problem(path, lang, len(text), captures.get("error", [])),
    )


def _problem(path: str, lang: str, size: int, errors: list[Node]) -> str | None:
    """The sentence about what could not be parsed: any error in Python, much of the file in C and C++."""
    if not errors:
        return None
    first = min(errors, key=lambda node: node.start_byte)
    reached = broken = 0
    for node in sorted(errors, key=lambda node: node.start_byte):
        broken += max(0, node.end_byte - max(reached, node.start_byte))
        reached = max(reached, node.end_byte)
    if lang != "python" and broken <= TOLERATED * size:
        return None
    return f"{path} has a syntax error at line {line_of(first)}; definitions near it may be missing."
