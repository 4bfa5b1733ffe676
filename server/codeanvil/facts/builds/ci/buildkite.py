"""Build facts of a pipeline of Buildkite."""

from dataclasses import replace

from codeanvil.facts.builds.ci.jobs import job, scripts
from codeanvil.facts.builds.documents import CI_GROUP, UnreadableError, begin, text, unread
from codeanvil.facts.builds.yaml_document import List, Map, Yaml, names
from codeanvil.facts.model import BuildFacts, Dependency, Target


def read(path: str, source: bytes) -> BuildFacts:
    """What the pipeline at `path` says: steps with commands are targets, plugins dependencies. Never raises."""
    facts = begin("buildkite", path, source)
    try:
        root = Yaml(source).root
    except UnreadableError as error:
        return unread(facts, "YAML", error)
    steps = [step for each in _maps(root.get("steps")) for step in (each, *_maps(each.get("steps")))]
    plugins: dict[str, Dependency] = {}
    for step in steps:
        written_down = step.get("plugins")
        for each in written_down if isinstance(written_down, List) else ():
            for written in each if isinstance(each, Map) else names([each]):
                name, _, version = written.partition("#")
                plugins.setdefault(name, Dependency(name, version, step.lines.get("plugins", 0), CI_GROUP))
    return replace(
        facts,
        targets=tuple(_target(step) for step in steps if step.get("command") or step.get("commands")),
        dependencies=tuple(plugins.values()),
    )


def _maps(value: object) -> list[Map]:
    return [item for item in value if isinstance(item, Map)] if isinstance(value, List) else []


def _target(step: Map) -> Target:
    title = text(step.get("label")) or text(step.get("name"))
    commands = [*scripts(step.get("command")), *scripts(step.get("commands"))]
    key = text(step.get("key")) or title or "Step"
    return job(key, step.line, commands, title, names(step.get("depends_on")))
