"""Build facts of a conda `environment.yml`."""

import re
from collections.abc import Iterator
from dataclasses import replace

from codeanvil.facts.builds.documents import UnreadableError, begin, strings, text, unread
from codeanvil.facts.builds.python.requirement import oldest, requirement
from codeanvil.facts.builds.yaml_document import List, Map, Yaml, line
from codeanvil.facts.model import BuildFacts, Dependency

_SPEC = re.compile(r"(?:[\w./-]+::)?([\w.-]+)(?:\[[^\]]*\])?\s*(.*)")


def read(path: str, source: bytes) -> BuildFacts:
    """What the `environment.yml` at `path` says; packages that pip installs have the group "pip". Never raises."""
    facts = begin("conda", path, source)
    try:
        root = Yaml(source).root
    except UnreadableError as error:
        return unread(facts, "YAML", error)
    listed = root.get("dependencies")
    if not isinstance(listed, List):
        return facts
    found = list(_dependencies(root, listed))
    python = next((dependency.version for dependency in found if dependency.name == "python"), "")
    name = path.rpartition("/")[2]
    return replace(
        facts,
        name=text(root.get("name")),
        minimum=oldest(python).lstrip("= ").removesuffix(".*"),
        languages=("Python",) if any(dependency.name in {"python", "pip"} for dependency in found) else (),
        dependencies=tuple(dependency for dependency in found if dependency.name not in {"python", "pip"}),
        commands=(("install", f"conda env create -f {name}"),),
    )


def _dependencies(root: Map, listed: List) -> Iterator[Dependency]:
    for i, item in enumerate(listed):
        if isinstance(item, Map):
            for j, written in enumerate(strings(item.get("pip"))):
                if found := requirement(written, line(root, "dependencies", i, "pip", j), "pip"):
                    yield found
        elif match := _SPEC.match(text(item)):
            yield Dependency(match[1], match[2].strip(), line(root, "dependencies", i))
