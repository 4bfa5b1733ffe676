"""Build facts of a `.travis.yml`."""

from dataclasses import replace

from codeanvil.facts.builds.ci.jobs import job, scripts
from codeanvil.facts.builds.documents import CI_GROUP, UnreadableError, begin, text, unread
from codeanvil.facts.builds.yaml_document import List, Map, Yaml, keys, names
from codeanvil.facts.model import BuildFacts, Dependency, Target

_STEPS = ("before_install", "install", "before_script", "script")
_NOTHING = "skip"
_STAGE = "test"  # as Travis calls the stage of jobs that name none


def read(path: str, source: bytes) -> BuildFacts:
    """What the configuration at `path` says: jobs are targets, services dependencies. Never raises.

    A job has the file's steps where it has none of its own.
    """
    facts = begin("travis", path, source)
    try:
        yaml = Yaml(source)
    except UnreadableError as error:
        return unread(facts, "YAML", error)
    root = yaml.root
    written = keys(root.get("jobs")) or keys(root.get("matrix"))
    included = written.get("include")
    jobs = [each for each in included if isinstance(each, Map)] if isinstance(included, List) else []
    found: dict[str, Target] = {}
    for each in jobs or [Map(root.lines.get("script", 0))]:
        target = _job(root, each)
        if target.command or each:
            found.setdefault(target.name, target)
    return replace(
        facts,
        languages=tuple(names(root.get("language"))),
        targets=tuple(found.values()),
        dependencies=tuple(
            Dependency(name, "", yaml.line("services"), CI_GROUP) for name in dict.fromkeys(names(root.get("services")))
        ),
    )


def _job(root: Map, each: Map) -> Target:
    written = (command for key in _STEPS for command in scripts(each.get(key, root.get(key))))
    steps = [command for command in written if command != _NOTHING]
    stage = text(each.get("stage")) or _STAGE
    name = text(each.get("name"))
    return job(name or stage, each.line, steps, f"Stage {stage}" if name else "")
