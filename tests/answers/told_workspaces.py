"""Workspaces of several languages, indexed once, and what is true of them."""

import email
import http
import json
import logging
import re
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.checkout import REPOSITORY, WORKSPACES

from codeanvil.facts.model import Symbol
from codeanvil.settings import IndexSettings, Settings
from codeanvil.workspace.index.build import build_index
from codeanvil.workspace.location import index_path
from codeanvil.workspace.store import Store

HERE = Path(__file__).parent
SETTINGS = Settings(index=IndexSettings(processes=1))
STANDARD_LIBRARY = (email, http, json, logging)


@dataclass(frozen=True, repr=False)
class Told:
    """A workspace: `types` defined in it, `callables`, names of `methods` by type, all its text in lower case."""

    name: str
    root: Path
    store: Store
    text: str
    types: list[Symbol] = field(default_factory=list)
    callables: list[Symbol] = field(default_factory=list)
    methods: dict[Symbol, list[str]] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"Told({self.name!r})"

    def lines(self, path: str) -> list[str]:
        return (self.root / path).read_text("utf-8").splitlines()


@contextmanager
def told_workspaces(folder: Path) -> Iterator[list[Told]]:
    """Python and C++ (two projects), TypeScript, Java, Go, Rust, C#, Ruby and Kotlin (one), the standard library."""
    sources = {
        "harbour": [HERE / "harbour"],
        "quay": [HERE / "quay"],
        "dicom-viewer": [WORKSPACES / "dicom-viewer"],
        "extension": [REPOSITORY / "extension-vscode" / name for name in ("src", "package.json")],
        "standard-library": [Path(module.__file__).parent for module in STANDARD_LIBRARY],
    }
    with ExitStack() as stack:
        found = []
        for name, parts in sources.items():
            root = folder / name
            for part in parts:
                if part.is_file():
                    shutil.copy(part, root / part.name)
                else:
                    to = root if len(parts) == 1 else root / part.name
                    shutil.copytree(part, to, ignore=shutil.ignore_patterns("__pycache__", ".*"))
            build_index(root, SETTINGS)
            store = stack.enter_context(Store(index_path(root, SETTINGS), read_only=True))
            found.append(_told(name, root, store))
        yield found


def _told(name: str, root: Path, store: Store) -> Told:
    symbols = [symbol for file in store.files() for symbol in store.symbols_in(file.path)]
    types = [s for s in map(store.whole, symbols) if s.is_type and not s.decl]
    return Told(
        name,
        root,
        store,
        "\n".join(store.text(file.path) for file in store.files()).lower()
        + json.dumps([f.path for f in store.files()]),
        types,
        [s for s in symbols if s.kind in {"function", "method"} and not s.name.startswith(("~", "operator"))],
        {symbol: names for symbol in types if (names := _methods_of(symbol, store))},
    )


def _methods_of(symbol: Symbol, store: Store) -> list[str]:
    """Names of the methods of a type that can be written down as plain words."""
    names = [*symbol.methods, *(s.name for s in store.members_of(symbol) if s.kind == "method")]
    return [name for name in dict.fromkeys(names) if re.fullmatch(r"\w+[?!]?", name) and name != symbol.name]
