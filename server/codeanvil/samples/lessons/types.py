"""Lessons about the types of a file: where, methods, bases, derived types, purpose, constructor."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from codeanvil.facts.model import Symbol
from codeanvil.samples import prose
from codeanvil.samples.draw import Draw
from codeanvil.samples.evidence import MOST_SIGNATURE, is_constructor, symbol_facts
from codeanvil.samples.lessons.expect import (
    DERIVED_NONE,
    METHODS_NONE,
    NO,
    NO_BASES,
    YES,
    described,
    groups,
    parameters,
    path_forms,
)
from codeanvil.samples.lessons.model import Lesson
from codeanvil.samples.model import FileView
from codeanvil.samples.names import UNUSUAL_METHODS

MOST_EXPECTED = 5
"""Names of a list that a right answer to a held-out question must hold."""

NEAR = 12
"""Types that come after one in its file, of which it is said that they are not its own: another type in the file
changes what is asked about so many of its types, and not about all."""


def types_of(view: FileView) -> list[Symbol]:
    """The types a file defines, each once; nested ones whose simple name is not their own are called `Outer.Inner`."""
    types = {s.qualified: s for s in view.facts.symbols if s.is_type and not s.decl and s.name}
    names = [s.name for s in types.values()]
    return [_named(s, view, shared=names.count(s.name) > 1, outer=s.scope in types) for s in types.values()]


def _named(symbol: Symbol, view: FileView, *, shared: bool, outer: bool) -> Symbol:
    if outer and (shared or others(view, symbol)):
        owner = symbol.scope.rsplit(".", 1)[-1]
        return replace(symbol, name=f"{owner}{prose.separator(symbol)}{symbol.name}")
    return symbol


def others(view: FileView, symbol: Symbol) -> tuple[tuple[str, str], ...]:
    """Definitions elsewhere that a reader could take for this one: of the same name, and no part of it."""
    part = symbol.qualified + "."
    return tuple((name, file) for name, file in view.elsewhere.get(symbol.name, ()) if not name.startswith(part))


def members_of(view: FileView, symbol: Symbol) -> list[Symbol]:
    """What a file declares directly inside a type."""
    return [s for s in view.facts.symbols if s.scope == symbol.qualified]


class Near:
    """The types of a file, each with those that come after it; after the last comes the first."""

    def __init__(self, view: FileView) -> None:
        self._types = [(symbol, prose.method_names(symbol)) for symbol in view.facts.symbols if symbol.is_type]
        self._places: dict[str, int] = {}
        for place, (symbol, _) in enumerate(self._types):
            self._places.setdefault(symbol.qualified, place)

    def after(self, symbol: Symbol) -> list[tuple[Symbol, list[str]]]:
        """The NEAR types after one, but for parts of itself, with their methods as they are listed."""
        first, count = self._places[symbol.qualified] + 1, len(self._types)
        found = (self._types[place % count] for place in range(first, first + min(NEAR, count - 1)))
        return [(other, methods) for other, methods in found if other.qualified != symbol.qualified]


def type_lessons(view: FileView, symbol: Symbol, near: Near) -> Iterator[Lesson]:
    """Everything there is to ask about one type; `near` is made of the view."""
    derived = view.derived.get(symbol.qualified, ())
    members = members_of(view, symbol)
    evidence = (symbol_facts(symbol, members=members, derived=derived),)
    elsewhere = others(view, symbol)
    lesson = Maker(view, symbol, evidence, placed=bool(elsewhere))
    names = prose.method_names(symbol)

    yield from _where(lesson, [file for _, file in elsewhere])
    expect = groups(*names[:MOST_EXPECTED], within=lesson.named) if names else METHODS_NONE
    if names or symbol.kind != "enum":
        yield lesson.make("methods", "methods", prose.methods(symbol), 16 if names else 5, expect)
    if symbol.kind != "enum" or symbol.bases:
        expect = groups(*symbol.bases[:MOST_EXPECTED], within=lesson.named) if symbol.bases else NO_BASES
        yield lesson.make("bases", "bases", prose.bases(symbol), 12 if symbol.bases else 6, expect)
        sub = prose.names_of(derived)
        expect = groups(*sub[:MOST_EXPECTED], within=lesson.named) if sub else DERIVED_NONE
        yield lesson.make("derived", "derived", prose.derived(symbol, derived), 12 if sub else 4, expect)
    expect = described(symbol.doc, symbol.name)
    yield lesson.make("purpose", "purpose", prose.purpose(symbol), 12 if symbol.doc else 6, expect)
    yield lesson.make("about", "about", prose.about(symbol, derived), 10)
    yield lesson.make("exists", "exists", prose.exists(symbol), 4)
    constructors = [m for m in members if is_constructor(m) and prose.signature_text(m)]
    if constructors and all(len(m.signature) <= MOST_SIGNATURE for m in constructors[:3]):
        answer = prose.constructor(symbol, constructors)
        yield lesson.make("constructor", "constructor", answer, 10, parameters(constructors[0]))
    yield from _relations(view, lesson, names, near.after(symbol))


class Maker:
    """Makes lessons about one type: what they all share. `placed` is that other files define its name too."""

    def __init__(self, view: FileView, symbol: Symbol, evidence: tuple[str, ...], *, placed: bool) -> None:
        self.symbol, self.evidence, self.placed = symbol, evidence, placed
        self.path = view.facts.path
        self.slots = {
            "name": symbol.name,
            "kind": symbol.kind,
            "akind": prose.kind_phrase(symbol.kind),
            "path": self.path,
            "file": self.path.rsplit("/", 1)[-1],
        }
        self.named = f"{symbol.name} {self.path}"
        self.minor = symbol.name.startswith("_")

    def make(
        self,
        kind: str,
        asks: str,
        answer: str,
        count: int,
        expect: tuple[tuple[str, ...], ...] = (),
        *,
        detail: str = "",
        **slots: str,
    ) -> Lesson:
        """A lesson of `kind`; `detail` tells facts of one kind about one type apart, `slots` are added to its own."""
        symbol = self.symbol
        return Lesson(
            kind=kind,
            asks=asks,
            fact=":".join(part for part in (kind, self.path, symbol.qualified, detail) if part),
            subject=symbol.qualified,
            source=self.path,
            slots={**self.slots, **slots},
            answer=answer,
            count=max(2, count // 2) if self.minor else count,
            placed=self.placed,
            evidence=self.evidence,
            missing=prose.missing(symbol.name),
            expect=expect,
        )


def _where(lesson: Maker, elsewhere: list[str]) -> Iterator[Lesson]:
    files = sorted({lesson.path, *elsewhere})
    if files[0] != lesson.path:
        return  # the first of several files that define the name tells about all of them
    answer = prose.where(lesson.symbol, files[1:])
    made = lesson.make("where", "where", answer, 12, tuple(path_forms(file) for file in files[:MOST_EXPECTED]))
    # A bare name is right here even where it is not its own: the answer names every place.
    made = replace(made, placed=False)
    yield replace(made, evidence=(), missing="") if elsewhere else made


def _relations(
    view: FileView, lesson: Maker, names: list[str], near: Sequence[tuple[Symbol, list[str]]]
) -> Iterator[Lesson]:
    """Questions of yes or no: members and bases it has, and such as it has not but types near it."""
    symbol = lesson.symbol
    draw = Draw("relations", view.facts.path, symbol.qualified)
    for name in draw.shuffled(names)[:2]:
        yield lesson.make("member", "member", prose.member(symbol, name), 3, YES, detail=name, member=name)
    inherited = {m for s in view.facts.symbols if s.name in symbol.bases for m in s.methods}
    foreign = (method for _, methods in near for method in methods)
    own = inherited.union(symbol.methods)
    for pool in (foreign, UNUSUAL_METHODS[symbol.lang == "python"]):
        free = [m for m in dict.fromkeys(pool) if m not in own and m[:1].isalpha()]
        if free and symbol.kind != "enum":
            name = draw.choice(free)
            expect = ((*NO[0], prose.absent(name).removesuffix(" in this workspace.")),)
            yield lesson.make("member", "member", prose.member(symbol, name), 3, expect, detail=name, member=name)
    for base in symbol.bases[:2]:
        yield lesson.make("inherits", "inherits", prose.inherits(symbol, base), 3, YES, detail=base, other=base)
    strangers = {other.name for other, _ in near if other.name not in symbol.bases and other.name != symbol.name}
    if strangers and symbol.kind != "enum":
        other = draw.choice(sorted(strangers))
        yield lesson.make("inherits", "inherits", prose.inherits(symbol, other), 2, NO, detail=other, other=other)
