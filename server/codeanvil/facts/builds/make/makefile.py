"""Build facts of a makefile."""

import posixpath
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Literal

from codeanvil.facts.builds.documents import UnreadableError, begin, check_size, ordered, unread
from codeanvil.facts.builds.make import syntax
from codeanvil.facts.builds.make.flags import libraries_in, packages_in, standard_in
from codeanvil.facts.builds.make.objects import INTERMEDIATE, Objects
from codeanvil.facts.builds.make.syntax import Assignment, Branch, Include, Rule
from codeanvil.facts.builds.make.variables import Variables
from codeanvil.facts.builds.programs import main_program
from codeanvil.facts.model import BuildFacts, Dependency, Option, Target
from codeanvil.facts.text import decode

DEFAULT_NAMES = ("GNUmakefile", "makefile", "Makefile")
"""The names that `make` looks for, the first one wins."""

TESTING = ("test", "check", "tests")
RUNNING = ("run", "start", "serve", "dev", "up")
BUILDING = ("all", "build", "compile", "default")

MAX_LOOP = 500
"""Words of a shell's `for` that are looked at."""

_OTHER_PURPOSE = frozenset(
    {
        *TESTING, *RUNNING, "install", "help", "usage", "list", "targets", "clean", "lint", "format", "fmt", "setup",
        "init", "deps", "venv", "update", "upgrade", "release", "publish", "deploy", "coverage", "style", "tags",
        "version", "bootstrap", "develop",
    }
)  # fmt: skip
_GENERATED = re.compile(r"generated (?:automatically )?(?:by|from)|do not edit", re.IGNORECASE)
_LIBRARY = re.compile(r".*\.(?:a|la|lib|so(?:\.[\d.]+)?|dylib|dll)\Z")
_TEST = re.compile(r"(?:(?:[\w.]+[-_.])?(?:tests?|e2e)(?:[-_.][\w.]+)?|check(?:[-_][\w.]+)?)\Z")
_FORCED = frozenset({"FORCE", "force", "PHONY", "always"})
"""Names that rules need so that they always run."""

_LINKER = re.compile(
    r"\$[({](?:CC|CXX|LD|FC|LINK[\w.]*|HOSTCC|HOSTCXX)[)}]"
    r"|(?:\A|[\s@-])(?:gcc|g\+\+|clang|clang\+\+|cc|c\+\+|ld|gfortran|go|rustc|ghc|dmd|ldc2|valac|nasm)(?=\s)"
)
_MAKE = frozenset({"$(MAKE)", "${MAKE}", "make", "make)", "$(MAKE))"})
_SHELL_LOOP = frozenset({";", "do"})
_LINKER_FLAGS = re.compile(r"LIB|LD|LINK|LFLAGS", re.IGNORECASE)
_PATH = re.compile(r"[\w./+-]+")


def read(path: str, source: bytes) -> BuildFacts:
    """What the makefile at `path` says. One that is not named as `make` expects is a part: it has no commands.

    Files that another program generated say nothing of their own. Never raises: what is no makefile is told in
    `problem`.
    """
    facts = begin("make", path, source)
    try:
        check_size(source)
    except UnreadableError as error:
        return unread(facts, "Make", error)
    text = decode(source)
    if is_generated(text):
        return facts
    makefile = syntax.parse(text)
    reader = Reader()
    for statement in makefile.statements:
        reader.take(statement)
    facts = reader.finish(facts)
    return unread(facts, "Make", makefile.problem) if makefile.problem else facts


def is_generated(text: str) -> bool:
    """Whether the top of a makefile says that a program wrote it."""
    return any(line.startswith("#") and _GENERATED.search(line) for line in text[:1000].splitlines())


@dataclass(slots=True)
class _Draft:
    """A target that is being read; several rules may add to it."""

    line: int
    doc: str = ""
    needs: dict[str, None] = field(default_factory=dict)
    recipe: list[str] = field(default_factory=list)


class Reader:
    """Gathers facts from the statements of one file."""

    def __init__(self) -> None:
        self.variables = Variables()
        self.drafts: dict[str, _Draft] = {}
        self.phony: set[str] = set()
        self.options: dict[str, Option] = {}
        self.dependencies: dict[str, Dependency] = {}
        self.subfolders: dict[str, None] = {}
        self.includes: dict[str, None] = {}
        self.default = ""
        self.standard = ""
        self.objects = Objects()

    def take(self, statement: syntax.Statement) -> None:
        """Note what a statement says."""
        match statement:
            case Branch():
                self.variables.branch(statement)
            case Assignment():
                self._assignment(statement)
            case Rule():
                self._rule(statement)
            case Include():
                files = self.variables.words(statement.files)
                self.includes |= dict.fromkeys(posixpath.normpath(f) for f in files if not f.endswith(INTERMEDIATE))

    def finish(self, facts: BuildFacts) -> BuildFacts:
        """`facts` with all that was noted."""
        is_part = facts.file.rpartition("/")[2] not in DEFAULT_NAMES
        self.default = "".join(self.variables.words("$(.DEFAULT_GOAL)")[:1]) or self.default
        targets = [self._target(name, draft) for name, draft in self.drafts.items()]
        own = {posixpath.basename(target.name).split(".")[0].removeprefix("lib") for target in targets}
        if is_part:
            targets = [replace(target, command="") for target in targets]
        version = self.variables.expand("$(VERSION)")
        return replace(
            facts,
            name=next(filter(None, map(self._literal, ("PROJECT_NAME", "PROJECT", "PACKAGE_NAME", "PACKAGE"))), ""),
            version=version if version[:1].isdigit() and _PATH.fullmatch(version) else "",
            standard=self.standard,
            targets=tuple(targets),
            options=tuple(replace(o, default=self.variables.expand(o.default)) for o in self.options.values()),
            dependencies=tuple(d for d in self.dependencies.values() if d.name not in own),
            subfolders=tuple(self.subfolders),
            commands=() if is_part else commands_of(targets, self.default),
            installs="install" in self.drafts,
            includes=tuple(self.includes),
        )

    def _literal(self, name: str) -> str:
        value = self.variables.expand(f"$({name})")
        return value if _PATH.fullmatch(value) else ""

    def _assignment(self, assignment: Assignment) -> None:
        self.variables.assign(assignment)
        name = self.variables.expand(assignment.name)
        if assignment.operator == "?=" and "$" not in name:
            self.options.setdefault(name, Option(name, assignment.value, assignment.line, assignment.doc))
        self._flags(assignment.value, assignment.line, links=bool(_LINKER_FLAGS.search(name)))

    def _flags(self, text: str, line: int, *, links: bool) -> None:
        text = self.variables.expand(text)
        self.objects.note_words(text)
        self.standard = self.standard or standard_in(text)
        for dependency in (*packages_in(text, line), *(libraries_in(text, line) if links else ())):
            self.dependencies.setdefault(dependency.name, dependency)

    def _rule(self, rule: Rule) -> None:
        names = self.variables.words(rule.targets)
        prerequisites = self.variables.expand(rule.prerequisites).replace("|", " ")
        needs = self.variables.words(prerequisites)
        if rule.targets == ".PHONY":
            self.phony.update(needs)
            return
        if any("%" in name for name in names) or syntax.colon(prerequisites) >= 0:
            self.objects.note_pattern(names, needs)
            names = []
        for name in names:
            if (name.startswith(".") and not name.startswith("./")) or "*" in name or "/." in name:
                continue
            self.default = self.default or name
            if name.endswith(INTERMEDIATE):
                self.objects.note_rule(name, needs)
            else:
                self._define(name, rule, needs)
        for line, command in zip(rule.recipe_lines, rule.recipe, strict=True):
            self._flags(command, line, links=bool(_LINKER.search(command)))
        self.subfolders |= dict.fromkeys(self._folders(rule, names))

    def _define(self, name: str, rule: Rule, needs: Iterable[str]) -> None:
        draft = self.drafts.setdefault(name, _Draft(rule.line))
        draft.doc = draft.doc or rule.doc
        draft.needs |= dict.fromkeys(needs)
        if rule.recipe and not draft.recipe:
            draft.line, draft.recipe = rule.line, rule.recipe

    def _target(self, name: str, draft: _Draft) -> Target:
        kind = self._kind(name, draft)
        is_made = kind in {"executable", "library"}
        files = [need for need in draft.needs if need not in self.drafts and "." in need[1:]]
        sources = tuple(dict.fromkeys(map(self.objects.source_of, files)))
        # Of what the file has no rule for, names without an ending are targets of other files.
        links = tuple(
            need
            for need in draft.needs
            if need in self.drafts or not (is_made or "." in need or "/" in need or need in _FORCED)
        )
        command = f"./{name}" if kind == "executable" else f"make {name}"
        return Target(name, kind, draft.line, sources, links, command, draft.doc)

    def _kind(self, name: str, draft: _Draft) -> Literal["executable", "library", "test", "custom"]:
        if name not in self.phony:
            if _LIBRARY.match(name):
                return "library"
            made = " ".join(draft.recipe)
            if "-shared" in made and "$@" in made:
                return "library"
            is_linked = _LINKER.search(made) and (f"-o {name}" in made or "$@" in made) and " -c " not in made
            from_objects = not draft.recipe and any(need.endswith(".o") for need in draft.needs)
            if (is_linked and "." not in posixpath.basename(name).removesuffix(".exe")) or from_objects:
                return "executable"
        return "test" if _TEST.match(name) else "custom"

    def _folders(self, rule: Rule, names: list[str]) -> Iterator[str]:
        """The folders that a recipe calls `make` in."""
        text = " ".join(rule.recipe)
        if "-C" not in text and "cd " not in text:
            return
        words = text.replace(";", " ; ").split()
        loops = {
            words[i + 1]: self.variables.words(" ".join(_before(words[i + 3 : i + MAX_LOOP], _SHELL_LOOP)))
            for i, word in enumerate(words[:-3])
            if word.lstrip("@") == "for" and words[i + 2] == "in"
        }
        calls_make = any(word.lstrip("@+-(") in _MAKE for word in words)
        for word, following in pairwise(words):
            if not calls_make or word.lstrip("@+(") not in {"-C", "cd"}:
                continue
            folder = following.strip("\"'")
            if folder in {"$@", "$(@)"}:
                folders = names
            elif folder.startswith("$$"):
                folders = loops.get(folder.strip("${()}"), [])
            else:
                folders = self.variables.words(folder)
            yield from filter(_is_below, map(posixpath.normpath, folders))


def commands_of(targets: Iterable[Target], default: str) -> tuple[tuple[str, str], ...]:
    """What is typed to build, test, run and install, where there is a target for it; `default` is made by `make`."""
    known = {target.name: target for target in targets}
    chosen = {"test": TESTING, "run": RUNNING, "install": ("install",)}
    commands = {
        verb: f"make {name}" for verb, names in chosen.items() if (name := next((n for n in names if n in known), ""))
    }
    if program := main_program(_needed(known, default)) or main_program(known.values()):
        commands.setdefault("run", program.command)
    if default and default not in _OTHER_PURPOSE:
        commands["build"] = "make"
    elif name := next((name for name in BUILDING if name in known), ""):
        commands["build"] = f"make {name}"
    return ordered(commands)


def _needed(known: Mapping[str, Target], default: str) -> Iterator[Target]:
    """What `make` makes: the default goal and all that it needs."""
    pending, seen = [default], {default}
    while pending:
        if target := known.get(pending.pop(0)):
            yield target
            new = [name for name in target.links if name not in seen]
            seen.update(new)
            pending += new


def _before(words: Iterable[str], stops: Collection[str]) -> Iterator[str]:
    for word in words:
        if word in stops:
            return
        yield word


def _is_below(folder: str) -> bool:
    return bool(_PATH.fullmatch(folder)) and folder != "." and not folder.startswith(("/", ".."))
