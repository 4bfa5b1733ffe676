"""Build facts of a workflow of GitHub Actions."""

from collections.abc import Iterator
from dataclasses import replace

from codeanvil.facts.builds.ci.jobs import job
from codeanvil.facts.builds.documents import CI_GROUP, UnreadableError, begin, text, unread
from codeanvil.facts.builds.images import image
from codeanvil.facts.builds.yaml_document import List, Map, Yaml, keys, names
from codeanvil.facts.model import BuildFacts, Dependency, Target


def read(path: str, source: bytes) -> BuildFacts:
    """What the workflow at `path` says: jobs are targets; actions and images are dependencies. Never raises."""
    facts = begin("github-actions", path, source)
    try:
        yaml = Yaml(source)
    except UnreadableError as error:
        return unread(facts, "YAML", error)
    jobs = {name: keys(value) for name, value in keys(yaml.root.get("jobs")).items() if name}
    return replace(
        facts,
        targets=tuple(_job(yaml, name, each) for name, each in jobs.items()),
        dependencies=tuple(_dependencies(yaml, jobs)),
    )


def _steps(each: Map) -> list[Map]:
    steps = each.get("steps")
    return [step if isinstance(step, Map) else Map() for step in steps] if isinstance(steps, List) else []


def _job(yaml: Yaml, name: str, each: Map) -> Target:
    commands = [text(step.get("run")) for step in _steps(each)]
    title = text(each.get("name"))
    return job(name, yaml.line("jobs", name), commands, "" if "${{" in title else title, names(each.get("needs")))


def _dependencies(yaml: Yaml, jobs: dict[str, Map]) -> Iterator[Dependency]:
    seen: set[str] = set()
    for written, line in _uses(yaml, jobs):
        name, _, version = written.partition("@")
        if written not in seen and name and not name.startswith(("./", "docker://")):
            seen.add(written)
            yield Dependency(name, version, line, CI_GROUP)
    for written, line in _images(yaml, jobs):
        if written not in seen and (found := image(written, line, CI_GROUP)):
            seen.add(written)
            yield found


def _uses(yaml: Yaml, jobs: dict[str, Map]) -> Iterator[tuple[str, int]]:
    for name, each in jobs.items():
        if written := text(each.get("uses")):
            yield written, yaml.line("jobs", name, "uses")
        for i, step in enumerate(_steps(each)):
            if written := text(step.get("uses")):
                yield written, yaml.line("jobs", name, "steps", i, "uses")


def _images(yaml: Yaml, jobs: dict[str, Map]) -> Iterator[tuple[str, int]]:
    for name, each in jobs.items():
        container = each.get("container")
        if written := text(container) or text(keys(container).get("image")):
            yield written, yaml.line("jobs", name, "container", "image")
        for service, value in keys(each.get("services")).items():
            if written := text(keys(value).get("image")):
                yield written, yaml.line("jobs", name, "services", service, "image")
