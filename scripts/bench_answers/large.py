"""A large workspace, indexed, and what is asked about it."""

import random
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from workspace import make_workspace

from codeanvil.settings import Settings
from codeanvil.workspace.index.build import build_index
from codeanvil.workspace.location import index_path
from codeanvil.workspace.store import Store

SYMBOLS_PER_FILE = 30
"""About so many there are; the first guess of how many files are needed."""

ABOUT_NAMES = (
    "Where is {} defined?",
    "What methods does {} have?",
    "What does {} inherit from?",
    "What is {} for?",
    "Who uses {}?",
    "Tell me about {}",
    "Is there a class {}Keeper?",
)
ABOUT_PROJECT = (
    "How do I build this?",
    "Which languages are used?",
    "what handles timeouts",
    "where are headers parsed",
    "How are sockets closed?",
)


@dataclass(frozen=True)
class Point:
    """A name in a file, at a line and column from 0."""

    path: str
    line: int
    column: int
    name: str


def make_large(root: Path, symbols: int) -> Store:
    """A workspace of at least so many symbols, as far as this machine has sources for them; its index."""
    files, had = symbols // SYMBOLS_PER_FILE, -1
    while True:
        make_workspace(root, files)
        build_index(root, Settings())
        store = Store(index_path(root, Settings()), read_only=True)
        have = sum(store.report().symbols.values())
        print(f"{files} files: {have} symbols", file=sys.stderr)
        if have >= symbols or have == had:
            return store
        store.close()
        had, files = have, int(files * symbols / max(1, have) * 1.1) + 1


def points(store: Store, count: int) -> list[Point]:
    """Names of the workspace where they stand in its files, common ones as often as they occur: always the same."""
    draw, names = random.Random(1), set(store.symbol_names())
    paths = list(store.paths())
    found: list[Point] = []
    while len(found) < count:
        path = draw.choice(paths)
        text = store.text(path)
        places = [match for match in re.finditer(r"[A-Za-z_]\w+", text) if match.group() in names]
        if places:
            match = draw.choice(places)
            start = text.rfind("\n", 0, match.start()) + 1
            found.append(Point(path, text.count("\n", 0, start), match.start() - start, match.group()))
    return found


def questions(store: Store, count: int) -> list[tuple[str, str]]:
    """(question, name in it or ''): four in five about a type, the rest about the project: always the same."""
    draw = random.Random(2)
    names = draw.sample(store.symbol_names(), min(20 * count, len(store.symbol_names())))
    types = [name for name in names if any(symbol.is_type for symbol in store.symbols_named(name))]
    asked = []
    for _ in range(count):
        name = draw.choice(types)
        asked.append(
            (draw.choice(ABOUT_NAMES).format(name), name) if draw.random() < 0.8 else (draw.choice(ABOUT_PROJECT), "")
        )
    return asked
