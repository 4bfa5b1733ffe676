"""Types whose members lie in several files, by the rules of their languages. Each file knows its own part of them.

In some languages every part is a type of its own name and scope: C#'s partial types, and all that Ruby opens again. In
others one file has the type and any other may hold members of it: methods of Go's package, Rust's impls, Swift's
extensions.
"""

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from itertools import takewhile

from codeanvil.facts.model import Symbol

_PARTIAL = re.compile(r"\bpartial\b")
_PARTS: dict[str, Callable[[Symbol], bool]] = {
    "csharp": lambda symbol: symbol.is_type and _PARTIAL.search(symbol.signature) is not None,
    "ruby": lambda symbol: symbol.is_type or symbol.kind == "module",
}
_OUTSIDE = frozenset({"go", "rust", "swift"})

BY_NAME = frozenset({"ruby"})
"""Languages that know one type of a name and scope: whatever is in its scope is its member, in any file."""

BY_ARITY = frozenset({"csharp"})
"""Languages in which types of one name are several by how many type parameters they have. Only where a member stands
tells whose it is."""

LANGUAGES = frozenset(_PARTS) | _OUTSIDE
"""The languages with such types; C and C++ have rules of their own."""


def is_part(symbol: Symbol) -> bool:
    """Whether the type is one of several of its name that are one type."""
    return symbol.lang in _PARTS and _PARTS[symbol.lang](symbol)


def goes_on(symbol: Symbol) -> bool:
    """Whether other files may hold members of the type."""
    return is_part(symbol) or (symbol.lang in _OUTSIDE and symbol.is_type)


def files_of(symbol: Symbol, types: Collection[Symbol], files: Iterable[str]) -> set[str]:
    """Those of `files` whose members in the scope of its name are the type's; `types` are all of that name and scope.

    All in `BY_NAME`. Elsewhere a file with a type of its own speaks of that. In Go the others of the folder speak of
    the type. In other languages there may be a type in any folder, and the nearest one is meant: that with which a file
    shares most folders.
    """
    if symbol.lang in BY_NAME:
        return set(files)
    if is_part(symbol):
        return {part.file for part in _parts(symbol, types)}.intersection(files)
    outside = set(files).difference(other.file for other in types)
    if symbol.lang == "go":
        return {file for file in outside if _folders(file) == _folders(symbol.file)}
    nearest = {file: max(_shared(file, other.file) for other in [symbol, *types]) for file in outside}
    return {file for file in outside if _shared(file, symbol.file) == nearest[file]}


def inside(symbol: Symbol, types: Iterable[Symbol], members: Iterable[Symbol]) -> list[Symbol]:
    """Those of `members` that stand in a type or in one of its parts; `types` are all of its name and scope."""
    parts = [symbol, *_parts(symbol, types)] if is_part(symbol) else [symbol]
    places = {(part.file, part.line, part.end) for part in parts}
    return [
        member
        for member in members
        if any(file == member.file and line <= member.line <= end for file, line, end in places)
    ]


def whole(
    symbol: Symbol, types: Iterable[Symbol], members: Iterable[Symbol], added_bases: Iterable[str] = ()
) -> Symbol:
    """A type with the bases and methods that it has anywhere, those of its own file first, the others by name.

    `types` are all of its name and scope, `members` what lies directly in it in any file, `added_bases` what other
    files add that have no part of the type.
    """
    parts = _parts(symbol, types) if is_part(symbol) else []
    called = {member.name for member in members if member.kind in {"method", "constructor"}}
    more = sorted(called.union(*(part.methods for part in parts)))
    return replace(
        symbol,
        bases=tuple(dict.fromkeys([*symbol.bases, *(base for part in parts for base in part.bases), *added_bases])),
        methods=tuple(dict.fromkeys([*symbol.methods, *more])),
    )


def _parts(symbol: Symbol, types: Iterable[Symbol]) -> list[Symbol]:
    return [part for part in types if is_part(part) and _arity(part) == _arity(symbol)]


def _arity(symbol: Symbol) -> int:
    """How many type parameters a type has: `Foo<T>` is another type than `Foo`."""
    parameters = re.search(rf"\b{re.escape(symbol.name)}\s*<([^<>]*)>", symbol.signature)
    return parameters[1].count(",") + 1 if parameters else 0


def _shared(one: str, other: str) -> int:
    """How many folders two paths have in common."""
    pairs = zip(_folders(one), _folders(other), strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _folders(path: str) -> list[str]:
    return path.split("/")[:-1]
