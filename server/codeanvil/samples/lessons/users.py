"""Lessons about uses: which files use a type or a function, and which types of other files a type or a file uses."""

from collections.abc import Iterator, Sequence

from codeanvil.facts.model import Symbol
from codeanvil.samples import prose
from codeanvil.samples.evidence import file_facts, symbol_facts
from codeanvil.samples.lessons.expect import NO_USERS, groups, path_forms
from codeanvil.samples.lessons.files import file_lesson
from codeanvil.samples.lessons.functions import function_lesson
from codeanvil.samples.lessons.model import Expect, Lesson
from codeanvil.samples.lessons.types import Maker, members_of
from codeanvil.samples.model import FileView, Users

MOST_EXPECTED = 3


def use_lessons(view: FileView, types: Sequence[Symbol], functions: Sequence[Sequence[Symbol]]) -> Iterator[Lesson]:
    """Who uses what a file defines, and what it uses."""
    uses = view.uses or {}
    for symbol in types:
        members, derived = members_of(view, symbol), view.derived.get(symbol.qualified, ())
        found, used = view.users.get(symbol.name), uses.get(symbol.qualified, ())
        if found is not None:
            block = symbol_facts(symbol, members=members, derived=derived, users=found)
            made = Maker(view, symbol, (block,), placed=False)
            count = 10 if found.count else 4
            yield made.make("users", "users", prose.users(symbol, found), count, _expected(found, view.facts.path))
        if used:
            block = symbol_facts(symbol, members=members, derived=derived, uses=used)
            made = Maker(view, symbol, (block,), placed=symbol.name in view.elsewhere)
            expect = groups(*used[:MOST_EXPECTED], within=made.named)
            yield made.make("uses", "uses", prose.uses(symbol.name, used), 6, expect)
    for overloads in functions:
        symbol = overloads[0]
        found = view.users.get(symbol.name)
        if found is not None and not symbol.decl:
            expect = _expected(found, symbol.file)
            answer, count = prose.users(symbol, found), 5 if found.count else 3
            yield function_lesson(symbol, "users", answer, count, expect, evidence=(symbol_facts(symbol, users=found),))
    if used := uses.get("", ()):
        expect = groups(*used[:MOST_EXPECTED], within=view.facts.path)
        answer = prose.uses(view.facts.path, used)
        yield file_lesson(view, "uses", answer, 5, expect, evidence=(file_facts(view.facts, uses=used),))


def _expected(found: Users, own: str) -> Expect:
    """The files that must be named; of many, one of those that are told."""
    if not found.count:
        return NO_USERS
    forms = [tuple(form for form in path_forms(file) if form not in own) or (file,) for file in found.files]
    return tuple(forms[:MOST_EXPECTED]) if found.count == len(found.files) else (tuple(sum(forms, ())),)
