"""Lessons about two types at once: how one relates to the other.

Each pair is taught from one side only, that of the type that derives, holds the other or comes first in the file, so
that a fact held out from one side is not taught from the other. Its questions name the two in either order.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from codeanvil.facts.model import Symbol
from codeanvil.samples import prose
from codeanvil.samples.draw import Draw
from codeanvil.samples.evidence import symbol_facts
from codeanvil.samples.lessons.expect import DERIVES, INSIDE, groups
from codeanvil.samples.lessons.model import Expect, Lesson
from codeanvil.samples.lessons.types import NEAR, Maker, members_of, others
from codeanvil.samples.model import FileView

MOST_BASES = 2
MOST_NESTED = 2


def relation_lessons(view: FileView, types: Sequence[Symbol]) -> Iterator[Lesson]:
    """How each of the `types` of a file relates to its bases, to types inside it and to one that lies beside it."""
    for i, symbol in enumerate(types):
        made = Maker(view, symbol, (_block(view, symbol),), placed=bool(others(view, symbol)))
        for base in symbol.bases[:MOST_BASES]:
            if base != symbol.name:
                expect = (*DERIVES, *groups(base, within=made.named))
                yield _lesson(made, base, prose.relation_derives(symbol, base), 6, expect)
        # A nested type whose name is not its own is called `Outer.Inner`, which says how they relate.
        inside = [each for each in types if each.scope == symbol.qualified and "." not in each.name]
        for nested in [each for each in inside if "::" not in each.name and not others(view, each)][:MOST_NESTED]:
            yield _lesson(made, nested.name, prose.relation_inside(nested, symbol), 4, INSIDE)
        if beside := _beside(view, symbol, types[i + 1 : i + 1 + NEAR]):
            yield replace(_about_both(made, beside), evidence=(*made.evidence, _block(view, beside)))


def _lesson(made: Maker, other: str, answer: str, count: int, expect: Expect) -> Lesson:
    return made.make("relation", "relation", answer, count, expect, detail=other, other=other)


def _about_both(made: Maker, other: Symbol) -> Lesson:
    """Two types of which neither is a base or a part of the other: a base they share, or that they share the file."""
    shared = [base for base in made.symbol.bases if base in other.bases]
    # That they share a file is no held-out question: many of its wordings name the file themselves.
    expect = (*DERIVES, *groups(shared[0], within=f"{made.named} {other.name}")) if shared else ()
    return _lesson(made, other.name, prose.relation_beside(made.symbol, other, shared), 3, expect)


def _beside(view: FileView, symbol: Symbol, later: Sequence[Symbol]) -> Symbol | None:
    """One of the `later` types of the file that is neither a direct base nor a part of a type, nor the reverse."""
    free = [
        other
        for other in later
        if other.name != symbol.name
        and other.name not in symbol.bases
        and symbol.name not in other.bases
        and not _holds(symbol, other)
        and not _holds(other, symbol)
        and not others(view, other)
    ]
    kin = [other for other in free if set(other.bases) & set(symbol.bases)]
    draw = Draw("relation", view.facts.path, symbol.qualified)
    return draw.choice(kin or free) if free else None


def _holds(outer: Symbol, inner: Symbol) -> bool:
    return f"{inner.scope}.".startswith(f"{outer.qualified}.")


def _block(view: FileView, symbol: Symbol) -> str:
    derived = view.derived.get(symbol.qualified, ())
    return symbol_facts(symbol, members=members_of(view, symbol), derived=derived)
