"""What a worker process does for the index: reads files and turns them into rows of the store."""

import hashlib
import json
import traceback
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path

from codeanvil.facts.builds import is_build_file, is_lock, read_build
from codeanvil.facts.configuration.code import read_settings
from codeanvil.facts.configuration.files import read_config
from codeanvil.facts.configuration.names import is_config_file
from codeanvil.facts.documents import format_of, read_sections
from codeanvil.facts.extract import extract
from codeanvil.facts.generated import HEADER
from codeanvil.facts.languages import language_of
from codeanvil.facts.model import BuildFacts, FileFacts, Section, Setting, Symbol
from codeanvil.facts.roles import role_of
from codeanvil.facts.text import decode
from codeanvil.workspace.contents import LeftOutError, read
from codeanvil.workspace.index.stamps import StampWatch
from codeanvil.workspace.secrets import screen
from codeanvil.workspace.store import Store
from codeanvil.workspace.store.rows import (
    FileRows,
    build_json,
    first_symbol,
    pack_text,
    search_path,
    search_row,
    search_section,
    section_row,
    setting_row,
    symbol_row,
)
from codeanvil.workspace.store.words import (
    LONGEST,
    SHORTEST,
    family_of,
    import_names,
    imported,
    indexed_words,
    pack_words,
    words_of,
)

HEAD = 64_000
"""Bytes of a file from which its language is told."""


@dataclass(frozen=True, slots=True)
class FileJob:
    """One file to read: its path, the number it has or shall have, the hash of its content as known, or '', and what
    the project says of its role (`roles.role_of`)."""

    path: str
    id: int
    sha: str = ""
    marked: str = ""


@dataclass(frozen=True, slots=True)
class ReadJob:
    """Files of the workspace at `root` to read, of `size` bytes together when they were listed. `together`: for a first
    build, in which nothing hangs on the order of files."""

    root: Path
    files: tuple[FileJob, ...]
    size: int
    most_bytes: int
    together: bool


@dataclass(frozen=True, slots=True)
class CountJob:
    """Files of the store at `store`, by number, whose mentions are to be added up."""

    store: Path
    files: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Content:
    """What is read out of one file. Its text is screened, and so is all that is made of it.

    `set_aside`: no worker could read it, and none tries again until it changes.
    """

    facts: FileFacts
    text: str = ""
    is_source: bool = True
    build: BuildFacts | None = None
    settings: tuple[Setting, ...] = ()
    sections: tuple[Section, ...] = ()
    secrets: Counter[str] = field(default_factory=Counter)
    set_aside: bool = False
    marked: str = ""


@dataclass(slots=True)
class Read:
    """What became of the files of a job: rows to write, of one file each or of all together; files that are as they
    were, with their stamps now; files left out, with the reason. Paths as in the job."""

    rows: list[FileRows] = field(default_factory=list)
    unchanged: list[tuple[str, str]] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)


def read_files(job: ReadJob) -> Read:
    """Read files, each once, and make the rows of those that are not as they were."""
    done = Read()
    for file in job.files:
        watch = StampWatch(f"{job.root}/{file.path}")
        try:
            source = read(job.root, file.path, job.most_bytes)
        except LeftOutError as why:
            done.left_out.append((file.path, str(why)))
            continue
        sha = hashlib.sha256(source).hexdigest()
        if sha == file.sha:
            done.unchanged.append((file.path, watch.stamp()))
            continue
        if not (done.rows and job.together):
            done.rows.append(FileRows())
        add_rows(done.rows[-1], file.id, _content_or_problem(file, source, sha), watch.stamp())
    return done


def _content_or_problem(file: FileJob, source: bytes, sha: str) -> Content:
    """As `content`; where our own code breaks off, that is the problem of this file alone."""
    try:
        return content(file.path, source, sha, file.marked)
    except Exception as error:
        traceback.print_exc()  # standard error goes to the log
        name = type(error).__name__
        return unreadable(file, source, f"could not be read by a fault of CodeAnvil's own ({name}); it is left out.")


def content(path: str, source: bytes, sha: str, marked: str = "") -> Content:
    """What the file at `path` with the bytes `source` says. Facts are read from the screened text, so none of them
    holds a secret. `marked`: as in `FileJob`."""
    if is_lock(path):
        source = b""  # that it is there is all that counts: nobody asks for a tool's list of hashes
    screened = screen(path, decode(source))
    clean = screened.text.encode("utf-8", "replace") if screened.kinds or screened.hidden else source
    lang = language_of(path, source[:HEAD])
    build = replace(read_build(path, clean), sha=sha) if is_build_file(path) else None
    if build and marked:
        build = replace(build, role=role_of(path, b"", None, marked))
    config = None if lang or build else is_config_file(path)
    form = None if lang or build or config else format_of(path)
    if lang:
        facts = extract(path, clean, lang)
    else:
        lines = screened.text.count("\n") + (not screened.text.endswith("\n") and bool(screened.text))
        problem = build.problem if build else None
        facts = FileFacts(path, build.system if build else form or config or "", sha, lines, problem=problem)
    role = role_of(path, screened.text[:HEADER].encode("utf-8", "replace"), lang, marked)
    if form and role == "example":
        role = "source"  # a folder of documents is no example of any
    sections = read_sections(path, screened.text, form) if form else ()
    facts = replace(facts, sha=sha, role=role)
    settings = read_config(path, clean) if config else read_settings(path, clean, lang) if lang else ()
    return Content(facts, screened.text, lang is not None, build, settings, sections, screened.kinds, marked=marked)


def unreadable(file: FileJob, source: bytes, problem: str) -> Content:
    """What is kept of a file that no worker could read: that it is there, and why nothing is known of it.

    `problem` ends a sentence that begins with the path.
    """
    path = file.path
    lang = language_of(path, source[:HEAD]) or "unknown"
    sha = hashlib.sha256(source).hexdigest()
    facts = FileFacts(path, lang, sha, source.count(b"\n") + 1, problem=f"{path} {problem}")
    return Content(facts, is_source=False, set_aside=True, marked=file.marked)


def add_rows(rows: FileRows, file: int, read: Content, stamp: str) -> None:
    """Add what was read out of one file to the rows to write."""
    facts = read.facts
    path, lang = facts.path, facts.lang
    family = family_of(lang)
    kinds = Counter(symbol.kind for symbol in facts.symbols)
    rows.files.append(
        (
            *(file, path, lang, facts.sha, facts.lines, json.dumps(facts.imports) if facts.imports else "", facts.doc),
            *(facts.main_line, facts.problem, facts.role, family, read.is_source, read.set_aside),
            *(stamp, json.dumps(kinds, sort_keys=True), json.dumps(read.secrets)),
        )
    )
    rows.texts.append((file, pack_text(read.text)))
    words = words_of(read.text)
    rows.words.append((file, indexed_words(words)))
    rows.search_paths.append((file, search_path(path)))
    if read.marked:
        rows.marks.append((file, read.marked))
    rows.added_bases += [(file, *added) for added in dict.fromkeys(facts.added_bases)]
    names = import_names(path, lang) if read.is_source else set()
    for number, symbol in enumerate(facts.symbols, first_symbol(file)):
        rows.symbols.append(symbol_row(number, symbol))
        rows.search.append(search_row(number, symbol.name, symbol.doc, symbol.signature))
        if symbol.is_type and symbol.bases:
            rows.bases += [(number, base) for base in dict.fromkeys(symbol.bases)]
        if is_referred(symbol):
            names.add(symbol.name)
    rows.definers += [(file, name) for name in names]
    if read.build:
        rows.builds.append((file, build_json().dump_json(read.build).decode()))
    rows.settings += [setting_row(file, place, setting) for place, setting in enumerate(read.settings)]
    for number, section in enumerate(read.sections, first_symbol(file)):
        rows.sections.append(section_row(number, section))
        rows.search_sections.append(search_section(number, section))
    if not read.sections:
        rows.mentions.append((family, pack_words((words | imported(facts.imports, lang)) - names)))


def is_referred(symbol: Symbol) -> bool:
    """Whether mentions of a symbol's name elsewhere count as uses of it: types and functions with names of some length.

    A method's name is too often some other's.
    """
    if symbol.decl or not (symbol.is_type or symbol.kind == "function"):
        return False
    return SHORTEST <= len(symbol.name) <= LONGEST


def count_mentions(job: CountJob) -> dict[str, Counter[str]]:
    """Add up what files of the store mention and do not define, by family."""
    total: dict[str, Counter[str]] = {}
    with Store(job.store) as store:
        for file in job.files:
            family, words, names = store.mentions(file)
            total.setdefault(family, Counter()).update(words - names)
    return total
