"""Lessons about functions and methods: where, signature, purpose, and which type has a method."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from codeanvil.facts.model import Symbol
from codeanvil.samples import prose
from codeanvil.samples.evidence import MOST_SIGNATURE, is_constructor, symbol_facts
from codeanvil.samples.lessons.expect import described, groups, parameters, path_forms
from codeanvil.samples.lessons.model import Expect, Lesson
from codeanvil.samples.lessons.types import members_of, others
from codeanvil.samples.model import FileView


def functions_of(view: FileView) -> list[list[Symbol]]:
    """The free functions a file tells about, each with its overloads: no functions inside of functions, no
    prototypes of functions that this or another file defines."""
    callables = {s.qualified for s in view.facts.symbols if s.kind in {"function", "method", "constructor"}}
    found: dict[str, list[Symbol]] = {}
    for symbol in view.facts.symbols:
        if symbol.kind != "function" or symbol.scope in callables or not symbol.name:
            continue
        if symbol.decl and any(name == symbol.qualified for name, _ in view.elsewhere.get(symbol.name, ())):
            continue
        found.setdefault(symbol.qualified, []).append(symbol)
    return [[s for s in same if not s.decl] or same for same in found.values()]


def function_lessons(view: FileView, overloads: Sequence[Symbol]) -> Iterator[Lesson]:
    """Everything there is to ask about one free function."""
    symbol = overloads[0]
    elsewhere = others(view, symbol)
    placed = bool(elsewhere)
    minor = symbol.name.startswith("_")
    files = sorted({symbol.file, *(file for _, file in elsewhere)})
    if files[0] == symbol.file:  # the first of several files that define the name tells about all of them
        expect = tuple(path_forms(file) for file in files[:5])
        lesson = function_lesson(symbol, "where", prose.where(symbol, files[1:]), 3 if minor else 8, expect)
        yield replace(lesson, evidence=(), missing="") if elsewhere else lesson
    yield from _signature(overloads, 3 if minor else 8, placed=placed)
    documented = next((s for s in overloads if s.doc), None)
    if documented:
        yield function_lesson(
            documented,
            "purpose",
            prose.purpose(documented),
            8,
            described(documented.doc, documented.qualified),
            placed=placed,
        )


def method_lessons(view: FileView, owner: Symbol) -> Iterator[Lesson]:
    """What there is to ask about the methods of one type of this file; overloads are told of together."""
    placed = bool(others(view, owner))
    named: dict[str, list[Symbol]] = {}
    for symbol in members_of(view, owner):
        if (
            symbol.kind == "method"
            and not is_constructor(symbol)
            and not symbol.name.startswith(("_", "~", "operator"))
        ):
            named.setdefault(symbol.name, []).append(symbol)
    for overloads in named.values():
        symbol = overloads[0]
        yield _method_place(view, symbol, placed=placed)
        yield from _signature(overloads, 5, naming="member", placed=placed)
        documented = next((s for s in overloads if s.doc), None)
        if documented:
            expect = described(documented.doc, documented.qualified)
            answer = prose.purpose(documented)
            yield function_lesson(documented, "purpose", answer, 5, expect, naming="member", placed=placed)


def _method_place(view: FileView, symbol: Symbol, *, placed: bool) -> Lesson:
    bodies = [file for name, file in view.elsewhere.get(symbol.name, ()) if name == symbol.qualified]
    if symbol.decl and bodies:
        lesson = function_lesson(symbol, "where", prose.declared(symbol, bodies[0]), 2, naming="member", placed=placed)
        return replace(lesson, evidence=(), missing="")  # the block of the declaration does not tell of the body
    return function_lesson(symbol, "where", prose.where(symbol), 2, naming="member", placed=placed)


def owner_lessons(view: FileView, types: Sequence[Symbol]) -> Iterator[Lesson]:
    """Which types have a method of some name, for names that no other file uses."""
    owners: dict[str, list[Symbol]] = {}
    for symbol in types:
        for name in prose.method_names(symbol):
            if not name.startswith(("_", "operator")):
                owners.setdefault(name, []).append(symbol)
    for name, having in owners.items():
        bodies = {f"{symbol.qualified}.{name}" for symbol in having if symbol.lang != "python"}
        if len(having) > 3 or any(other not in bodies for other, _ in view.elsewhere.get(name, ())):
            continue
        names = [symbol.name for symbol in having]
        yield Lesson(
            kind="owner",
            asks="owner",
            fact=f"owner:{view.facts.path}:{name}",
            subject=name,
            source=view.facts.path,
            slots={"name": name, "kind": "method"},
            answer=prose.owner(name, names),
            count=5,
            naming="method",
            evidence=tuple(
                symbol_facts(s, members=members_of(view, s), derived=view.derived.get(s.qualified, ())) for s in having
            ),
            missing=prose.missing(name),
            expect=groups(*names, within=name),
        )


def _signature(overloads: Sequence[Symbol], count: int, *, naming: str = "function", placed: bool) -> Iterator[Lesson]:
    told = [s for s in overloads if 0 < len(s.signature) <= MOST_SIGNATURE][: prose.MOST_OVERLOADS]
    if told:
        answer, expect = prose.signature(told[0], told[1:]), parameters(told[0])
        lesson = function_lesson(told[0], "signature", answer, count, expect, naming=naming, placed=placed)
        yield replace(lesson, evidence=tuple(map(symbol_facts, told)))


def function_lesson(
    symbol: Symbol,
    kind: str,
    answer: str,
    count: int,
    expect: Expect = (),
    *,
    naming: str = "function",
    placed: bool = False,
    evidence: tuple[str, ...] = (),
) -> Lesson:
    """A lesson of a `kind` about a function or method; its block is the evidence where no other is given."""
    name = prose.display(symbol)
    return Lesson(
        kind=kind,
        asks=kind,
        fact=f"{kind}:{symbol.file}:{symbol.qualified}",
        subject=symbol.qualified,
        source=symbol.file,
        slots={
            "name": name,
            "kind": symbol.kind,
            "path": symbol.file,
            "file": symbol.file.rsplit("/", 1)[-1],
            "method": symbol.name,
            "owner": symbol.scope.rsplit(".", 1)[-1],
        },
        answer=answer,
        count=count,
        naming=naming,
        placed=placed,
        evidence=evidence or (symbol_facts(symbol),),
        missing=prose.missing(name),
        expect=expect,
    )
