"""Build facts of the small files beside .NET's projects: `packages.config`, `global.json`."""

from dataclasses import replace

from codeanvil.facts.builds.documents import BUILD_GROUP, UnreadableError, begin, table, text, unread
from codeanvil.facts.builds.json_document import Json
from codeanvil.facts.builds.xml_document import parse
from codeanvil.facts.model import BuildFacts, Dependency


def read_packages(path: str, source: bytes) -> BuildFacts:
    """What the `packages.config` at `path` says. Never raises."""
    facts = begin("dotnet", path, source)
    try:
        root = parse(source)
    except UnreadableError as error:
        return unread(facts, "XML", error)
    found = [
        Dependency(
            package.attributes["id"],
            package.attributes.get("version", ""),
            package.line,
            "dev" if package.attributes.get("developmentDependency", "").lower() == "true" else "",
        )
        for package in root.all("package")
        if package.attributes.get("id")
    ]
    return replace(facts, dependencies=tuple(found))


def read_global(path: str, source: bytes) -> BuildFacts:
    """What the `global.json` at `path` says: the SDK's version is `minimum`. Never raises."""
    facts = begin("dotnet", path, source)
    try:
        json = Json(source, comments=True)
    except UnreadableError as error:
        return unread(facts, "JSON", error)
    sdks = table(json.root, "msbuild-sdks")
    return replace(
        facts,
        minimum=text(table(json.root, "sdk").get("version")),
        dependencies=tuple(
            Dependency(name, text(version), json.line("msbuild-sdks", name), BUILD_GROUP)
            for name, version in sdks.items()
            if name
        ),
    )
