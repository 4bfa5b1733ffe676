"""Build facts of one project of .NET (`*.csproj`, `*.fsproj`, `*.vbproj`)."""

import posixpath
from collections.abc import Iterator
from dataclasses import replace

from codeanvil.facts.builds.documents import UnreadableError, begin, ordered, unread
from codeanvil.facts.builds.dotnet.frameworks import LANGUAGES, oldest, standard
from codeanvil.facts.builds.dotnet.msbuild import MsBuild, packed
from codeanvil.facts.builds.properties import is_known
from codeanvil.facts.builds.xml_document import parse
from codeanvil.facts.model import BuildFacts, Dependency, Target, TargetKind
from codeanvil.facts.text import fold

SYSTEM = "dotnet"

SDK_STYLE = "sdk"
"""Key of `BuildFacts.values` for the SDK of a project that `dotnet` builds; older ones have none."""

_PROGRAM_SDKS = ("microsoft.net.sdk.web", "microsoft.net.sdk.worker", "microsoft.net.sdk.blazorwebassembly")
_TEST_PACKAGES = ("microsoft.net.test.sdk", "xunit", "xunit.v3", "nunit", "mstest", "mstest.testframework", "tunit")


def read(path: str, source: bytes) -> BuildFacts:
    """What the project at `path` says. `minimum` is the oldest .NET, as in "8.0". Never raises."""
    facts = begin(SYSTEM, path, source)
    try:
        root = parse(source)
    except UnreadableError as error:
        return unread(facts, "XML", error)
    if root.tag != "Project":
        return facts
    build = MsBuild(root)
    stem, _, extension = path.rpartition("/")[2].rpartition(".")
    name = build.say("AssemblyName")
    sdk = root.attributes.get("Sdk", "") or next((each.attributes.get("Name", "") for each in root.all("Sdk")), "")
    packages = (*build.packages(), *_assemblies(build))
    facts = replace(
        facts,
        name=name if is_known(name) else stem,
        languages=(LANGUAGES.get(extension.lower(), "C#"),),
        options=tuple(build.options()),
        dependencies=packages,
        values=packed({**build.values, SDK_STYLE: sdk}),
    )
    target = _target(build, facts, sdk)
    return with_properties(replace(facts, targets=(target, *build.targets())), build)


def with_properties(facts: BuildFacts, build: MsBuild) -> BuildFacts:
    """The facts with all that depends on properties, of the project itself or of files that it takes them from."""
    frameworks = frameworks_of(build)
    version = next(
        (said for key in ("Version", "PackageVersion", "VersionPrefix") if is_known(said := build.say(key))), ""
    )
    return replace(
        facts,
        version=version,
        minimum=oldest(frameworks),
        standard=standard(facts.languages[0], build.say("LangVersion"), frameworks) if facts.languages else "",
        commands=commands(facts),
    )


def frameworks_of(build: MsBuild) -> list[str]:
    """The frameworks that code is compiled for, as written."""
    for key in ("TargetFrameworks", "TargetFramework", "TargetFrameworkVersion"):
        if found := [each.strip() for each in build.say(key).split(";") if is_known(each.strip())]:
            return found
    return []


def commands(facts: BuildFacts, file: str = "") -> tuple[tuple[str, str], ...]:
    """The commands for a project; `file` names it where the folder holds several."""
    what = f" {file}" if file else ""
    if SDK_STYLE not in dict(facts.values):
        return ordered({"build": f"msbuild{what or ' ' + facts.file.rpartition('/')[2]}"})
    kinds = {target.kind for target in facts.targets}
    return ordered(
        {
            "build": f"dotnet build{what}",
            "test": f"dotnet test{what}" if "test" in kinds else "",
            "run": f"dotnet run{' --project' + what if what else ''}" if "executable" in kinds else "",
        }
    )


def _target(build: MsBuild, facts: BuildFacts, sdk: str) -> Target:
    """What the project makes: tests and programs are told by their settings, SDK and packages."""
    names = {dependency.name.lower() for dependency in facts.dependencies}
    kind: TargetKind = "library"
    if build.say("IsTestProject").lower() == "true" or names & set(_TEST_PACKAGES):
        kind = "test"
    elif build.say("OutputType").lower() in {"exe", "winexe"} or sdk.lower().startswith(_PROGRAM_SDKS):
        kind = "executable"
    command = {"test": "dotnet test", "executable": "dotnet run"}.get(kind, "") if sdk else ""
    links = tuple(dict.fromkeys(posixpath.splitext(posixpath.basename(path))[0] for path in build.references()))
    sources = tuple(fold(item.attributes.get("Include", "").replace("\\", "/")) for item in build.items("Compile"))
    line = build.line("OutputType") or build.line("AssemblyName") or build.root.line
    return Target(facts.name, kind, line, tuple(filter(None, sources)), links, command)


def _assemblies(build: MsBuild) -> Iterator[Dependency]:
    """Assemblies of old projects that come with a package or a file, not with the framework."""
    for item in build.items("Reference"):
        name, *details = item.attributes.get("Include", "").split(",")
        if name.strip() and item.say("HintPath"):
            version = next((each.partition("=")[2] for each in details if each.strip().startswith("Version=")), "")
            yield Dependency(name.strip(), version.strip(), item.line)
