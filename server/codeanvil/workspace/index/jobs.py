"""What a worker process does for the index: pure functions from bytes to facts."""

import hashlib
import re
import traceback
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from codeanvil.facts.builds import is_build_file, is_lock, read_build
from codeanvil.facts.extract import extract
from codeanvil.facts.generated import HEADER
from codeanvil.facts.languages import language_of
from codeanvil.facts.model import FileFacts
from codeanvil.facts.roles import role_of
from codeanvil.facts.text import decode
from codeanvil.samples.generate import absent_candidates
from codeanvil.workspace.index.workers import Failure
from codeanvil.workspace.secrets import screen
from codeanvil.workspace.store.rows import Parsed

HEAD = 64_000
"""Bytes of a file from which its language is told."""

_WORD = re.compile(r"[^\W\d]\w{2,79}")


@dataclass(frozen=True, slots=True)
class ParseJob:
    """One file to parse: its path in the workspace and its bytes."""

    path: str
    source: bytes


def parse(job: ParseJob) -> Parsed:
    """All that the index keeps of a file. Where our own code breaks off, that is the problem of this file alone."""
    try:
        return _parsed(job)
    except Exception as error:
        traceback.print_exc()  # standard error goes to the log
        name = type(error).__name__
        return failed(job, Failure(f"could not be read by a fault of CodeAnvil's own ({name}); it is left out."))


def _parsed(job: ParseJob) -> Parsed:
    """Facts are read from the screened text, so none of them holds a secret."""
    path, source = job.path, job.source
    sha = hashlib.sha256(source).hexdigest()
    if is_lock(path):
        source = b""  # that it is there is all that counts: nobody asks for a tool's list of hashes
    screened = screen(path, decode(source))
    clean = screened.text.encode("utf-8", "replace") if screened.kinds or screened.hidden else source
    lang = language_of(path, source[:HEAD])
    build = replace(read_build(path, clean), sha=sha) if is_build_file(path) else None
    if lang:
        facts = replace(extract(path, clean, lang), sha=sha)
    else:
        lines = screened.text.count("\n") + (not screened.text.endswith("\n") and bool(screened.text))
        problem = build.problem if build else None
        facts = FileFacts(path, build.system if build else "", sha, lines, problem=problem)
    facts = replace(facts, role=role_of(path, screened.text[:HEADER].encode("utf-8", "replace"), lang))
    types = {symbol.name for symbol in facts.symbols if symbol.is_type and not symbol.decl}
    return Parsed(
        facts=facts,
        text=screened.text,
        is_source=lang is not None,
        build=build,
        secrets=screened.kinds,
        mentions=_mentions(facts, screened.text),
        names=tuple(sorted(types | _import_names(path) if lang else types)),
        candidates=absent_candidates(facts),
    )


def failed(job: ParseJob, why: Failure) -> Parsed:
    """What is kept of a file that no worker could parse: that it is there, and why nothing is known of it."""
    path, source = job.path, job.source
    lang = language_of(path, source[:HEAD]) or "unknown"
    facts = FileFacts(
        path, lang, hashlib.sha256(source).hexdigest(), source.count(b"\n") + 1, problem=f"{path} {why.problem}"
    )
    return Parsed(facts=facts, is_source=False, set_aside=True)


def _mentions(facts: FileFacts, text: str) -> Counter[str]:
    """How often a file names each word; bases and imports count once more."""
    counts = Counter(_WORD.findall(text)) if facts.symbols or facts.imports else Counter()
    for symbol in facts.symbols:
        counts.update(symbol.bases)
    separator = "." if facts.lang == "python" else "/"
    for name in facts.imports:
        counts["import " + "/".join(part for part in name.split(separator)[-2:] if part)] += 1
    return counts


def _import_names(path: str) -> set[str]:
    """The names by which imports and includes refer to a file: its own, with and without the folder around it."""
    pure = PurePosixPath(path)
    if pure.suffix in {".py", ".pyi"}:
        pure = pure.parent if pure.stem == "__init__" else pure.with_suffix("")
    return {f"import {pure.name}", f"import {'/'.join(pure.parts[-2:])}"}
