"""Build facts of a `pnpm-workspace.yaml`."""

from dataclasses import replace

from codeanvil.facts.builds.documents import UnreadableError, begin, strings, unread
from codeanvil.facts.builds.npm.catalogs import catalogued, catalogues
from codeanvil.facts.builds.yaml_document import Yaml
from codeanvil.facts.model import BuildFacts


def read(path: str, source: bytes) -> BuildFacts:
    """What the `pnpm-workspace.yaml` at `path` says: the folders of its packages and its catalogues. Never raises."""
    facts = begin("pnpm", path, source)
    try:
        yaml = Yaml(source)
    except UnreadableError as error:
        return unread(facts, "YAML", error)
    return replace(
        facts,
        languages=("JavaScript",),
        dependencies=tuple(catalogued(yaml)),
        subfolders=tuple(strings(yaml.root.get("packages"))),
        values=tuple(catalogues(yaml.root)),
    )
