"""Facts of builds and of the stack as sentences in Markdown; see `prose` for those of symbols and files."""

import re
from collections.abc import Iterable, Mapping

from codeanvil.facts.builds import systems
from codeanvil.facts.builds.documents import MANAGED_GROUP
from codeanvil.facts.model import BuildFacts, Dependency, LanguageShare, Option, Stack, Target, TargetKind
from codeanvil.samples.prose import MOST_NAMES, code, code_block, folded, language_name, listed, say, sentence

_COMPARISON = re.compile(r"[<>=!~]=|[<>]")
"""Begins a version that stands beside a name as it is, `httpx>=0.28`; `^1` and `~1` want a space."""

TARGET_KINDS: Mapping[TargetKind, str] = {
    "executable": "an executable",
    "library": "a library",
    "test": "a test",
    "example": "an example",
    "benchmark": "a benchmark",
    "script": "a script",
    "service": "a service",
    "job": "a job",
    "custom": "a custom target",
}


def system_name(build: BuildFacts) -> str:
    """`cmake` as CMake."""
    return systems.system(build.system).title


def project_name(build: BuildFacts, project: str = "") -> str:
    """How answers call what a build file builds: its own name, else the workspace's, else its folder."""
    return code(build.name or project or build.folder or build.file)


def commands(build: BuildFacts, verb: str) -> list[str]:
    """Shell commands, in order, that do `verb` (build, test, run, install, configure); none where unknown."""
    known = dict(build.commands)
    steps = ("configure", "build") if verb == "build" and "build" in known else (verb,)
    return [known[step] for step in steps if step in known]


def how_to(build: BuildFacts, verb: str, project: str = "") -> str:
    """The commands for `verb`, or that the build file does not tell."""
    steps = commands(build, verb)
    if not steps:
        return say("command-none", it=code(build.file), verb=verb, project=project_name(build, project))
    place = f" in {code(build.folder)}" if build.folder else ""
    line = say("command", verb=verb, project=project_name(build, project), system=system_name(build), place=place)
    return f"{line}\n\n{code_block(chr(10).join(steps), 'bash')}"


def targets(build: BuildFacts, project: str = "", most: int = MOST_NAMES) -> str:
    """What the build makes."""
    return say("targets", (t.name for t in build.targets), most, project=project_name(build, project))


def target(build: BuildFacts, item: Target, most: int = 8) -> str:
    """One target: its kind, what the file says of it, its sources and what it links."""
    said = [say("target", it=code(item.name), kind=TARGET_KINDS[item.kind], path=code(build.file))]
    if item.doc:
        said.append(sentence(item.doc))
    if item.sources:
        said.append(say("target-sources", item.sources, most))
    if item.links:
        is_compiled = item.kind in {"executable", "library"} or item.sources
        said.append(say("target-links" if is_compiled else "target-needs", item.links, most))
    return " ".join(said)


def runs(asks: str, names: Iterable[str], project: str, most: int = MOST_NAMES) -> str:
    """Which `services` or `jobs` a project has."""
    return say(asks, names, most, project=code(project))


def running(build: BuildFacts, item: Target) -> str:
    """How a service or a script is started, or what a job or an entry point runs; with what the file says of it."""
    called = item.kind == "script" and item.name in item.command.split()  # not what is behind it, but how it is run
    key = "script-run" if called else item.kind
    said = say(key, it=code(item.name), path=code(build.file), command=code(item.command))
    return f"{said} {sentence(item.doc)}" if called and item.doc else said


def part(build: BuildFacts, most: int = MOST_NAMES) -> str:
    """The targets of a build file that is a part of a project."""
    return say("part", (t.name for t in build.targets), most, it=code(build.file))


def options(build: BuildFacts, project: str = "", most: int = MOST_NAMES) -> str:
    """The switches of the build."""
    names = [o.name for o in build.options]
    return say("options" if names else "options-none", names, most, project=project_name(build, project))


def option(build: BuildFacts, item: Option) -> str:
    """One switch: its default and what it does."""
    text = say("option", it=code(item.name), path=code(build.file), value=code(item.default or "unset"))
    return f"{text} {folded(item.doc)}".rstrip()


def versioned(item: Dependency) -> str:
    """A dependency with its version constraint: "Qt6 6.2", "httpx>=0.28"."""
    if not item.version:
        return item.name
    return f"{item.name}{item.version}" if _COMPARISON.match(item.version) else f"{item.name} {item.version}"


def purpose(item: Dependency) -> str:
    """For what a dependency is, as it follows its name: ", for dev"; '' for what the program needs itself."""
    if item.group == MANAGED_GROUP:
        return ", a version that others take"
    if item.group == "parent":
        return ", the project that settings are taken from"
    return f", for {item.group}" if item.group else ""


def taken(items: Iterable[Dependency]) -> list[Dependency]:
    """The dependencies without versions that are only set for others, where others take them."""
    items = list(items)
    named = {item.name for item in items if item.group != MANAGED_GROUP}
    return [item for item in items if item.group != MANAGED_GROUP or item.name not in named]


def dependencies(build: BuildFacts, project: str = "", most: int = MOST_NAMES) -> str:
    """What the build needs from outside; needs of tests and development come last."""
    items = sorted(taken(build.dependencies), key=lambda d: d.group != "")
    names = [item.name for item in items]
    key = "dependencies" if names else "dependencies-none"
    return say(key, names, most, project=project_name(build, project))


def dependency(build: BuildFacts, item: Dependency) -> str:
    """One dependency and the version that is asked for."""
    version = f", version {code(item.version)}" if item.version else ""
    return say("dependency", it=code(item.name), path=code(build.file), version=version + purpose(item))


def minimum(build: BuildFacts, project: str = "") -> str:
    """The least version of the build tool, or of the language, that is asked for."""
    tool = systems.system(build.system).minimum_of or system_name(build)
    version = build.minimum if not build.minimum[:1].isdigit() else f"{build.minimum} or newer"
    return say("minimum", project=project_name(build, project), minimum=code(f"{tool} {version}"))


def standard(build: BuildFacts, project: str = "") -> str:
    """The language standard the code is compiled as."""
    return say("standard", project=project_name(build, project), standard=code(build.standard))


def system(build: BuildFacts, project: str = "") -> str:
    """Which build system is used, by which file."""
    return say("system", project=project_name(build, project), system=system_name(build), path=code(build.file))


def version(build: BuildFacts, project: str = "") -> str:
    """The version the project gives itself."""
    return say("version", project=project_name(build, project), version=code(build.version))


def subfolders(build: BuildFacts) -> str:
    """The folders that a build file adds."""
    return say("subfolders", build.subfolders, it=code(build.file))


def share(item: LanguageShare) -> str:
    """A language and its share of all lines: "C++ (87%)"."""
    percent = round(100 * item.share)
    return f"{language_name(item.lang)} ({percent}%)" if percent else f"{language_name(item.lang)} (under 1%)"


def languages(stack: Stack, project: str) -> str:
    """The languages, by share of lines."""
    return say("languages", project=code(project), shares=listed(map(share, stack.languages), ticks=False))


def libraries(stack: Stack, project: str, most: int = MOST_NAMES, *, versions: bool = False) -> str:
    """The libraries that build files name, with the versions that they ask for where so wanted."""
    names = [versioned(item) if versions else item.name for item in stack.libraries]
    return say("libraries" if names else "libraries-none", names, most, project=code(project))


def test_frameworks(stack: Stack, project: str) -> str:
    """What the tests are written with."""
    names = stack.test_frameworks
    return say("tests" if names else "tests-none", names, project=code(project))


def layout(stack: Stack, project: str, most: int = MOST_NAMES) -> str:
    """The folders."""
    return say("layout", (path for path, _ in stack.folders), most, project=code(project))


def folder(path: str, what: str) -> str:
    """What lies in one folder."""
    return say("folder", it=code(path), what=folded(what).rstrip("."))


def entry_points(stack: Stack, project: str, most: int = 6) -> str:
    """Where programs start."""
    names = [path for path, _, _ in stack.entry_points]
    return say("entries" if names else "entries-none", names, most, project=code(project))


def main_types(types: tuple[tuple[str, int], ...], project: str, most: int = 6) -> str:
    """The types that most of the project refers to, by simple name."""
    return say("types", (name.rsplit(".", 1)[-1] for name, _ in types[:most]), most, project=code(project))


def architecture(stack: Stack, project: str, types: tuple[tuple[str, int], ...] = ()) -> str:
    """Languages, folders, main types and entry points in a few sentences."""
    said = [languages(stack, project)] if stack.languages else []
    if stack.folders:
        said.append(layout(stack, project, 8))
    if types:
        said.append(main_types(types, project))
    if stack.entry_points:
        said.append(entry_points(stack, project, 3))
    return " ".join(said)
