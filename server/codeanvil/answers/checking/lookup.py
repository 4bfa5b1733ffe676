"""Is it true? Lookups of names, paths and relations in the index, for checking what a model wrote."""

import re
from collections.abc import Sequence
from functools import cached_property

from codeanvil.answers.finding.contracts import implemented
from codeanvil.answers.finding.hops import inherited, lineage
from codeanvil.answers.finding.occurrences import find_line, line_within
from codeanvil.answers.understanding.meaning import CALLABLE_KINDS, plain
from codeanvil.answers.understanding.names import is_file_name
from codeanvil.answers.understanding.resolve import Resolver
from codeanvil.answers.understanding.rules import rules
from codeanvil.facts.model import Symbol
from codeanvil.workspace.store import Store

MOST_DESCENDANTS = 1_000
"""Types below one that are counted."""

_MAKERS = frozenset({"__init__", "constructor", "initialize", "__construct", "init", "new"})


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

    def stands_in(self, line: str) -> bool:
        """Whether a line of code stands in a file of the workspace as it is."""
        return bool(find_line(self._store, line))

    def is_evident(self, text: str) -> bool:
        """Whether the text stands in the evidence as a word of its own."""
        return bool(text) and self._in_evidence(text)

    def knows_path(self, path: str) -> bool:
        """Whether the path, or the end of one, is in the workspace."""
        return self._in_evidence(path) or bool(self._resolver.files(path))

    def types(self, name: str) -> list[Symbol]:
        """The types of this name."""
        return [s for s in self._store.symbols_named(plain(name)) if s.is_type]

    def is_base(self, name: str) -> bool:
        """Whether types of the workspace derive from something of this name."""
        return bool(self._store.derived_from(plain(name).rsplit(".", 1)[-1]))

    def derives(self, name: str, base: str) -> bool:
        """Whether a type of the name `name` derives, near or far, from `base`."""
        last = plain(base).rsplit(".", 1)[-1]
        return any(
            lineage(symbol, last, self._store) or any(met.name == last for met in implemented(symbol, self._store))
            for symbol in self.types(name)
        )

    def is_callable(self, name: str) -> bool:
        """Whether functions or methods bear this name, and no type does."""
        symbols = self._symbols(name)
        return any(s.kind in CALLABLE_KINDS for s in symbols) and not any(s.is_type for s in symbols)

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
        return any(_ends_with(s.file, path) or f"/{path.strip('/')}/" in f"/{s.file}" for s in self._symbols(name))

    def lines(self, name: str) -> set[int]:
        """The lines at which things of this name stand."""
        return {s.line for s in self._symbols(name)}

    def stands_at(self, name: str, path: str, line: int, to: int, *, exact: bool) -> bool:
        """Whether a thing of this name is at the lines `line` to `to` of a file ('' for any).

        `exact` wants the line of its name; else any line within its definition, or one that mentions it, will do.
        """
        here = [s for s in self._symbols(name) if not path or _ends_with(s.file, path)]
        last = plain(name).rsplit(".", 1)[-1]
        files = {s.file for s in here} | set(self._resolver.files(path) if path else ())
        if exact:
            private = (s for file in files for s in self._store.symbols_in(file) if s.name.lstrip("#@$") == last)
            return any(s.line == line for s in [*here, *private])
        word = re.compile(rf"(?<!\w){re.escape(last)}(?!\w)")
        return any(s.line <= to and line <= s.end for s in here) or any(
            word.search(text) for file in files for text in self._store.text(file).splitlines()[line - 1 : to]
        )

    def has_line(self, path: str, line: int) -> bool:
        """Whether the evidence names this line."""
        return bool(re.search(rf"{re.escape(path)}:{line}(?!\d)", self._evidence))

    def length(self, path: str) -> int:
        """Lines of a file, the longest of those that the path may mean; 0 where there is none."""
        if "." not in path:
            return 0
        texts = (self._store.text(file) for file in self._resolver.files(path) if not file.endswith("/"))
        return max((text.count("\n") + 1 for text in texts if text), default=0)

    def counts(self, name: str, what: str) -> set[int]:
        """The numbers that may be said of a thing, as one counts: how many methods, subclasses, bases or lines it has.

        Empty where nothing is known of it.
        """
        if what == "lines":
            length = self.length(name)
            return {length - 1, length} if length else set()
        found: set[int] = set()
        for symbol in self.types(name):
            if what.startswith(("sub", "derived")):
                heirs = self._store.derived_from(symbol.name)
                found |= {len(heirs), len({s.qualified for s in heirs}), len(self._descendants(symbol.name))}
            elif what.startswith("base"):
                found |= {len(symbol.bases), len(set(symbol.bases))}
            else:
                found |= self._method_counts(symbol, members=what.startswith("member"))
        return found

    def _method_counts(self, symbol: Symbol, *, members: bool) -> set[int]:
        own = [m for m in self._store.members_of(symbol) if m.kind in CALLABLE_KINDS]
        names = [*symbol.methods]
        everything = {m.name for m in own} | set(names)
        bare = {n for n in everything if n != symbol.name and not n.startswith("~") and n not in _MAKERS}
        public = {n for n in bare if not n.startswith("_")}
        found = {len(names), len(set(names)), len(own), len(everything), len(bare), len(public)}
        found |= {len({n for n in everything if not n.startswith("__")})}
        bases = [s for base in symbol.bases for s in self.types(base)]
        found.add(len(bare | {m for base in bases for m in base.methods if m not in _MAKERS}))
        return found if not members else found | set(range(max(found), max(found) + symbol.end - symbol.line + 1))

    def _descendants(self, name: str) -> set[str]:
        seen: set[str] = set()
        line = [name]
        while line and len(seen) < MOST_DESCENDANTS:
            for heir in self._store.derived_from(line.pop()):
                if heir.name not in seen:
                    seen.add(heir.name)
                    line.append(heir.name)
        return seen

    def is_command(self, line: str) -> bool:
        """Whether a build of the workspace gives this command, or a file of it holds the line."""
        flat = " ".join(line.split())
        return flat in self._commands or bool(find_line(self._store, flat))

    def is_made(self, path: str) -> bool:
        """Whether a program to be run is a file of the workspace or made by its build."""
        return self.knows_path(path) or path.rsplit("/", 1)[-1] in self.command_words

    @cached_property
    def _commands(self) -> frozenset[str]:
        builds = self._store.builds()
        told = [command for build in builds for _, command in build.commands]
        told += [target.command for build in builds for target in build.targets if target.command]
        return frozenset(" ".join(line.split()) for command in told for line in [command, *command.split("&&")])

    @cached_property
    def programs(self) -> frozenset[str]:
        """The programs that the commands of the builds begin with."""
        first = (command.split()[0].rsplit("/", 1)[-1] for command in self._commands if command.split())
        return frozenset(first) | {"cd", "python3", "python", "pip"} & self.command_words

    @cached_property
    def command_words(self) -> frozenset[str]:
        """Every word of the builds' commands, and the names of targets and dependencies."""
        builds = self._store.builds()
        return frozenset(
            [word for command in self._commands for word in command.split()]
            + [target.name for build in builds for target in build.targets]
            + [dependency.name for build in builds for dependency in build.dependencies]
        )

    def _symbols(self, name: str) -> list[Symbol]:
        return self._resolver.symbols(plain(name))

    def _is_known(self, name: str) -> bool:
        simple = plain(name)
        if not simple or rules().is_ordinary(name) or rules().is_ordinary(simple) or self._in_evidence(name):
            return True
        if "/" in name or is_file_name(name):
            return self.knows_path(name) or name in self.command_words
        return name in self.command_words or self._resolver.bears(simple)

    def _in_evidence(self, name: str) -> bool:
        return name in self._evidence and bool(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", self._evidence))

    @cached_property
    def _flat(self) -> str:
        return " ".join(" ".join([self._evidence, *self._sources]).split())


def _ends_with(file: str, path: str) -> bool:
    return f"/{file}".endswith(f"/{path.removeprefix('./').strip('/')}")
