"""Facts of builds and of the stack as sentences in Markdown; see `prose` for those of symbols and files."""

from collections.abc import Mapping

from codeanvil.facts.model import BuildFacts, Dependency, LanguageShare, Option, Stack, Target, TargetKind
from codeanvil.samples.prose import MOST_NAMES, code, code_block, folded, language_name, listed, say, sentence

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

SYSTEM_NAMES = {
    "cmake": "CMake",
    "pyproject": "pyproject.toml",
    "make": "Make",
    "autotools": "Autotools",
    "meson": "Meson",
    "bazel": "Bazel",
    "gradle": "Gradle",
    "go": "Go modules",
    "bundler": "Bundler",
    "rubygems": "RubyGems",
    "rake": "Rake",
    "docker": "Docker",
    "just": "just",
    "task": "Task",
    "sbt": "sbt",
    "swiftpm": "Swift Package Manager",
    "cocoapods": "CocoaPods",
}

_MINIMUM_OF = {
    "cmake": "CMake",
    "pyproject": "Python",
    "make": "GNU Make",
    "autotools": "Autoconf",
    "meson": "Meson",
    "bazel": "Bazel",
    "gradle": "Gradle",
    "go": "Go",
    "bundler": "Ruby",
    "rubygems": "Ruby",
    "rake": "Ruby",
    "docker": "Docker",
    "just": "just",
    "task": "Task",
    "sbt": "sbt",
    "swiftpm": "Swift",
    "cocoapods": "CocoaPods",
}
"""Of what a build system's `minimum` is a version."""


def system_name(build: BuildFacts) -> str:
    """`cmake` as CMake."""
    return SYSTEM_NAMES.get(build.system.lower(), build.system)


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
        said.append(say("target-links", item.links, most))
    return " ".join(said)


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
    return f"{item.name} {item.version}" if item.version[0].isalnum() else f"{item.name}{item.version}"


def dependencies(build: BuildFacts, project: str = "", most: int = MOST_NAMES) -> str:
    """What the build needs from outside; needs of tests and development come last."""
    items = sorted(build.dependencies, key=lambda d: d.group != "")
    names = [item.name for item in items]
    key = "dependencies" if names else "dependencies-none"
    return say(key, names, most, project=project_name(build, project))


def dependency(build: BuildFacts, item: Dependency) -> str:
    """One dependency and the version that is asked for."""
    version = f", version {code(item.version)}" if item.version else ""
    group = f", for {item.group}" if item.group else ""
    return say("dependency", it=code(item.name), path=code(build.file), version=version + group)


def minimum(build: BuildFacts, project: str = "") -> str:
    """The least version of the build tool, or of the language, that is asked for."""
    tool = _MINIMUM_OF.get(build.system.lower(), system_name(build))
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


def libraries(stack: Stack, project: str, most: int = MOST_NAMES) -> str:
    """The libraries that build files name."""
    names = [item.name for item in stack.libraries]
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
