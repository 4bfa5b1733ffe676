"""The facts: what one file, one build file or one project says about itself. Plain immutable values."""

from dataclasses import dataclass, field
from typing import Literal

SymbolKind = Literal[
    "class", "struct", "interface", "enum", "union", "trait", "record", "annotation",
    "module", "function", "method", "constructor", "macro",
]  # fmt: skip

TargetKind = Literal[
    "executable", "library", "test", "example", "benchmark", "script", "service", "job", "custom",
]  # fmt: skip
"""What a build makes (programs, libraries) or runs: a service in a container, a job of a CI server, a task."""

SettingKind = Literal["environment", "argument", "key", "field"]
"""Where a setting is given: an environment variable, a command-line option, a key of a configuration file, a field of
a class of settings."""

Role = Literal["source", "test", "example", "vendored", "generated"]
"""What a file is for: the project's own code, its tests, examples, somebody else's code, or a program's output."""

TYPE_KINDS: frozenset[str] = frozenset(
    {"class", "struct", "interface", "enum", "union", "trait", "record", "annotation"}
)


@dataclass(frozen=True, slots=True)
class Symbol:
    """One named thing of the source.

    `line` is the line of the name and `end` the last line of the whole definition, both from 1. `scope` holds
    the enclosing names joined with '.', `qualified` is scope and name. `bases` are simple names as written,
    type arguments stripped. `methods` are the names declared directly in the type, in source order. `decl`
    is true where there is no body (a prototype, a forward declaration). `doc` is the first sentence of the doc
    comment. `signature` is the declaration up to its body, white space folded.
    """

    kind: SymbolKind
    lang: str
    name: str
    scope: str
    qualified: str
    file: str
    line: int
    end: int
    bases: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    decl: bool = False
    doc: str = ""
    signature: str = ""

    @property
    def is_type(self) -> bool:
        """Whether this is class-like."""
        return self.kind in TYPE_KINDS


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What one source file says. `sha` is the hex SHA-256 of its bytes; `problem` is one sentence or None.

    `main_line` is the line of `main`, or of Python's main guard or its like, 0 where `has_main` is false. `added_bases`
    are those that the file adds to types of other files (an `impl` of Rust, an extension of Swift): the qualified name
    that such a type has in its own file, and the base.
    """

    path: str
    lang: str
    sha: str
    lines: int
    symbols: tuple[Symbol, ...] = ()
    imports: tuple[str, ...] = ()
    doc: str = ""
    has_main: bool = False
    problem: str | None = None
    main_line: int = 0
    role: Role = "source"
    added_bases: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Target:
    """Something a build makes or runs. `command` is the shell command that does so, `doc` what the file says of it."""

    name: str
    kind: TargetKind
    line: int
    sources: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    command: str = ""
    doc: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    """A switch the user of a build can set."""

    name: str
    default: str
    line: int
    doc: str = ""


@dataclass(frozen=True, slots=True)
class Dependency:
    """Something from outside. `version` is the constraint as written, or empty; `group` is empty, dev, test, ...

    `components` are the parts of it that are asked for.
    """

    name: str
    version: str = ""
    line: int = 0
    group: str = ""
    components: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BuildFacts:
    """What one build file says. `commands` maps configure, build, test, run, install to shell commands.

    The commands are meant to be run in `folder` (relative to the workspace, '' for its root). `runtime_folder` is
    where the build puts executables, relative to `folder`, when it says so. `installs` is true where something is
    installed. `includes` are files that this one reads as parts of itself, and `values` names that it gives a meaning
    to for other files of the build (properties, the entries of a version catalogue): `combine` puts those in place.
    `role` is what the project itself says the file is for; empty where it says nothing.
    """

    system: str
    file: str
    folder: str
    sha: str
    name: str = ""
    version: str = ""
    minimum: str = ""
    standard: str = ""
    languages: tuple[str, ...] = ()
    targets: tuple[Target, ...] = ()
    options: tuple[Option, ...] = ()
    dependencies: tuple[Dependency, ...] = ()
    subfolders: tuple[str, ...] = ()
    commands: tuple[tuple[str, str], ...] = ()
    problem: str | None = None
    runtime_folder: str = ""
    installs: bool = False
    includes: tuple[str, ...] = ()
    values: tuple[tuple[str, str], ...] = ()
    role: Role | Literal[""] = ""


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing that a project lets its users set, at a place that reads it, or that gives it a value.

    `name` is what the user writes: `FOO_PORT`, `--port`, `server.port`, `Settings.port`. `default` is the value it has
    otherwise, '' where that is not said; never of what is secret by its name. `sets` is the variable or field that
    takes the value, `doc` what is said of it there.
    """

    name: str
    kind: SettingKind
    file: str
    line: int
    default: str = ""
    doc: str = ""
    sets: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """What a document says under one title, without what stands under the titles below it.

    `titles` is its own title after those around it, outermost first; empty for what comes before the first title.
    `line` and `end` are its lines, from 1, the title's included. `text` is what is written there, `lead` its first
    paragraphs. A long section is several, of which `part` says the place, from 1.
    """

    file: str
    line: int
    end: int
    titles: tuple[str, ...]
    text: str
    lead: str
    part: int = 1

    @property
    def title(self) -> str:
        """Its own title, '' where it has none."""
        return self.titles[-1] if self.titles else ""


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit: the first ten digits of its hash, its day (`2026-11-25`), its subject, and the files it touched.

    `files` holds ('A', 'M' or 'D', path), of many only the first; `touched` is how many there are.
    """

    id: str
    date: str
    subject: str
    files: tuple[tuple[str, str], ...] = ()
    touched: int = 0


@dataclass(frozen=True, slots=True)
class Removed:
    """A type or function that a commit took out of a file."""

    name: str
    kind: str
    path: str
    commit: str
    date: str


@dataclass(frozen=True, slots=True)
class History:
    """The last commits, newest first, and names that they removed. `head` is the full hash, '' without a repository."""

    head: str = ""
    commits: tuple[Commit, ...] = ()
    removed: tuple[Removed, ...] = ()


@dataclass(frozen=True, slots=True)
class LanguageShare:
    """How much of a project is in one language; `share` is of all lines, 0 to 1."""

    lang: str
    files: int
    lines: int
    share: float


@dataclass(frozen=True, slots=True)
class Stack:
    """What a project is made of. Folders are (path, what lies there); entry points (path, line, how)."""

    languages: tuple[LanguageShare, ...] = ()
    libraries: tuple[Dependency, ...] = ()
    test_frameworks: tuple[str, ...] = ()
    folders: tuple[tuple[str, str], ...] = ()
    entry_points: tuple[tuple[str, int, str], ...] = field(default=())
