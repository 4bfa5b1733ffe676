"""From a symbol to what surrounds it: declarations, members, bases, derived types, users."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from codeanvil.answers.understanding.meaning import CALLABLE_KINDS
from codeanvil.facts.model import Symbol
from codeanvil.samples import prose
from codeanvil.workspace.store import Store, Use
from codeanvil.workspace.store.spread import is_part

MOST_DEPTH = 12
"""Steps up a chain of base types; longer ones are loops in broken code."""

_MAKES = ("new", "make", "create", "build", "open", "init", "alloc", "get", "mustnew", "default")
"""Verbs in the names of functions that make a thing of a type."""


@dataclass(frozen=True, slots=True)
class Dossier:
    """A symbol and its surroundings.

    `places` are the symbol and the other declarations and overloads of the same thing; `members` as the store has
    them; `bases` those of its bases that the workspace defines; `derived` the types that name it as a base.
    """

    symbol: Symbol
    places: tuple[Symbol, ...]
    members: tuple[Symbol, ...] = ()
    bases: tuple[Symbol, ...] = ()
    derived: tuple[Symbol, ...] = ()

    @property
    def methods(self) -> list[str]:
        """Names of the type's own methods, each once, private ones last; no constructors and destructors."""
        names = prose.method_names(self.symbol)
        more = [s.name for s in self.members if s.kind in CALLABLE_KINDS and s.kind != "constructor"]
        known = {*names, self.symbol.name}
        return names + [name for name in dict.fromkeys(more) if name not in known and not name.startswith("~")]

    def method(self, name: str) -> Symbol | None:
        """The member of this name, its definition rather than its declaration."""
        found = [s for s in self.members if s.name == name]
        return min(found, key=lambda s: s.decl, default=None)


def dossiers(symbols: Sequence[Symbol], store: Store) -> list[Dossier]:
    """One dossier a thing: overloads and declarations of one function together, types of one name apart."""
    things: dict[tuple[str, str], list[Symbol]] = {}
    for symbol in symbols:
        apart = symbol.file if _is_apart(symbol) else ""
        things.setdefault((symbol.qualified, apart), []).append(symbol)
    return [_dossier(group, store) for group in things.values()]


def _is_apart(symbol: Symbol) -> bool:
    """Whether a thing of the same qualified name in another file is another thing.

    All are, but members in C and C++ and the parts of a partial type in C#.
    """
    if is_part(symbol):
        return False
    return symbol.is_type or symbol.lang not in {"c", "cpp"} or "." not in symbol.qualified


def _dossier(group: list[Symbol], store: Store) -> Dossier:
    symbol = min(group, key=lambda s: s.decl)
    if not symbol.is_type:
        apart = _is_apart(symbol)
        same = [
            s
            for s in store.symbols_named(symbol.name)
            if s.qualified == symbol.qualified
            and s.kind in CALLABLE_KINDS
            and (not apart or s.decl or s.file == symbol.file)
        ]
        places = sorted(dict.fromkeys([*group, *same]), key=lambda s: (s.decl, s.file, s.line))
        return Dossier(places[0] if symbol.kind in CALLABLE_KINDS and places else symbol, tuple(places) or (symbol,))
    bases = [s for base in dict.fromkeys(symbol.bases) for s in _types(store, base) if s != symbol]
    return Dossier(
        symbol,
        tuple(sorted(group, key=lambda s: s.decl)),
        members=tuple(store.members_of(symbol)),
        bases=tuple(bases),
        derived=tuple(_distinct(store.derived_from(symbol.name), symbol)),
    )


def lineage(symbol: Symbol, ancestor: str, store: Store) -> list[str] | None:
    """The names on the shortest way up from `symbol` to `ancestor`, both ends included; None where there is none."""
    ways = [[symbol]]
    seen = {symbol.name}
    for _ in range(MOST_DEPTH):
        longer: list[list[Symbol]] = []
        for way in ways:
            if ancestor in way[-1].bases:
                return [*(s.name for s in way), ancestor]
            for base in way[-1].bases:
                if base not in seen:
                    seen.add(base)
                    longer += [[*way, parent] for parent in _types(store, base)[:1]]
        ways = longer
    return None


def users(symbol: Symbol, store: Store, most: int | None = None) -> list[Use]:
    """The files that mention the symbol's name, beside those that define or declare it; who mentions it most, first.

    Those that mention a function that makes it, `NewReader` of `Reader`, count too. With `most`, only so many files are
    looked at for each name, the most important ones.
    """
    own = {s.file for s in store.symbols_named(symbol.name) if s.qualified == symbol.qualified}
    found: dict[str, Use] = {}
    for name in [symbol.name, *_makers(symbol, store)]:
        for use in store.users_of(name, symbol.lang, most):
            known = found.get(use.path)
            found[use.path] = replace(known, count=known.count + use.count) if known else use
    return sorted((use for use in found.values() if use.path not in own), key=lambda use: (-use.count, use.path))


def _makers(symbol: Symbol, store: Store) -> list[str]:
    """Functions beside a type that are called after it and make it: `NewReader`, `make_reader`, `reader_create`."""
    if not symbol.is_type:
        return []
    flat = symbol.name.replace("_", "").lower()
    called = {f"{verb}{flat}" for verb in _MAKES} | {f"{flat}{verb}" for verb in _MAKES}
    beside = (s for s in store.symbols_in(symbol.file) if s.kind in CALLABLE_KINDS)
    return list(dict.fromkeys(s.name for s in beside if s.name.replace("_", "").lower() in called))


def inherited(symbol: Symbol, member: str, store: Store) -> Symbol | None:
    """The member of this name that a base of the type, near or far, declares."""
    seen, line = {symbol.name}, list(symbol.bases)
    while line and len(seen) < 100:
        base = line.pop(0)
        if base in seen:
            continue
        seen.add(base)
        for parent in _types(store, base):
            for found in store.members_of(parent):
                if found.name == member:
                    return found
            line += parent.bases
    return None


def outside_bases(symbol: Symbol, store: Store) -> list[str]:
    """Bases, near or far, that the workspace does not define."""
    seen, line, outside = {symbol.name}, list(symbol.bases), []
    while line and len(seen) < 100:
        base = line.pop(0)
        if base in seen:
            continue
        seen.add(base)
        parents = _types(store, base)
        if not parents:
            outside.append(base)
        for parent in parents:
            line += parent.bases
    return outside


def _types(store: Store, name: str) -> list[Symbol]:
    types = [s for s in store.symbols_named(name) if s.is_type]
    return [s for s in types if not s.decl] or types


def _distinct(symbols: Sequence[Symbol], but: Symbol) -> list[Symbol]:
    kept: dict[tuple[str, str], Symbol] = {}
    for symbol in symbols:
        if symbol != but:
            kept.setdefault((symbol.qualified, symbol.file), symbol)
    return list(kept.values())


def above(symbol: Symbol, store: Store) -> list[Symbol]:
    """The types that a type derives from and the workspace defines, nearest first."""
    seen, line, found = {symbol.name}, list(symbol.bases), []
    while line and len(seen) < 100:
        if (base := line.pop(0)) in seen:
            continue
        seen.add(base)
        for parent in _types(store, base):
            found.append(parent)
            line += parent.bases
    return found
