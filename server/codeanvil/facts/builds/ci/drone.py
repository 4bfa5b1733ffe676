"""Build facts of the pipelines of Drone and of Woodpecker, which began as one."""

from collections.abc import Iterator
from dataclasses import replace

from codeanvil.facts.builds.ci.jobs import job, scripts
from codeanvil.facts.builds.documents import CI_GROUP, UnreadableError, begin, text, unread
from codeanvil.facts.builds.images import image
from codeanvil.facts.builds.yaml_document import List, Map, Yaml, keys, names
from codeanvil.facts.model import BuildFacts, Dependency, Target


def read(path: str, source: bytes) -> BuildFacts:
    """What the pipelines of Drone at `path` say: steps are targets, images dependencies. Never raises."""
    return _read("drone", path, source)


def read_woodpecker(path: str, source: bytes) -> BuildFacts:
    """The same of Woodpecker."""
    return _read("woodpecker", path, source)


def _read(system: str, path: str, source: bytes) -> BuildFacts:
    facts = begin(system, path, source)
    try:
        documents = Yaml(source).documents
    except UnreadableError as error:
        return unread(facts, "YAML", error)
    pipelines = [each for each in documents if text(each.get("kind")) in {"", "pipeline"}]
    steps = [step for each in pipelines for key in ("steps", "pipeline") for step in _named(each.get(key))]
    services = [step for each in pipelines for step in _named(each.get("services"))]
    return replace(
        facts,
        targets=tuple(_target(name, step) for name, step in steps),
        dependencies=tuple(_images([*steps, *services])),
    )


def _named(value: object) -> Iterator[tuple[str, Map]]:
    """The steps of a list that name themselves, or of a mapping by names."""
    if isinstance(value, Map):
        found = [(name, keys(step)) for name, step in value.items()]
    else:
        items = value if isinstance(value, List) else ()
        found = [(text(step.get("name")), step) for step in items if isinstance(step, Map)]
    yield from ((name, step) for name, step in found if name)


def _target(name: str, step: Map) -> Target:
    return job(name, step.line, scripts(step.get("commands")), needs=names(step.get("depends_on")))


def _images(steps: list[tuple[str, Map]]) -> Iterator[Dependency]:
    seen: set[str] = set()
    for _, step in steps:
        written = text(step.get("image"))
        if written and written not in seen:
            seen.add(written)
            if found := image(written, step.lines.get("image", 0), CI_GROUP):
                yield found
