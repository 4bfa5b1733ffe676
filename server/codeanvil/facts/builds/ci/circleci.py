"""Build facts of a configuration of CircleCI."""

from collections.abc import Iterator
from dataclasses import replace

from codeanvil.facts.builds.ci.jobs import job
from codeanvil.facts.builds.documents import CI_GROUP, UnreadableError, begin, text, unread
from codeanvil.facts.builds.images import image
from codeanvil.facts.builds.yaml_document import List, Map, Yaml, keys, line, names
from codeanvil.facts.model import BuildFacts, Dependency, Target


def read(path: str, source: bytes) -> BuildFacts:
    """What the configuration at `path` says: jobs are targets; images and orbs are dependencies. Never raises."""
    facts = begin("circleci", path, source)
    try:
        yaml = Yaml(source)
    except UnreadableError as error:
        return unread(facts, "YAML", error)
    jobs = {name: keys(value) for name, value in keys(yaml.root.get("jobs")).items() if name}
    needs = _needs(yaml.root)
    return replace(
        facts,
        targets=tuple(_target(yaml, name, each, needs.get(name, ())) for name, each in jobs.items()),
        dependencies=(*_orbs(yaml), *_images(yaml, jobs)),
    )


def _target(yaml: Yaml, name: str, each: Map, needs: tuple[str, ...]) -> Target:
    commands: list[str] = []
    steps = each.get("steps")
    for step in steps if isinstance(steps, List) else ():
        run = keys(step).get("run")
        commands.append(text(run) or text(keys(run).get("command")))
    return job(name, yaml.line("jobs", name), commands, needs=needs)


def _needs(root: Map) -> dict[str, tuple[str, ...]]:
    """What jobs of the workflows wait for."""
    found: dict[str, tuple[str, ...]] = {}
    for workflow in keys(root.get("workflows")).values():
        jobs = keys(workflow).get("jobs")
        for entry in jobs if isinstance(jobs, List) else ():
            for name, details in keys(entry).items():
                found[name] = (*found.get(name, ()), *names(keys(details).get("requires")))
    return found


def _orbs(yaml: Yaml) -> Iterator[Dependency]:
    for name, value in keys(yaml.root.get("orbs")).items():
        orb, _, version = text(value).partition("@")
        if orb:
            yield Dependency(orb, version, yaml.line("orbs", name), CI_GROUP)


def _images(yaml: Yaml, jobs: dict[str, Map]) -> Iterator[Dependency]:
    seen: set[str] = set()
    executors = {("executors", name): keys(each) for name, each in keys(yaml.root.get("executors")).items()}
    for path, owner in (executors | {("jobs", name): each for name, each in jobs.items()}).items():
        images = owner.get("docker")
        for i, each in enumerate(images if isinstance(images, List) else ()):
            written = text(keys(each).get("image"))
            if written and written not in seen:
                seen.add(written)
                if found := image(written, line(yaml.root, *path, "docker", i, "image"), CI_GROUP):
                    yield found
