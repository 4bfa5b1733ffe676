"""Lessons about a source file: what it defines, what it is for, and its code."""

from collections.abc import Iterator

from codeanvil.facts.model import TYPE_KINDS, Symbol
from codeanvil.samples import prose
from codeanvil.samples.evidence import file_facts
from codeanvil.samples.excerpts import definition, lines_of, opening
from codeanvil.samples.lessons.expect import COMMON_FILES, described, groups
from codeanvil.samples.lessons.model import Expect, Lesson
from codeanvil.samples.model import FileView


def file_lessons(view: FileView) -> Iterator[Lesson]:
    """What a file defines, and what it is for."""
    facts = view.facts
    types, functions = prose.file_parts(facts)
    if types or functions:
        expect = groups(*[*types, *functions][:5], within=facts.path)
        yield file_lesson(view, "contains", prose.contains(facts), 10 if types else 8, expect)
    if facts.doc or types or functions:
        yield file_lesson(
            view, "file", prose.file_purpose(facts), 8 if facts.doc else 4, described(facts.doc, facts.path)
        )


def code_lessons(view: FileView, characters: int) -> Iterator[Lesson]:
    """The text of a file and of its definitions, each cut to `characters` at the end of a definition."""
    facts = view.facts
    if not view.text.strip():
        return
    text, whole = opening(view.text, facts.symbols, characters)
    if text:
        yield file_lesson(view, "code", _shown(prose.code(facts.path), "", text, facts.lang, whole=whole), 3)
    lines = lines_of(view.text)
    seen = set()
    for symbol in facts.symbols:
        if symbol.decl or symbol.kind not in TYPE_KINDS | {"function"} or symbol.qualified in seen:
            continue
        seen.add(symbol.qualified)
        part, complete = definition(lines, symbol, facts.symbols, characters)
        if part and part.strip() != text.strip():
            yield _definition(view, symbol, _shown(
                prose.code(symbol.name), prose.code(facts.path), part, facts.lang, whole=complete
            ))  # fmt: skip


def _shown(it: str, path: str, text: str, lang: str, *, whole: bool) -> str:
    key = ("code" if whole else "code-cut") + ("-definition" if path else "")
    return f"{prose.say(key, it=it, path=path)}\n\n{prose.code_block(text, lang)}"


def _definition(view: FileView, symbol: Symbol, answer: str) -> Lesson:
    path = view.facts.path
    return Lesson(
        kind="code",
        asks="code",
        fact=f"code:{path}:{symbol.qualified}",
        subject=symbol.qualified,
        source=path,
        slots={"name": symbol.name, "kind": symbol.kind, "path": path, "file": path.rsplit("/", 1)[-1]},
        answer=answer,
        count=2,
        naming="type" if symbol.is_type else "function",
        placed=symbol.name in view.elsewhere,
    )


def file_lesson(
    view: FileView, kind: str, answer: str, count: int, expect: Expect = (), *, evidence: tuple[str, ...] = ()
) -> Lesson:
    """A lesson of a `kind` about a file; its block is the evidence where no other is given, of code there is none."""
    path = view.facts.path
    folder, _, name = path.rpartition("/")
    return Lesson(
        kind=kind,
        asks=kind,
        fact=f"{kind}:{path}",
        subject=path,
        source=path,
        slots={"name": path, "kind": "file", "path": path, "file": name, "folder": folder or "."},
        answer=answer,
        count=count,
        naming="file",
        placed=name in COMMON_FILES or name in view.elsewhere,
        evidence=() if kind == "code" else evidence or (file_facts(view.facts),),
        missing="" if kind == "code" else prose.missing(path),
        expect=expect,
    )
