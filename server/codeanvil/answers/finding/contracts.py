"""Go's interfaces: a type meets one by having its methods, without a word of it.

Methods are compared by name and by how many values they take and give. What a type embeds lends it its methods; where
several types have the embedded name, only the methods that all of them have. Interfaces of other modules that an
interface embeds are not known and ask for nothing.
"""

import re
from collections.abc import Iterable, Mapping

from codeanvil.facts.model import Symbol
from codeanvil.workspace.store import Store

MOST_DEPTH = 5
"""Types embedded in each other that lend methods."""

_Shape = tuple[int, int]
"""How many values a method takes and gives."""

_OPEN, _CLOSE = "([{", ")]}"


def implementers(interface: Symbol, store: Store) -> list[Symbol]:
    """The types that have all methods of an interface of Go, itself and other interfaces apart, by name."""
    types = _Types(store)
    wanted = types.demands(interface) if _is_interface(interface) else {}
    if not wanted:
        return []
    waiting = [*min((types.owners(name) for name in wanted), key=len), *store.derived_from(interface.name)]
    found: set[Symbol] = set()
    while waiting:  # what embeds one of them may have the method too
        if (each := waiting.pop()) not in found and each.lang == "go":
            found.add(each)
            waiting += store.derived_from(each.name) if each.kind != "interface" else []
    meeting = [s for s in found if s.kind != "interface" and _meets(types.methods(s), wanted)]
    return sorted(meeting, key=lambda s: (s.name, s.file))


def implemented(symbol: Symbol, store: Store) -> list[Symbol]:
    """The interfaces of the workspace that a type of Go meets, those that ask for most first."""
    if symbol.lang != "go" or not symbol.is_type or symbol.kind == "interface":
        return []
    types = _Types(store)
    methods = types.methods(symbol)
    candidates = {owner for name in methods for owner in types.owners(name) if owner.kind == "interface"}
    asked = {interface: types.demands(interface) for interface in candidates}
    met = [interface for interface, wanted in asked.items() if wanted and _meets(methods, wanted)]
    return sorted(met, key=lambda interface: (-len(asked[interface]), interface.name, interface.file))


def _is_interface(symbol: Symbol) -> bool:
    return symbol.lang == "go" and symbol.kind == "interface"


def _meets(methods: Mapping[str, _Shape], wanted: Mapping[str, _Shape]) -> bool:
    return all(methods.get(name) == shape for name, shape in wanted.items())


class _Types:
    """The types of Go of a store and their methods; keeps what it read for the length of one question."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._named: dict[str, list[Symbol]] = {}
        self._own: dict[Symbol, dict[str, _Shape]] = {}

    def owners(self, method: str) -> set[Symbol]:
        """The types that declare a method of this name themselves."""
        named = self._store.symbols_named(method)
        scopes = {s.scope for s in named if s.lang == "go" and s.kind == "method" and s.scope}
        return {each for scope in scopes for each in self._called(scope) if method in each.methods}

    def demands(self, interface: Symbol, depth: int = MOST_DEPTH) -> dict[str, _Shape]:
        """What an interface asks for, with what the interfaces that it embeds do."""
        wanted: dict[str, _Shape] = {}
        for base in interface.bases if depth else ():
            for embedded in [s for s in self._called(base) if _is_interface(s) and s != interface][:1]:
                wanted |= self.demands(embedded, depth - 1)
        return wanted | self._declared(interface)

    def methods(self, symbol: Symbol, depth: int = MOST_DEPTH) -> dict[str, _Shape]:
        """A type's methods, with those that what it embeds lends it."""
        lent: dict[str, _Shape] = {}
        for base in symbol.bases if depth else ():
            lent |= _common(self.methods(each, depth - 1) for each in self._called(base) if each != symbol)
        return lent | self._declared(symbol)

    def _called(self, name: str) -> list[Symbol]:
        if name not in self._named:
            self._named[name] = [s for s in self._store.symbols_named(name) if s.lang == "go" and s.is_type]
        return self._named[name]

    def _declared(self, symbol: Symbol) -> dict[str, _Shape]:
        if symbol not in self._own:
            members = self._store.members_of(symbol)
            self._own[symbol] = {m.name: _shape(m) for m in members if m.kind == "method"}
        return self._own[symbol]


def _common(sets: Iterable[dict[str, _Shape]]) -> dict[str, _Shape]:
    first, *others = list(sets) or [{}]
    return {name: shape for name, shape in first.items() if all(each.get(name) == shape for each in others)}


def _shape(method: Symbol) -> _Shape:
    """How many values a method takes and gives, from `func (r *T) Name(a, b int) (x T, err error)` or `Name(int)`."""
    start = re.search(rf"\b{re.escape(method.name)}\s*(?=[(\[])", method.signature)
    rest = method.signature[start.end() :] if start else ""
    if rest.startswith("["):
        rest = rest[len(_group(rest)) + 2 :].lstrip()
    taken = _group(rest)
    given = rest[len(taken) + 2 :].strip()
    return _count(taken), _count(_group(given)) if given.startswith("(") else int(bool(given))


def _group(text: str) -> str:
    """What stands in the brackets that `text` begins with."""
    depth = 0
    for at, letter in enumerate(text):
        depth += (letter in _OPEN) - (letter in _CLOSE)
        if not depth:
            return text[1:at]
    return text[1:]


def _count(listed: str) -> int:
    """Members of a list in brackets that are set apart by commas."""
    depth, commas = 0, 0
    for letter in listed.strip().rstrip(","):
        depth += (letter in _OPEN) - (letter in _CLOSE)
        commas += letter == "," and not depth
    return commas + 1 if listed.strip() else 0
