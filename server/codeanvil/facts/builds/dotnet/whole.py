""".NET's files together: settings from folders above, central versions of packages, what a solution can do."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from codeanvil.facts.builds.documents import MANAGED_GROUP
from codeanvil.facts.builds.dotnet import project, solution
from codeanvil.facts.builds.dotnet.frameworks import LANGUAGES
from codeanvil.facts.builds.dotnet.msbuild import MsBuild
from codeanvil.facts.builds.dotnet.project import SDK_STYLE, SYSTEM
from codeanvil.facts.builds.known import Known
from codeanvil.facts.builds.properties import PARENTHESES, interpolated
from codeanvil.facts.builds.xml_document import Node
from codeanvil.facts.model import BuildFacts, Dependency

_PROPS, _PACKAGES = "Directory.Build.props", "Directory.Packages.props"


def join(known: Known) -> None:
    """Projects take properties and versions from the files above them; solutions learn what their projects do."""
    builds = known.of(SYSTEM)
    buildable = Counter(build.folder for build in builds if _is_project(build) or _is_solution(build))
    for build in builds:
        if _is_project(build) and build.languages:
            whole = _inheriting(build, known)
            named = build.file.rpartition("/")[2] if buildable[build.folder] > 1 else ""
            known.put(replace(whole, commands=project.commands(whole, named)))
    for build in builds:
        if _is_solution(build) and not build.problem:
            known.put(_able(build, known, build.file.rpartition("/")[2] if buildable[build.folder] > 1 else ""))


def _is_project(build: BuildFacts) -> bool:
    return build.file.rpartition(".")[2].lower() in LANGUAGES


def _is_solution(build: BuildFacts) -> bool:
    return build.file.rpartition(".")[2].lower() in {"sln", "slnx"}


def _settings(build: BuildFacts, known: Known, name: str) -> Iterator[BuildFacts]:
    """The nearest file of settings above, and those above it that it imports."""
    for found in known.above(build.folder, name):
        yield found
        if not any(name in path for path in found.includes):
            return


def _inheriting(build: BuildFacts, known: Known) -> BuildFacts:
    packages = list(_settings(build, known, _PACKAGES))
    values: dict[str, str] = {}
    for settings in (*packages, *_settings(build, known, _PROPS)):
        values = {**dict(settings.values), **values}
    properties = MsBuild(Node("Project", 1, {}))
    properties.values = {**values, **dict(build.values)}
    central = {
        item.name.lower(): item.version
        for each in reversed(packages)
        for item in each.dependencies
        if item.group == MANAGED_GROUP
    }
    whole = project.with_properties(build, properties)
    return replace(
        whole, dependencies=tuple(_versioned(item, central, properties.values) for item in build.dependencies)
    )


def _versioned(item: Dependency, central: dict[str, str], values: dict[str, str]) -> Dependency:
    return replace(item, version=interpolated(item.version or central.get(item.name.lower(), ""), values, PARENTHESES))


def _able(build: BuildFacts, known: Known, named: str) -> BuildFacts:
    """A solution with the commands that its projects make possible."""
    found = [(path, part) for path in build.includes if (part := known.at(build.folder, path))]
    kinds = {target.kind for _, part in found for target in part.targets}
    programs = [path for path, part in found if any(target.kind == "executable" for target in part.targets)]
    modern = any(SDK_STYLE in dict(part.values) for _, part in found) if found else "msbuild" not in str(build.commands)
    told = solution.commands(named, modern=modern, tests="test" in kinds, runs=programs[0] if programs else "")
    languages = tuple(dict.fromkeys(language for _, part in found for language in part.languages))
    return replace(build, commands=told, languages=languages, minimum=_newest([part.minimum for _, part in found]))


def _newest(minimums: list[str]) -> str:
    """What it takes to build all: the newest of the versions that the projects need at least."""
    numbers = [each for each in minimums if each[:1].isdigit()]
    return max(numbers, key=lambda version: [int(part) for part in version.split(".") if part.isdigit()], default="")
