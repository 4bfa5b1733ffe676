"""Members that a question names beside their type: "load of Reader", "does Reader have a method load"."""

from collections.abc import Sequence
from dataclasses import replace

from codeanvil.answers.finding.occurrences import line_within
from codeanvil.answers.understanding.meaning import CALLABLE_WORDS
from codeanvil.answers.understanding.nearest import closest
from codeanvil.answers.understanding.resolve import Named
from codeanvil.facts.model import Symbol
from codeanvil.workspace.store import Store

_OF_MEMBERS = frozenset({"", "where", "owner", "purpose", "signature", "users", "about", "exists"})
"""Intents that, with a type and its member named, ask about the member."""


def narrowed(names: Sequence[Named], intent: str, store: Store) -> tuple[Named, ...]:
    """Names cut down by each other: members to those of the type beside them, symbols to those of the file beside them.

    Where a member of the type is what is asked about, the type itself is left out.
    """
    names = _within_files(names, store)
    owner = next((s for name in names for s in name.symbols if s.is_type), None)
    if owner is None or len(names) < 2 or intent == "is_a":
        return tuple(names)
    cut = [_of_owner(name, owner, intent, store) for name in names]
    if intent in _OF_MEMBERS and any(name.owner and name.symbols for name in cut):
        cut = [name for name in cut if owner not in name.symbols]
    return tuple(cut)


def _within_files(names: Sequence[Named], store: Store) -> Sequence[Named]:
    """Symbols cut down to what a file declares that the question names too; the file is then no subject of its own."""
    files = {path for name in names if not name.symbols for path in name.files}
    folders = tuple(f"/{path.lower()}" for path in files if path.endswith("/"))
    files |= {s.file for name in names for s in name.symbols if any(f in f"/{s.file.lower()}" for f in folders)}
    inside = {symbol.qualified for path in files for symbol in store.symbols_in(path)}
    if not any(s.qualified in inside for name in names for s in name.symbols):
        return names
    cut = []
    for name in names:
        here = tuple(s for s in name.symbols if s.file in files)
        kept = here or tuple(s for s in name.symbols if s.qualified in inside) or name.symbols
        cut.append(replace(name, symbols=kept))
    return [name for name in cut if name.symbols or not name.files]


def _of_owner(name: Named, owner: Symbol, intent: str, store: Store) -> Named:
    if any(s.is_type for s in name.symbols) or name.owner or name.files or name.entries:
        return name
    as_asked = name.spelled or name.name
    if own := tuple(s for s in store.members_of(owner) if s.name == as_asked):
        return replace(name, symbols=own, owner=owner)
    if intent != "has_member" and name.kind not in CALLABLE_WORDS:
        return name
    line = line_within(store, owner, as_asked)
    near = () if line else closest(as_asked, [s.name for s in store.members_of(owner)])
    nearest = tuple(next(s for s in store.members_of(owner) if s.name == n) for n in near)
    return replace(name, owner=owner, uses=((owner.file, line),) if line else (), nearest=nearest)
