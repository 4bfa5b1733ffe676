"""Lessons about functions and methods: where, signature, purpose, and which type has a method."""

from collections.abc import Iterator, Sequence

from codeanvil.facts.model import Symbol
from codeanvil.samples import prose
from codeanvil.samples.evidence import MOST_SIGNATURE, is_constructor, symbol_facts
from codeanvil.samples.lessons.expect import described, groups, parameters, path_forms
from codeanvil.samples.lessons.model import Expect, Lesson
from codeanvil.samples.lessons.types import members_of, others
from codeanvil.samples.model import FileView


def functions_of(view: FileView) -> list[Symbol]:
    """The free functions a file tells about, each once: no functions inside of functions, no prototypes of
    functions that another file defines."""
    callables = {s.qualified for s in view.facts.symbols if s.kind in {"function", "method"}}
    found: dict[str, Symbol] = {}
    for symbol in view.facts.symbols:
        if symbol.kind != "function" or symbol.scope in callables or not symbol.name:
            continue
        if symbol.decl and any(name == symbol.qualified for name, _ in view.elsewhere.get(symbol.name, ())):
            continue
        known = found.get(symbol.qualified)
        if known is None or (known.decl and not symbol.decl):
            found[symbol.qualified] = symbol
    return list(found.values())


def function_lessons(view: FileView, symbol: Symbol) -> Iterator[Lesson]:
    """Everything there is to ask about one free function."""
    elsewhere = others(view, symbol)
    placed = bool(elsewhere)
    minor = symbol.name.startswith("_")
    files = sorted({symbol.file, *(file for _, file in elsewhere)})
    if files[0] == symbol.file:
        expect = tuple(path_forms(file) for file in files[:5])
        yield _lesson(symbol, "where", prose.where(symbol, files[1:]), 3 if minor else 8, expect)
    yield from _signature(symbol, 3 if minor else 8, placed=placed)
    if symbol.doc:
        yield _lesson(symbol, "purpose", prose.purpose(symbol), 8, described(symbol.doc), placed=placed)


def method_lessons(view: FileView, owner: Symbol) -> Iterator[Lesson]:
    """What there is to ask about the methods of one type of this file."""
    placed = bool(others(view, owner))
    seen = set()
    for symbol in members_of(view, owner):
        if symbol.kind != "method" or is_constructor(symbol) or symbol.qualified in seen:
            continue
        if symbol.name.startswith(("_", "~", "operator")):
            continue
        seen.add(symbol.qualified)
        places = {file for name, file in view.elsewhere.get(symbol.name, ()) if name == symbol.qualified}
        path = sorted(places)[0] if symbol.decl and places else symbol.file
        answer = prose.say("where", it=prose.code(prose.display(symbol)), path=prose.code(path))
        yield _lesson(symbol, "where", answer, 2, naming="member", placed=placed)
        yield from _signature(symbol, 5, naming="member", placed=placed)
        if symbol.doc:
            answer = prose.purpose(symbol)
            expect = described(symbol.doc)
            yield _lesson(symbol, "purpose", answer, 5, expect, naming="member", placed=placed)


def owner_lessons(view: FileView, types: Sequence[Symbol]) -> Iterator[Lesson]:
    """Which types have a method of some name, for names that no other file uses."""
    owners: dict[str, list[Symbol]] = {}
    for symbol in types:
        for name in prose.method_names(symbol):
            if not name.startswith(("_", "operator")):
                owners.setdefault(name, []).append(symbol)
    for name, having in owners.items():
        own = {f"{symbol.qualified}.{name}" for symbol in having}
        if len(having) > 3 or any(other not in own for other, _ in view.elsewhere.get(name, ())):
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
            evidence="\n\n".join(
                symbol_facts(s, members=members_of(view, s), derived=view.derived.get(s.qualified, ())) for s in having
            ),
            missing=prose.missing(name),
            expect=groups(*names),
        )


def _signature(symbol: Symbol, count: int, *, naming: str = "function", placed: bool) -> Iterator[Lesson]:
    if 0 < len(symbol.signature) <= MOST_SIGNATURE:
        answer, expect = prose.signature(symbol), parameters(symbol)
        yield _lesson(symbol, "signature", answer, count, expect, naming=naming, placed=placed)


def _lesson(
    symbol: Symbol,
    kind: str,
    answer: str,
    count: int,
    expect: Expect = (),
    *,
    naming: str = "function",
    placed: bool = False,
) -> Lesson:
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
        evidence=symbol_facts(symbol),
        missing=prose.missing(name),
        expect=expect,
    )
