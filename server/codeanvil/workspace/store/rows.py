"""Facts and samples as the store keeps them."""

import json
import re
import zlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, fields, replace
from operator import attrgetter
from typing import Any

from pydantic import TypeAdapter

from codeanvil.facts.model import BuildFacts, FileFacts, Role, Stack, Symbol
from codeanvil.samples.model import Sample

BUILD = TypeAdapter(BuildFacts)
STACK = TypeAdapter(Stack)

PROJECT = 0
"""Stands for a file's id where samples are those of the whole project."""

SYMBOL_COLUMNS = (
    'kind, lang, name, scope, qualified, file, line, "end", bases, methods, decl, doc, signature, is_type, is_place'
)
FILE_COLUMNS = "path, lang, sha, lines, imports, doc, main_line, problem, role"

_SAMPLE_VALUES = attrgetter(*(each.name for each in fields(Sample)))
_CAMEL = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+|[^\W\d_a-zA-Z]+")


@dataclass(frozen=True, slots=True)
class FileRow:
    """One file of the index. `lang` of a build file that is no source is its build system.

    `importance`: how often the rest of the project mentions the types it defines, or imports it, times the weight
    of its `role`.
    """

    path: str
    lang: str
    sha: str
    lines: int
    importance: int
    problem: str | None
    doc: str
    role: Role


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A file of which samples can be made, or the project (''); `samples`: how many there are, None before that."""

    path: str
    role: Role
    importance: int
    samples: int | None


@dataclass(frozen=True, slots=True)
class Parsed:
    """All that is kept of one file: made in one reading of its bytes.

    `text` is screened. `mentions` counts its words; `names` are the words by which others refer to it.
    `candidates` are invented names for its samples. `is_source` is false for build files in no known language.
    `set_aside`: no worker could read it, and none tries again until it changes.
    """

    facts: FileFacts
    text: str = ""
    is_source: bool = True
    build: BuildFacts | None = None
    secrets: Counter[str] = field(default_factory=Counter)
    mentions: Counter[str] = field(default_factory=Counter)
    names: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()
    set_aside: bool = False


@dataclass(frozen=True, slots=True)
class PackedSamples:
    """Samples of one source, compressed; `kinds` counts them."""

    kinds: Counter[str]
    rows: bytes


def symbol_row(symbol: Symbol) -> tuple[Any, ...]:
    """The values of SYMBOL_COLUMNS."""
    return (
        symbol.kind,
        symbol.lang,
        symbol.name,
        symbol.scope,
        symbol.qualified,
        symbol.file,
        symbol.line,
        symbol.end,
        json.dumps(symbol.bases),
        json.dumps(symbol.methods),
        symbol.decl,
        symbol.doc,
        symbol.signature,
        symbol.is_type,
        is_place(symbol),
    )


def symbol_of(row: tuple[Any, ...]) -> Symbol:
    """The symbol of a row of SYMBOL_COLUMNS."""
    kind, lang, name, scope, qualified, file, line, end, bases, methods, decl, doc, signature, _, _ = row
    return Symbol(
        kind,
        lang,
        name,
        scope,
        qualified,
        file,
        line,
        end,
        tuple(json.loads(bases)) if bases != "[]" else (),
        tuple(json.loads(methods)) if methods != "[]" else (),
        bool(decl),
        doc,
        signature,
    )


def facts_of(row: tuple[Any, ...], symbols: Iterable[Symbol] = ()) -> FileFacts:
    """The facts of a row of FILE_COLUMNS."""
    path, lang, sha, lines, imports, doc, main_line, problem, role = row
    return FileFacts(
        path=path,
        lang=lang,
        sha=sha,
        lines=lines,
        symbols=tuple(symbols),
        imports=tuple(json.loads(imports)),
        doc=doc,
        has_main=main_line > 0,
        main_line=main_line,
        problem=problem,
        role=role,
    )


def is_place(symbol: Symbol) -> bool:
    """Whether a definition counts as a place where its name is defined, for `FileView.elsewhere`.

    Constructors bear their type's name and private methods the same names everywhere; nobody asks where they are.
    """
    if symbol.decl or symbol.kind == "constructor":
        return False
    return not (symbol.kind == "method" and symbol.name.startswith("_"))


def outline(symbol: Symbol) -> Symbol:
    """A symbol without what changes when only its body or its place in the file does."""
    return replace(symbol, line=0, end=0, methods=(), doc="", signature="")


def split_words(name: str) -> str:
    """`DicomReader2` as "Dicom Reader 2", for the full-text search."""
    return " ".join(_CAMEL.findall(name))


def pack_samples(samples: Iterable[Sample]) -> PackedSamples:
    """Samples as one compressed value: the many wordings of a fact repeat each other."""
    rows = [_SAMPLE_VALUES(sample) for sample in samples]  # dataclasses.astuple copies, and takes ten times as long
    kinds = Counter(row[1] for row in rows)
    return PackedSamples(kinds, zlib.compress(json.dumps(rows, ensure_ascii=False).encode(), 3))


def unpack_samples(rows: bytes) -> list[Sample]:
    """What `pack_samples` packed."""
    return [Sample(*row) for row in json.loads(zlib.decompress(rows))]
