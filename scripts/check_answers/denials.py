"""Whether what is there is ever denied: public types and functions of a project, asked for in many wordings."""

import random
import re
from dataclasses import dataclass
from pathlib import Path

from codeanvil.answers.ask import ask
from codeanvil.facts.model import Symbol
from codeanvil.workspace.store import Store

WORDINGS = (
    "Where is {} defined?",
    "where is {}",
    "{}?",
    "What does `{}` do?",
    "Tell me about {}.",
    "which file has {}",
    "explain {} pls",
    "Hello, could somebody show me where I find {}, please?",
    "Who uses {}?",
    "is there something called {}",
    "whats {}",
    "I have to change {}, in what file it is?",
)
TYPE_WORDINGS = (
    "What methods does {} have?",
    "{} methods",
    "which classes derive from {}",
    "base class of {}",
    "What is the class {} for?",
    "the {} type - what can it do",
)


@dataclass(frozen=True, slots=True)
class Denials:
    """How many questions there were, and those that the answer said nothing in the workspace answers."""

    asked: int
    denied: tuple[str, ...]


def public(store: Store) -> list[Symbol]:
    """Types and functions of the project's own sources, one of each name, that are no private ones."""
    found: dict[str, Symbol] = {}
    for row in store.files():
        if row.lang and row.role == "source":
            for symbol in store.symbols_in(row.path):
                own = symbol.is_type or symbol.kind in {"function", "method"}
                if own and not symbol.decl and re.fullmatch(r"[A-Za-z]\w*", symbol.name):
                    found.setdefault(symbol.name, symbol)
    return list(found.values())


def denials(store: Store, root: Path, most: int, seed: int = 1) -> Denials:
    """Ask for up to `most` public things, each in one wording, chosen by `seed`; 0 asks for all in all wordings."""
    things = public(store)
    chance = random.Random(seed)
    asked = []
    for symbol in things if not most or len(things) <= most else chance.sample(things, most):
        wordings = WORDINGS + (TYPE_WORDINGS if symbol.is_type else ())
        asked += [each.format(symbol.name) for each in (wordings if not most else [chance.choice(wordings)])]
    return Denials(len(asked), tuple(question for question in asked if not ask(question, store, root=root).found))
