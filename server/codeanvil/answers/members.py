"""Members that a question names beside their type: "load of Reader", "does Reader have a method load"."""

from collections.abc import Sequence
from dataclasses import replace

from codeanvil.answers.nearest import closest
from codeanvil.answers.occurrences import line_within
from codeanvil.answers.resolve import CALLABLE_WORDS, Named
from codeanvil.facts.model import Symbol
from codeanvil.workspace.store import Store


def narrowed(names: Sequence[Named], intent: str, store: Store) -> tuple[Named, ...]:
    """Names of members cut down to those of the type that the question names beside them."""
    owner = next((s for name in names for s in name.symbols if s.is_type), None)
    if owner is None or len(names) < 2 or intent == "is_a":
        return tuple(names)
    return tuple(_of_owner(name, owner, intent, store) for name in names)


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
