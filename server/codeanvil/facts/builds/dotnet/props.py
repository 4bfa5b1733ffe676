"""Build facts of files that .NET's projects take settings from: `Directory.Build.props`, `Directory.Packages.props`."""

from dataclasses import replace

from codeanvil.facts.builds.documents import UnreadableError, begin, unread
from codeanvil.facts.builds.dotnet.msbuild import MsBuild, packed
from codeanvil.facts.builds.xml_document import parse
from codeanvil.facts.model import BuildFacts


def read(path: str, source: bytes) -> BuildFacts:
    """What the settings at `path` say. Properties are `values`; `includes` are the files it imports. Never raises."""
    facts = begin("dotnet", path, source)
    try:
        root = parse(source)
    except UnreadableError as error:
        return unread(facts, "XML", error)
    if root.tag != "Project":
        return facts
    build = MsBuild(root)
    return replace(
        facts,
        targets=tuple(build.targets()),
        options=tuple(build.options()),
        dependencies=tuple(build.packages()),
        values=packed(build.values),
        includes=tuple(
            each.attributes["Project"].replace("\\", "/")
            for each in root.all("Import")
            if each.attributes.get("Project")
        ),
    )
