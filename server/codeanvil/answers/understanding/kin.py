"""Things found by words of their names, places and descriptions: "which class handles cookies"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from codeanvil.answers.understanding.nearest import parts
from codeanvil.facts.model import Symbol
from codeanvil.facts.roles import role_of
from codeanvil.workspace.store import Store

MOST_CANDIDATES = 150
"""Symbols that full text finds, of which those that fit best are taken."""

_LEAST_COMMON = 4
_MOST_ENDING = 3


@dataclass(frozen=True, slots=True)
class Kin:
    """A symbol and how many of the words sought its name, its path or its description hold; `named` in its name."""

    symbol: Symbol
    covered: int
    named: int
    weight: float


def alike(first: str, second: str) -> bool:
    """Whether two words, in lower case, are forms of one: they begin alike but for an ending."""
    if first == second:
        return True
    common = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(first, second, strict=False)))
    return common >= max(_LEAST_COMMON, max(len(first), len(second)) - _MOST_ENDING)


def kin(words: Sequence[str], store: Store, kind: str = "") -> list[Kin]:
    """What fits the words best, best first; `kind` "type" or "callable" leaves out all else where there is such."""
    lower = list(dict.fromkeys(word.lower() for word in words))
    if not lower:
        return []
    found = [s for s in store.search(" ".join(words), MOST_CANDIDATES) if not s.decl and s.kind != "constructor"]
    fitting = [s for s in found if s.is_type == (kind == "type")] if kind else found
    weighed = [_weighed(symbol, lower) for symbol in fitting or found]
    return sorted((each for each in weighed if each.covered), key=lambda each: -each.weight)


def _weighed(symbol: Symbol, words: Sequence[str]) -> Kin:
    name = parts(symbol.name)
    place = [part.lower() for part in re.findall(r"[A-Za-z]+|\d+", " ".join([*parts(symbol.file), symbol.scope]))]
    doc = [word.lower() for word in re.findall(r"[A-Za-z]{3,}", symbol.doc)]
    weights, named = [], 0
    for word in words:
        if any(alike(word, part) for part in name) or word == symbol.name.lower():
            named += 1
            weights.append(1.0)
        elif any(alike(word, part) for part in place):
            weights.append(0.6)
        elif any(alike(word, part) for part in doc):
            weights.append(0.5)
    extra = 0.3 * symbol.is_type - 0.5 * (role_of(symbol.file, b"", None) != "source") - 0.03 * len(name)
    return Kin(symbol, len(weights), named, sum(weights) + extra)
