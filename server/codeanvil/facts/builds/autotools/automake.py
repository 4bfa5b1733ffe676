"""Build facts of a `Makefile.am`, and of a `Makefile.in` that somebody wrote."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Literal

from codeanvil.facts.builds.documents import UnreadableError, begin, check_size, unread
from codeanvil.facts.builds.make import makefile, syntax
from codeanvil.facts.builds.make.flags import SYSTEM_LIBRARIES
from codeanvil.facts.builds.make.syntax import Assignment
from codeanvil.facts.builds.make.variables import Variables
from codeanvil.facts.model import BuildFacts, Target
from codeanvil.facts.text import decode

_PRIMARY = re.compile(r"(?:(?:dist|nodist|nobase|notrans)_)*(\w+?)_(PROGRAMS|LTLIBRARIES|LIBRARIES|SCRIPTS)\Z")
_NOT_MADE = frozenset({"EXTRA", "am", "noinst_dist"})
_HOOK = re.compile(r".*-(?:local|hook)\Z")
_LIBRARY_FLAG = re.compile(r"-l([\w.+-]+)\Z")

Kind = Literal["executable", "library", "test", "script"]


def read(path: str, source: bytes) -> BuildFacts:
    """What the `Makefile.am` or `Makefile.in` at `path` says: a part of a project, so it has no commands of its own.

    Never raises: what is no makefile is told in `problem`.
    """
    facts = begin("autotools", path, source)
    try:
        check_size(source)
    except UnreadableError as error:
        return unread(facts, "Automake", error)
    text = decode(source)
    if makefile.is_generated(text):
        return facts
    parsed = syntax.parse(text)
    rules, programs = makefile.Reader(), _Programs()
    for statement in parsed.statements:
        rules.take(statement)
        if isinstance(statement, Assignment):
            programs.take(statement, rules.variables)
    facts = rules.finish(facts)
    made = list(programs.targets(rules.variables))
    known = {target.name for target in made}
    others = [
        replace(t, command=f"make {t.name}") for t in facts.targets if t.name not in known and not _HOOK.match(t.name)
    ]
    folders = [word for word in rules.variables.words("$(SUBDIRS)") if word != "."]
    facts = replace(
        facts,
        targets=tuple(sorted([*made, *others], key=lambda target: target.line)),
        subfolders=tuple(dict.fromkeys([*folders, *facts.subfolders])),
        installs=facts.installs or programs.installs,
    )
    return unread(facts, "Automake", parsed.problem) if parsed.problem else facts


class _Programs:
    """Gathers the names that variables like `bin_PROGRAMS` and `TESTS` list, and the lines where they do."""

    def __init__(self) -> None:
        self.installs = False
        self._listed: dict[str, tuple[Kind, int]] = {}
        self._tests: dict[str, int] = {}

    def take(self, assignment: Assignment, variables: Variables) -> None:
        names = [name.removesuffix("$(EXEEXT)") for name in assignment.value.split()]
        names = [name for name in variables.words(" ".join(names)) if "@" not in name]
        if assignment.name in {"TESTS", "XFAIL_TESTS"}:
            for name in names:
                self._tests.setdefault(name, assignment.line)
        elif (match := _PRIMARY.match(assignment.name)) and match[1] not in _NOT_MADE:
            self.installs = self.installs or match[1] not in {"noinst", "check"}
            for name in names:
                self._listed.setdefault(name, (_kind(match[1], match[2]), assignment.line))

    def targets(self, variables: Variables) -> Iterator[Target]:
        for name, (listed_as, line) in self._listed.items():
            kind = "test" if name in self._tests and listed_as != "library" else listed_as
            canonical = re.sub(r"[^\w@]", "_", name)
            sources = variables.words(f"$({canonical}_SOURCES) $(nodist_{canonical}_SOURCES)")
            own = f"{canonical}_{'LIBADD' if kind == 'library' else 'LDADD'}"
            is_made = kind in {"executable", "test"} and not name.endswith((".sh", ".py", ".pl"))
            linked = f"$({own})" if own in variables.values else "$(LDADD)" if is_made else ""
            yield Target(
                name,
                kind,
                line,
                tuple(dict.fromkeys(sources)) or ((f"{name}.c",) if is_made else ()),
                tuple(dict.fromkeys(_links(variables.expand(linked).split()))),
                _command(name, kind),
            )
        for name, line in self._tests.items():
            if name not in self._listed:
                yield Target(name, "test", line, command=_command(name, "test"))


def _kind(folder: str, primary: str) -> Kind:
    if primary in {"LTLIBRARIES", "LIBRARIES"}:
        return "library"
    if folder == "check":
        return "test"
    return "executable" if primary == "PROGRAMS" else "script"


def _command(name: str, kind: Kind) -> str:
    if kind == "test":
        return f"make check TESTS={name}"
    return f"make {name}" if kind == "library" else f"./{name}"


def _links(words: Iterable[str]) -> Iterator[str]:
    """The libraries among the words of LDADD."""
    for word in words:
        if match := _LIBRARY_FLAG.match(word):
            if match[1] not in SYSTEM_LIBRARIES:
                yield match[1]
        elif word.endswith((".la", ".a")):
            name = word.rpartition("/")[2]
            if "$" not in name:
                yield name
