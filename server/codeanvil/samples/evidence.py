"""Facts as a model reads them beside a question: the one formatter, for training and asking alike.

One block a symbol, one line a fact, nothing else, since a small model reads it:

    Facts:
    class ImageProcessor (include/core/ImageProcessor.h:24)
    bases: ProcessorBase
    methods: Process, Validate
    derived: none
    doc: Applies window and level to images.
"""

from collections.abc import Iterable, Sequence

from codeanvil.facts.model import (
    BuildFacts,
    Commit,
    Dependency,
    FileFacts,
    Option,
    Section,
    Setting,
    Stack,
    Symbol,
    Target,
)
from codeanvil.samples import prose, prose_build, prose_configuration
from codeanvil.samples.model import Users

HEADER = "Facts:"

MOST_SIGNATURE = 240
"""Characters of a signature; longer ones are left out, since a part of one is wrong."""

Item = Symbol | FileFacts | BuildFacts | Stack | Section | str
"""What can stand in evidence; a string is a block made before, by `symbol_facts` for instance."""


def format_evidence(items: Sequence[Item], maximum: int | None = None) -> str:
    """The text that goes beside a question (Alpaca `input`); empty without items.

    With `maximum`, later blocks that would make it longer than so many characters are left out, whole.
    """
    text = HEADER
    for item in items:
        block = format_block(item)
        if maximum is None or len(text) + len(block) + 2 <= maximum:
            text += ("\n" if text == HEADER else "\n\n") + block
    return text if text != HEADER else ""


def format_block(item: Item) -> str:
    """One block of evidence."""
    match item:
        case str():
            return item
        case Symbol():
            return symbol_facts(item, members=None, derived=None)
        case FileFacts():
            return file_facts(item)
        case BuildFacts():
            return build_facts(item)
        case Stack():
            return stack_facts(item)
        case Section():
            return section_facts(item)


def symbol_facts(
    symbol: Symbol,
    *,
    members: Sequence[Symbol] | None = (),
    derived: Sequence[Symbol] | None = (),
    users: Users | None = None,
    uses: Sequence[str] | None = None,
) -> str:
    """The block of a symbol. Of types also constructors and nested types out of `members`, and `derived` types.

    None for `derived` means that it is not known; an empty sequence, that there are none. `users` are the files that
    use it, `uses` the types of other files that it uses: told where they are given.
    """
    lines = [f"{symbol.kind} {prose.display(symbol)} ({symbol.file}:{symbol.line})"]
    if symbol.is_type:
        if symbol.kind != "enum" or symbol.bases:
            lines.append(_line("bases", symbol.bases))
        lines.append(_line("methods", prose.method_names(symbol)))
        if derived is not None:
            lines.append(_line("derived", prose.names_of(derived)))
        makers = [m for m in members or () if is_constructor(m)]
        # Bodies in other files repeat what the type declares in its own.
        own = [m for m in makers if m.file == symbol.file] or makers
        constructors = dict.fromkeys(map(prose.signature_text, own))
        lines += [f"constructor: {text}" for text in list(constructors)[:3] if 0 < len(text) <= MOST_SIGNATURE]
        if nested := [m.name for m in members or () if m.is_type and not m.decl]:
            lines.append(_line("types", nested))
    else:
        text = prose.signature_text(symbol)
        if 0 < len(text) <= MOST_SIGNATURE:
            lines.append(f"signature: {text}")
    if users is not None:
        lines.append(f"users: {prose.users_phrase(users, ticks=False) or 'none'}")
    if uses is not None:
        lines.append(_line("uses", uses))
    if symbol.doc:
        lines.append(f"doc: {prose.sentence(symbol.doc)}")
    return "\n".join(lines)


def is_constructor(symbol: Symbol) -> bool:
    """Whether this makes instances of its type."""
    return symbol.kind == "constructor" or symbol.name == "__init__"


def _line(label: str, names: Iterable[str]) -> str:
    return f"{label}: {prose.listed(dict.fromkeys(names), ticks=False) or 'none'}"


def file_facts(file: FileFacts, *, uses: Sequence[str] | None = None) -> str:
    """The block of a source file; `uses` are types of other files that it mentions, told where they are given."""
    types, functions = prose.file_parts(file)
    lines = [f"file {file.path} ({prose.language_name(file.lang)})"]
    lines += [_line("types", types), _line("functions", functions)]
    if uses is not None:
        lines.append(_line("uses", uses))
    if file.doc:
        lines.append(f"doc: {prose.sentence(file.doc)}")
    return "\n".join(lines)


def build_facts(build: BuildFacts) -> str:
    """The block of a build file: what it makes and needs, and the commands."""
    name = " ".join(part for part in (build.name, build.version) if part)
    lines = [f"build {build.file} ({prose_build.system_name(build)})"]
    lines += [f"project: {name}"] if name else []
    lines += [f"minimum: {build.minimum}"] if build.minimum else []
    lines += [f"standard: {build.standard}"] if build.standard else []
    lines.append(_line("targets", (f"{t.name} ({t.kind})" for t in build.targets)))
    lines.append(_line("options", (f"{o.name}={o.default}" for o in build.options)))
    lines.append(_line("dependencies", map(prose_build.versioned, build.dependencies)))
    if build.subfolders:
        lines.append(_line("folders", build.subfolders))
    lines += [f"{verb}: {command}" for verb, command in build.commands]
    return "\n".join(lines)


def entry_facts(build: BuildFacts, entry: Target | Option | Dependency) -> str:
    """The block of one target, option or dependency of a build file."""
    place = f"({build.file}:{entry.line})" if entry.line else f"({build.file})"
    match entry:
        case Target():
            lines = [f"target {entry.name} {place}", f"kind: {entry.kind}"]
            lines += [_line("sources", entry.sources), _line("links", entry.links)]
            lines += [f"command: {entry.command}"] if entry.command and "\n" not in entry.command else []
            return "\n".join([*lines, f"doc: {prose.folded(entry.doc)}"] if entry.doc else lines)
        case Option():
            lines = [f"option {entry.name} {place}", f"default: {entry.default or 'unset'}"]
            return "\n".join([*lines, f"doc: {prose.folded(entry.doc)}"] if entry.doc else lines)
        case Dependency():
            lines = [f"dependency {entry.name} {place}", f"version: {entry.version or 'any'}"]
            return "\n".join([*lines, f"group: {entry.group}"] if entry.group else lines)


def configuration_facts(
    settings: Sequence[Setting], options: Sequence[str] = (), *, project: str = "", path: str = ""
) -> str:
    """The block of what a `project`, or the configuration file at `path`, lets users set; `options` are its build's."""
    lines = [f"configuration of {path or project}"]
    groups = (
        ("environment variables", prose_configuration.names_of(settings, "environment")),
        ("command-line options", prose_configuration.names_of(settings, "argument")),
        ("configuration files", () if path else prose_configuration.config_files(settings)),
        ("keys", prose_configuration.names_of(settings, "key") if path else ()),
        ("settings", () if path else prose_configuration.classes_of(settings)),
        ("build options", options),
    )
    return "\n".join([*lines, *(_line(label, names) for label, names in groups if names)])


def setting_facts(places: Sequence[Setting]) -> str:
    """The block of one setting, from all places that read it."""
    first, value = places[0], prose_configuration.default_of(places)
    lines = [f"setting {first.name} ({prose_configuration.KINDS[first.kind]})"]
    lines.append(_line("in", (setting.file for setting in places)))
    lines += [f"default: {value}"] if value else []
    if targets := prose_configuration.targets_of(places):
        lines.append(_line("sets", targets))
    doc = prose_configuration.doc_of(places)
    return "\n".join([*lines, f"doc: {prose.sentence(doc)}"] if doc else lines)


def section_facts(section: Section, text: str = "") -> str:
    """The block of a section of a document: its first paragraphs, or another `text` of it."""
    lines = (line.rstrip() for line in (text or section.lead).split("\n"))
    head = f"section {' > '.join(section.titles) or section.file} ({section.file}:{section.line})"
    return "\n".join([head, *filter(None, lines)])


def history_facts(commits: Sequence[Commit]) -> str:
    """The block of the last commits, newest first."""
    return "\n".join(["history", *(f"{commit.date} {commit.id}: {commit.subject}" for commit in commits)])


def changed_facts(what: str, commit: Commit) -> str:
    """The block of the last commit that touched something (`project`, `file src/a.py`)."""
    lines = [f"last change of {what}", f"commit: {commit.id}", f"date: {commit.date}", f"subject: {commit.subject}"]
    return "\n".join([*lines, f"files: {prose.touched(commit, ticks=False)}"])


def stack_facts(stack: Stack) -> str:
    """The block of the whole project: languages, libraries, folders, entry points."""
    return "\n".join(
        (
            "project",
            _line("languages", map(prose_build.share, stack.languages)),
            _line("libraries", map(prose_build.versioned, stack.libraries)),
            _line("tests", stack.test_frameworks),
            _line("folders", (path for path, _ in stack.folders)),
            _line("entry points", (path for path, _, _ in stack.entry_points)),
        )
    )
