"""Build facts of a `bitbucket-pipelines.yml`."""

from collections.abc import Iterator
from dataclasses import replace

from codeanvil.facts.builds.ci.jobs import job
from codeanvil.facts.builds.documents import CI_GROUP, UnreadableError, begin, text, unread
from codeanvil.facts.builds.images import image
from codeanvil.facts.builds.yaml_document import List, Map, Yaml, keys
from codeanvil.facts.model import BuildFacts, Dependency, Target

_NAMELESS = "Step"
_MOST_NESTED = 6
_GROUPS = ("parallel", "stage", "steps")


def read(path: str, source: bytes) -> BuildFacts:
    """What the pipelines at `path` say: steps are targets, images and pipes dependencies. Never raises.

    A step that several pipelines share is one.
    """
    facts = begin("bitbucket-pipelines", path, source)
    try:
        root = Yaml(source).root
    except UnreadableError as error:
        return unread(facts, "YAML", error)
    steps = list(_steps(keys(root.get("pipelines")), 0))
    targets = dict.fromkeys(map(_target, steps))
    return replace(
        facts,
        targets=tuple(targets),
        dependencies=tuple({each.name: each for each in _dependencies([root, *steps])}.values()),
    )


def _steps(value: object, depth: int) -> Iterator[Map]:
    """The steps of pipelines by name, of lists, of parallel ones and of stages."""
    if depth > _MOST_NESTED:
        return
    if isinstance(value, List):
        for item in value:
            yield from _steps(item, depth + 1)
    elif isinstance(value, Map):
        if isinstance(step := value.get("step"), Map):
            yield step
        for name, each in value.items():
            if name in _GROUPS or (name not in {"step", "variables"} and depth < 2):
                yield from _steps(each, depth + 1)


def _script(step: Map) -> list[object]:
    written = step.get("script")
    return list(written) if isinstance(written, List) else []


def _target(step: Map) -> Target:
    commands = [line for line in _script(step) if isinstance(line, str)]
    return job(text(step.get("name")) or _NAMELESS, step.lines.get("name", step.line), commands)


def _dependencies(places: list[Map]) -> Iterator[Dependency]:
    for place in places:
        written = text(place.get("image")) or text(keys(place.get("image")).get("name"))
        pipes = [(text(keys(line).get("pipe")), keys(line).lines.get("pipe", 0)) for line in _script(place)]
        for reference, line in [(written, place.lines.get("image", 0)), *pipes]:
            if reference and (found := image(reference.removeprefix("docker://"), line, CI_GROUP)):
                yield found
