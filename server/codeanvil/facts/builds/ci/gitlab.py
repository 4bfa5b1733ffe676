"""Build facts of a `.gitlab-ci.yml`."""

from collections.abc import Iterator
from dataclasses import replace

from codeanvil.facts.builds.ci.jobs import job, scripts
from codeanvil.facts.builds.documents import CI_GROUP, UnreadableError, begin, text, unread
from codeanvil.facts.builds.images import image
from codeanvil.facts.builds.yaml_document import List, Map, Yaml, keys, line, names
from codeanvil.facts.model import BuildFacts, Dependency, Target

MAX_TEMPLATES = 20
"""Jobs that a job extends, one above the other."""

_NO_JOBS = frozenset(
    {
        "after_script", "before_script", "cache", "default", "image", "include", "services", "spec", "stages", "types",
        "variables", "workflow",
    }
)  # fmt: skip


def read(path: str, source: bytes) -> BuildFacts:
    """What the pipeline at `path` says: jobs are targets, images dependencies. Never raises.

    A job that extends others has their script where it has none of its own.
    """
    facts = begin("gitlab-ci", path, source)
    try:
        root = Yaml(source).documents[-1]  # what stands before the last one only names inputs
    except UnreadableError as error:
        return unread(facts, "YAML", error)
    jobs = {name: value for name, value in root.items() if name not in _NO_JOBS and isinstance(value, Map) and name}
    return replace(
        facts,
        targets=tuple(_job(root, name) for name in jobs if not name.startswith(".")),
        dependencies=tuple(_images(root, jobs)),
        includes=tuple(dict.fromkeys(_included(root))),
    )


def _job(root: Map, name: str) -> Target:
    each = keys(root[name])
    steps = _steps(root, _inherited(root, name, "script"))
    stage = text(_inherited(root, name, "stage"))
    needs = [
        text(keys(need).get("job")) if isinstance(need, Map) else text(need) for need in _listed(each.get("needs"))
    ]
    return job(name, root.lines[name], steps, f"Stage {stage}" if stage else "", filter(None, needs))


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _inherited(root: Map, name: str, key: str) -> object:
    """What a job, or the nearest that it extends, says under `key`."""
    pending, seen = [name], set[str]()
    while pending and len(seen) < MAX_TEMPLATES:
        each = keys(root.get(current := pending.pop(0)))
        if key in each:
            return each[key]
        seen.add(current)
        pending += [above for above in reversed(names(each.get("extends"))) if above not in seen]
    return None


def _steps(root: Map, value: object) -> list[str]:
    """Commands; of `!reference [job, script]` those that stand there."""
    found: list[str] = []
    for item in value if isinstance(value, List) and not value.tag.startswith("!") else [value]:
        if isinstance(item, List) and item.tag == "!reference":
            path = names(item)
            found += scripts(keys(root.get(path[0])).get(path[1])) if len(path) > 1 else []
        else:
            found += scripts(item)
    return found


def _images(root: Map, jobs: dict[str, Map]) -> Iterator[Dependency]:
    seen: set[str] = set()
    for path in ((), ("default",), *((name,) for name in jobs)):
        owner = keys(root.get(path[0])) if path else root
        written = text(owner.get("image")) or text(keys(owner.get("image")).get("name"))
        found = image(written, line(root, *path, "image"), CI_GROUP) if written else None
        if found and written not in seen:
            seen.add(written)
            yield found


def _included(root: Map) -> Iterator[str]:
    value = root.get("include")
    for each in value if isinstance(value, List) else [value]:
        path = text(keys(each).get("local")) if isinstance(each, Map) else text(each)
        if path and "://" not in path:
            yield path.lstrip("/")
