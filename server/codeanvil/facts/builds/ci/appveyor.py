"""Build facts of an `appveyor.yml`."""

from dataclasses import replace

from codeanvil.facts.builds.ci.jobs import job, scripts
from codeanvil.facts.builds.documents import UnreadableError, begin, text, unread
from codeanvil.facts.builds.yaml_document import List, Yaml, keys
from codeanvil.facts.model import BuildFacts, Target

_JOBS = (
    ("build", ("install", "before_build", "build_script", "after_build")),
    ("test", ("before_test", "test_script", "after_test")),
    ("deploy", ("before_deploy", "deploy_script")),
)
_SHELLS = ("cmd", "ps", "pwsh", "sh")


def read(path: str, source: bytes) -> BuildFacts:
    """What the configuration at `path` says: building, testing and deploying are targets. Never raises."""
    facts = begin("appveyor", path, source)
    try:
        yaml = Yaml(source)
    except UnreadableError as error:
        return unread(facts, "YAML", error)
    targets: list[Target] = []
    for name, steps in _JOBS:
        commands = [command for step in steps for command in _commands(yaml.root.get(step))]
        if commands:
            line = next(yaml.root.lines[step] for step in steps if step in yaml.root)
            targets.append(job(name, line, commands))
    return replace(facts, targets=tuple(targets))


def _commands(value: object) -> list[str]:
    found: list[str] = []
    for item in value if isinstance(value, List) else [value]:
        shells = [text(keys(item).get(shell)) for shell in _SHELLS]
        found += scripts(item) or [command for command in shells if command]
    return found
