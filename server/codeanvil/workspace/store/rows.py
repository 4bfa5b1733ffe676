"""Facts and samples as the store keeps them."""

import json
import re
import zlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, fields, replace
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from codeanvil.facts.model import BuildFacts, FileFacts, History, Role, Section, Setting, Stack, Symbol
from codeanvil.samples.model import Sample
from codeanvil.workspace.store.tables import FILE_BITS

if TYPE_CHECKING:
    from pydantic import TypeAdapter

PROJECT = 0
"""Stands for a file's number where samples are those of the whole project."""

SYMBOL_COLUMNS = (
    'symbols.id, kind, lang, symbols.name, scope, qualified, path, line, "end", bases, methods, decl, symbols.doc, '
    "signature"
)
SECTION_COLUMNS = 'path, line, "end", titles, part, lead, text'
FILE_COLUMNS = "path, lang, sha, lines, imports, files.doc, main_line, problem, role"

_SAMPLE_VALUES = attrgetter(*(each.name for each in fields(Sample)))
_CAMEL = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+|[^\W\d_a-zA-Z]+")


@dataclass(frozen=True, slots=True)
class FileRow:
    """One file of the index. `lang` of a build file that is no source is its build system.

    `importance`: how many others mention the types and functions it defines, or import it, added up, times the
    weight of its `role`, in hundredths.
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
    """A file of which samples can be made, or the project (''). `samples`: how many there are, None before that.

    `is_code`: it is source, not a document. `types`: how many types it defines or declares."""

    path: str
    role: Role
    importance: int
    samples: int | None
    is_code: bool = True
    types: int = 0


@dataclass(frozen=True, slots=True)
class KnownFile:
    """What a build must know of a file that is in the index: its number, its content's hash, and its stamp."""

    id: int
    sha: str
    stamp: str


@dataclass(frozen=True, slots=True)
class Use:
    """That a file mentions a name so many times, first in `line`; `within`: the symbol around that line, or ''."""

    path: str
    count: int
    line: int
    within: str = ""


@dataclass(slots=True)
class FileRows:
    """The rows of files that were read, table by table, ready to be written.

    `mentions`: of each file its family, and as one text (see `pack_words`) the words that it mentions and does not
    define.
    """

    files: list[tuple[Any, ...]] = field(default_factory=list)
    texts: list[tuple[int, bytes]] = field(default_factory=list)
    words: list[tuple[int, str]] = field(default_factory=list)
    symbols: list[tuple[Any, ...]] = field(default_factory=list)
    bases: list[tuple[int, str]] = field(default_factory=list)
    added_bases: list[tuple[int, str, str]] = field(default_factory=list)
    search: list[tuple[int, str, str, str]] = field(default_factory=list)
    search_paths: list[tuple[int, str]] = field(default_factory=list)
    marks: list[tuple[int, str]] = field(default_factory=list)
    builds: list[tuple[int, str]] = field(default_factory=list)
    settings: list[tuple[Any, ...]] = field(default_factory=list)
    sections: list[tuple[Any, ...]] = field(default_factory=list)
    search_sections: list[tuple[int, str, str]] = field(default_factory=list)
    definers: list[tuple[int, str]] = field(default_factory=list)
    mentions: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class PackedPart:
    """Some samples of a source, compressed; `kinds` counts them. `key`: as of `samples.generate.Part`."""

    key: int
    kinds: Counter[str]
    rows: bytes


@dataclass(frozen=True, slots=True)
class PackedSamples:
    """Samples of one source: the `keys` of all their parts, in order, and those of the parts that were not kept before.

    `candidates`: the invented names that they may deny.
    """

    keys: tuple[int, ...] = ()
    made: tuple[PackedPart, ...] = ()
    candidates: tuple[str, ...] = ()


@cache
def build_json() -> "TypeAdapter[BuildFacts]":
    """Reads and writes the facts of a build file as JSON. Made when needed: pydantic is slow to start."""
    from pydantic import TypeAdapter

    return TypeAdapter(BuildFacts)


@cache
def stack_json() -> "TypeAdapter[Stack]":
    """The same for a stack."""
    from pydantic import TypeAdapter

    return TypeAdapter(Stack)


@cache
def history_json() -> "TypeAdapter[History]":
    """The same for what git tells."""
    from pydantic import TypeAdapter

    return TypeAdapter(History)


def symbol_row(number: int, symbol: Symbol) -> tuple[Any, ...]:
    """The row of a symbol in the table `symbols`."""
    return (
        number,
        symbol.kind,
        symbol.name,
        symbol.scope,
        symbol.qualified,
        symbol.line,
        symbol.end,
        json.dumps(symbol.bases) if symbol.bases else "",
        json.dumps(symbol.methods) if symbol.methods else "",
        symbol.decl,
        symbol.doc,
        symbol.signature,
        symbol.is_type,
        is_place(symbol),
    )


def setting_row(file: int, place: int, setting: Setting) -> tuple[Any, ...]:
    """The row of a setting in the table `settings`."""
    values = setting.name, setting.kind, setting.line, setting.default, setting.doc, setting.sets
    return file, place, *values


def search_row(number: int, name: str, doc: str, signature: str) -> tuple[int, str, str, str]:
    """The row of a symbol in the full-text index."""
    return number, f"{name} {split_words(name)}", doc, signature


def search_path(path: str) -> str:
    """A path as the full-text index has it."""
    return f"{path} {split_words(path)}"


def section_row(number: int, section: Section) -> tuple[Any, ...]:
    """The row of a section in the table `sections`."""
    titles = json.dumps(section.titles, ensure_ascii=False)
    return number, section.line, section.end, titles, section.part, section.lead, section.text


def search_section(number: int, section: Section) -> tuple[int, str, str]:
    """The row of a section in the full-text index."""
    return number, f"{section.title} {split_words(section.title)}", section.text


def section_of(row: tuple[Any, ...]) -> Section:
    """The section of a row of SECTION_COLUMNS."""
    path, line, end, titles, part, lead, text = row
    return Section(path, line, end, tuple(json.loads(titles)), text, lead, part)


def symbol_of(row: tuple[Any, ...]) -> Symbol:
    """The symbol of a row of SYMBOL_COLUMNS."""
    _, kind, lang, name, scope, qualified, path, line, end, bases, methods, decl, doc, signature = row
    return Symbol(
        kind,
        lang,
        name,
        scope,
        qualified,
        path,
        line,
        end,
        _texts(bases),
        _texts(methods),
        bool(decl),
        doc,
        signature,
    )


def _texts(packed: str) -> tuple[str, ...]:
    """The texts of a list in JSON as `json.dumps` writes it; without escapes, three times as fast as `json.loads`."""
    if not packed:
        return ()
    return tuple(json.loads(packed)) if "\\" in packed or packed == "[]" else tuple(packed[2:-2].split('", "'))


def facts_of(row: tuple[Any, ...], symbols: Iterable[Symbol] = ()) -> FileFacts:
    """The facts of a row of FILE_COLUMNS."""
    path, lang, sha, lines, imports, doc, main_line, problem, role = row
    return FileFacts(
        path=path,
        lang=lang,
        sha=sha,
        lines=lines,
        symbols=tuple(symbols),
        imports=tuple(json.loads(imports)) if imports else (),
        doc=doc,
        has_main=main_line > 0,
        main_line=main_line,
        problem=problem,
        role=role,
    )


def first_symbol(file: int) -> int:
    """The number of the first symbol of a file; that of the next file is one more than the number of the last."""
    return file << FILE_BITS


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


def pack_text(text: str) -> bytes:
    """A file's text as the store keeps it: level 1 takes a third of the time of the default and a tenth more space."""
    return zlib.compress(text.encode("utf-8", "surrogatepass"), 1)


def unpack_text(packed: bytes) -> str:
    """What `pack_text` packed."""
    return zlib.decompress(packed).decode("utf-8", "surrogatepass")


def pack_part(key: int, samples: Iterable[Sample]) -> PackedPart:
    """Samples as one compressed value: the many wordings of a fact repeat each other."""
    rows = [_SAMPLE_VALUES(sample) for sample in samples]  # dataclasses.astuple copies, and takes ten times as long
    kinds = Counter(row[1] for row in rows)
    return PackedPart(key, kinds, zlib.compress(json.dumps(rows, ensure_ascii=False).encode(), 1))


def pack_keys(keys: Iterable[int]) -> bytes:
    """Keys of parts as one value, eight bytes each."""
    return b"".join(key.to_bytes(8, "big") for key in keys)


def unpack_keys(packed: bytes) -> list[int]:
    """What `pack_keys` packed."""
    return [int.from_bytes(packed[at : at + 8], "big") for at in range(0, len(packed), 8)]


def unpack_samples(rows: bytes) -> list[Sample]:
    """The samples that `pack_part` packed."""
    return [Sample(*row) for row in json.loads(zlib.decompress(rows))]
