"""Build facts of a `Jenkinsfile`, declarative or scripted: Groovy, of which the syntax of calls and blocks is read."""

from collections.abc import Iterator
from dataclasses import replace

from codeanvil.facts.builds.ci.jobs import job
from codeanvil.facts.builds.documents import CI_GROUP, begin, unread
from codeanvil.facts.builds.gradle.syntax import Call, Statement, Text, Value, parse
from codeanvil.facts.builds.images import image
from codeanvil.facts.model import BuildFacts, Dependency, Target
from codeanvil.facts.text import decode

_SCRIPTS = frozenset({"sh", "bat", "powershell", "pwsh"})
_WHOLE = "pipeline"
"""What the steps of a file without stages are called."""


def read(path: str, source: bytes) -> BuildFacts:
    """What the `Jenkinsfile` at `path` says: stages are targets, images of containers dependencies. Never raises."""
    facts = begin("jenkins", path, source)
    script = parse(decode(source))
    calls = list(_calls(script.statements))
    stages = [each for each in calls if each.name == "stage" and each.block is not None]
    jobs = [found for each in stages if (found := _stage(each))]
    commands = list(_commands(script.statements))
    if not stages and commands:
        jobs = [job(_WHOLE, calls[0].line, commands)]
    facts = replace(facts, targets=tuple(jobs), dependencies=tuple(_images(calls)))
    return unread(facts, "Groovy", script.problem) if script.problem else facts


def _stage(stage: Call) -> Target | None:
    """A stage as a job; None for one that only holds others."""
    commands = list(_commands(stage.block or []))
    holds_others = any(call.name == "stage" for call in _calls(stage.block or []))
    name = _string(stage.arguments[0]) if stage.arguments else ""
    return job(name, stage.line, commands) if name and (commands or not holds_others) else None


def _commands(statements: list[Statement]) -> Iterator[str]:
    """The commands in a block and the blocks in it, but for those of other stages."""
    for statement in statements:
        call = statement.value if statement.assigns and isinstance(statement.value, Call) else statement.target
        if call.name in _SCRIPTS:
            written = call.arguments[0] if call.arguments else call.named.get("script")
            if command := _string(written):
                yield command
        elif call.name != "stage":
            yield from _commands(call.block or [])


def _calls(statements: list[Statement]) -> Iterator[Call]:
    for statement in statements:
        call = statement.target
        yield call
        yield from _calls(call.block or [])


def _images(calls: list[Call]) -> Iterator[Dependency]:
    """Of `docker 'a:1'`, `docker { image 'a:1' }` and `docker.image('a:1').inside`."""
    seen: set[str] = set()
    for call in calls:
        named: Call | None = call
        while named is not None and named.name not in {"image", "docker"}:
            named = named.owner
        written = _string(named.arguments[0]) if named is not None and named.arguments else ""
        if written and written not in seen:
            seen.add(written)
            if found := image(written, call.line, CI_GROUP):
                yield found


def _string(value: Value) -> str:
    return value.value if isinstance(value, Text) else ""
