"""Build facts of a `Vagrantfile`: the virtual machines that a project is developed or tried in."""

from collections.abc import Iterator
from dataclasses import replace

from codeanvil.facts.builds.documents import UnreadableError, begin, runs, unread
from codeanvil.facts.builds.ruby.calls import Call, calls
from codeanvil.facts.builds.trees import first_mistake, tree
from codeanvil.facts.model import BuildFacts, Dependency, Target
from codeanvil.facts.text import fold

_DEFAULT = "default"  # as Vagrant calls a machine that has no name


def read(path: str, source: bytes) -> BuildFacts:
    """What the `Vagrantfile` at `path` says: machines are targets, their boxes dependencies.

    Never raises: what is not Ruby is told in `problem`.
    """
    facts = begin("vagrant", path, source)
    try:
        root = tree("ruby", source)
    except UnreadableError as error:
        return unread(facts, "Ruby", error)
    found = list(calls(root))
    facts = replace(
        facts,
        targets=tuple(_machines(found)),
        dependencies=tuple(_boxes(found)),
        commands=(("run", "vagrant up"),) if found else (),
    )
    mistake = first_mistake(root)
    return unread(facts, "Ruby", f"line {mistake} cannot be read") if mistake else facts


def _machines(found: list[Call]) -> Iterator[Target]:
    defined = [call for call in found if call.name == "define" and call.receiver.endswith("vm") and call.first]
    for call in dict.fromkeys(each.first for each in defined):
        each = next(one for one in defined if one.first == call)
        own = [step for step in found if each in step.inside]
        yield Target(call, "service", each.line, command=f"vagrant up {call}", doc=_provision(own) or each.doc)
    box = next((call for call in found if call.name == "box="), None)
    if not defined and box is not None:
        yield Target(_DEFAULT, "service", box.line, command="vagrant up", doc=_provision(found))


def _provision(steps: list[Call]) -> str:
    """What the first step runs that sets a machine up."""
    for call in steps:
        if call.name == "provision" and call.first == "shell":
            written = call.option("inline", "path")
            return runs(fold(written)) if isinstance(written, str) else ""
    return ""


def _boxes(found: list[Call]) -> Iterator[Dependency]:
    versions = {call.receiver: call.values[0] for call in found if call.name == "box_version=" and call.values}
    seen: set[str] = set()
    for call in found:
        name = call.first if call.name == "box=" else ""
        if name and name not in seen:
            seen.add(name)
            version = versions.get(call.receiver)
            yield Dependency(name, version if isinstance(version, str) else "", call.line)
