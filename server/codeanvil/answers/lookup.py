"""Is it true? Lookups of names, paths and relations in the index, for checking what a model wrote."""

import re
from collections.abc import Sequence
from functools import cached_property

from codeanvil.answers.hops import inherited, lineage
from codeanvil.answers.names import is_file_name
from codeanvil.answers.occurrences import line_within
from codeanvil.answers.resolve import Resolver, plain
from codeanvil.answers.rules import rules
from codeanvil.facts.model import Symbol
from codeanvil.workspace.store import Store


class Lookup:
    """Truth about one workspace, for the length of one answer.

    `evidence` is text made from the index: whatever stands in it is true. `sources` are files that may be quoted.
    """

    def __init__(self, store: Store, evidence: str = "", sources: Sequence[str] = ()) -> None:
        self._store = store
        self._resolver = Resolver(store)
        self._evidence = evidence
        self._sources = sources
        self._known: dict[str, bool] = {}

    def knows(self, name: str) -> bool:
        """Whether the workspace has this name, or everybody knows it."""
        if name not in self._known:
            self._known[name] = self._is_known(name)
        return self._known[name]

    def is_quoted(self, text: str) -> bool:
        """Whether the text stands in the evidence or a source, white space aside."""
        return " ".join(text.split()) in self._flat

    def knows_path(self, path: str) -> bool:
        """Whether the path, or the end of one, is in the workspace."""
        return self._in_evidence(path) or bool(self._resolver.files(path))

    def types(self, name: str) -> list[Symbol]:
        """The types of this name."""
        return [s for s in self._store.symbols_named(plain(name)) if s.is_type]

    def derives(self, name: str, base: str) -> bool:
        """Whether a type of the name `name` derives, near or far, from `base`."""
        last = plain(base).rsplit(".", 1)[-1]
        return any(lineage(symbol, last, self._store) for symbol in self.types(name))

    def has_member(self, owner: str, member: str) -> bool:
        """Whether a type of this name declares, inherits or holds the member."""
        last = plain(member).rsplit(".", 1)[-1]
        return any(
            last in symbol.methods
            or any(s.name == last for s in self._store.members_of(symbol))
            or inherited(symbol, last, self._store)
            or line_within(self._store, symbol, last)
            for symbol in self.types(owner)
        )

    def lies_in(self, name: str, path: str) -> bool:
        """Whether something of this name is defined or declared in the file (or the end of its path)."""
        symbols = self._resolver.symbols(plain(name))
        return any(
            f"/{s.file}".endswith(f"/{path.strip('/')}") or f"/{path.strip('/')}/" in f"/{s.file}" for s in symbols
        )

    def lines(self, name: str) -> set[int]:
        """The lines at which things of this name stand."""
        return {s.line for s in self._resolver.symbols(plain(name))}

    def has_line(self, path: str, line: int) -> bool:
        """Whether a symbol's name stands at this line, or the evidence says so."""
        return f"{path}:{line}" in self._evidence or any(
            s.line == line for file in self._resolver.files(path) for s in self._store.symbols_in(file)
        )

    def _is_known(self, name: str) -> bool:
        simple = plain(name)
        if not simple or rules().is_ordinary(name) or rules().is_ordinary(simple) or self._in_evidence(name):
            return True
        if "/" in name or is_file_name(name):
            return self.knows_path(name)
        return self._resolver.bears(simple)

    def _in_evidence(self, name: str) -> bool:
        return bool(re.search(rf"(?<![\w]){re.escape(name)}(?![\w])", self._evidence))

    @cached_property
    def _flat(self) -> str:
        return " ".join(" ".join([self._evidence, *self._sources]).split())
