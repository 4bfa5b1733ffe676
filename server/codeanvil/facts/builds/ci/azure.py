"""Build facts of a pipeline of Azure."""

from collections.abc import Iterator
from dataclasses import replace

from codeanvil.facts.builds.ci.jobs import job
from codeanvil.facts.builds.documents import CI_GROUP, UnreadableError, begin, text, unread
from codeanvil.facts.builds.yaml_document import List, Map, Yaml, names
from codeanvil.facts.model import BuildFacts, Dependency, Target

_SCRIPTS = ("script", "bash", "pwsh", "powershell")
_STEP_LISTS = (
    ("steps",),
    ("strategy", "runOnce", "deploy", "steps"),
    ("strategy", "rolling", "deploy", "steps"),
    ("strategy", "canary", "deploy", "steps"),
)
_NAMELESS = "Job"  # as Azure calls it


def read(path: str, source: bytes) -> BuildFacts:
    """What the pipeline at `path` says: jobs are targets, tasks dependencies. Never raises."""
    facts = begin("azure-pipelines", path, source)
    try:
        yaml = Yaml(source)
    except UnreadableError as error:
        return unread(facts, "YAML", error)
    found = [*_jobs(yaml.root)]
    jobs = [each for each in found if "template" not in each]
    tasks: dict[str, Dependency] = {}
    for each in jobs:
        for step in _steps(each):
            name, _, version = text(step.get("task")).partition("@")
            if name:
                tasks.setdefault(f"{name}@{version}", Dependency(name, version, step.lines.get("task", 0), CI_GROUP))
    return replace(
        facts,
        targets=tuple(_target(each) for each in jobs),
        dependencies=tuple(tasks.values()),
        includes=tuple(dict.fromkeys(path for each in found if (path := text(each.get("template"))))),
    )


def _maps(value: object) -> list[Map]:
    return [item for item in value if isinstance(item, Map)] if isinstance(value, List) else []


def _jobs(root: Map) -> Iterator[Map]:
    """The jobs of all stages, those without a stage, or the whole file where it is one job."""
    for stage in _maps(root.get("stages")):
        yield from _maps(stage.get("jobs"))
    yield from _maps(root.get("jobs"))
    if isinstance(root.get("steps"), List):
        yield root


def _steps(each: Map) -> Iterator[Map]:
    for path in _STEP_LISTS:
        found: object = each
        for key in path:
            found = found.get(key) if isinstance(found, Map) else None
        yield from _maps(found)


def _target(each: Map) -> Target:
    named = next((key for key in ("job", "deployment") if text(each.get(key))), "")
    line = each.lines.get(named) or each.lines.get("steps") or each.line
    commands = [text(step.get(key)) for step in _steps(each) for key in _SCRIPTS if step.get(key)]
    title = text(each.get("displayName"))
    return job(text(each.get(named)) or _NAMELESS, line, commands, title, names(each.get("dependsOn")))
