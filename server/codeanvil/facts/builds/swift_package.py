"""Build facts of a `Package.swift`.

After https://docs.swift.org/package-manager/PackageDescription/PackageDescription.html
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from tree_sitter import Node

from codeanvil.facts.builds.documents import UnreadableError, begin, ordered, unread
from codeanvil.facts.builds.programs import main_program
from codeanvil.facts.builds.trees import MAX_DEPTH, first_mistake, line, named, text, tree
from codeanvil.facts.model import BuildFacts, Dependency, Target, TargetKind

_TARGETS: Mapping[str, TargetKind] = MappingProxyType(
    {
        "executableTarget": "executable", "target": "library", "testTarget": "test", "binaryTarget": "library",
        "systemLibrary": "library", "plugin": "custom", "macro": "library",
    }
)  # fmt: skip
_TOOLS = re.compile(rb"\A\s*//\s*swift-tools-version\s*:\s*(\d+(?:\.\d+)*)")
_QUOTED = re.compile(r'"([^"\n]{1,100})"')

MAX_NODES = 200_000
"""Nodes that are looked at."""


@dataclass(frozen=True, slots=True)
class _Call:
    """`.name(label: value)`; values without a label are left out."""

    name: str
    labelled: Mapping[str, Node]
    line: int

    def string(self, label: str) -> str:
        """The string behind a label; '' for anything else."""
        node = self.labelled.get(label)
        found = _string(node) if node is not None else None
        return found if found and found.strip() and "\n" not in found else ""


def read(path: str, source: bytes) -> BuildFacts:
    """What the `Package.swift` at `path` says; `minimum` is the oldest Swift.

    Never raises: what is not Swift is told in `problem`.
    """
    facts = begin("swiftpm", path, source)
    try:
        root = tree("swift", source)
    except UnreadableError as error:
        return unread(facts, "Swift", error)
    name = ""
    targets: dict[str, Target] = {}
    dependencies: dict[str, Dependency] = {}
    programs: set[str] = set()
    for call in _calls(root):
        if call.name == "Package":
            name = name or call.string("name")
        elif call.name == "executable":
            programs.update(_strings(call.labelled.get("targets")))
        elif call.name == "package" and (dependency := _dependency(call)):
            dependencies.setdefault(dependency.name, dependency)
        elif call.name in _TARGETS and "name" in call.labelled and (target := _target(call)):
            targets.setdefault(target.name, target)
    made = tuple(_placed(target, programs) for target in targets.values())
    tools = _TOOLS.match(source)
    facts = replace(
        facts,
        name=name,
        minimum=tools[1].decode() if tools else "",
        languages=("Swift",),
        targets=made,
        dependencies=tuple(dependencies.values()),
        commands=ordered(_commands(name, made)) if name else (),
    )
    mistake = first_mistake(root)
    return unread(facts, "Swift", f"line {mistake} cannot be read") if mistake and not name else facts


def _target(call: _Call) -> Target | None:
    name = call.string("name")
    # A dependency in a target's list is written `.target(name: "X")` too, and says no more.
    links = tuple(dict.fromkeys(_needs(call.labelled.get("dependencies"))))
    path = call.string("path")
    return Target(name, _TARGETS[call.name], call.line, (path,) if path else (), links) if name else None


def _placed(target: Target, programs: set[str]) -> Target:
    kind: TargetKind = "executable" if target.name in programs and target.kind == "library" else target.kind
    command = {"executable": f"swift run {target.name}", "test": f"swift test --filter {target.name}"}
    return replace(target, kind=kind, command=command.get(kind, f"swift build --target {target.name}"))


def _commands(name: str, targets: tuple[Target, ...]) -> dict[str, str]:
    commands = {"build": "swift build"}
    if any(target.kind == "test" for target in targets):
        commands["test"] = "swift test"
    if program := main_program(targets, name):
        commands["run"] = program.command
    return commands


def _dependency(call: _Call) -> Dependency | None:
    """`.package(url: "...", from: "1.0")`, or of a folder."""
    url = call.string("url")
    name = url.rstrip("/").rpartition("/")[2].removesuffix(".git") or call.string("id") or call.string("name")
    if path := call.string("path"):
        return Dependency(call.string("name") or path.rstrip("/").rpartition("/")[2] or path, path, call.line)
    arguments = next(iter(call.labelled.values())).parent if call.labelled else None
    written = text(arguments.parent if arguments is not None else None).replace(f'"{url}"', "", 1)
    versions = [found for found in _QUOTED.findall(written) if found not in {name, url}]
    operator = ">=" if "from:" in written and "exact" not in written else ""
    return Dependency(name, operator + "..<".join(versions[:2]) if versions else "", call.line) if name else None


def _needs(node: Node | None) -> Iterator[str]:
    """The names in a target's list of dependencies."""
    for item in named(node):
        if found := _string(item):
            yield found
        elif item.type == "call_expression" and (call := _call(item)) and (name := call.string("name")):
            yield name


def _calls(root: Node) -> Iterator[_Call]:
    """All calls, in order, but for those in lists of a target's dependencies."""
    pending = [(root, 0)]
    for _ in range(MAX_NODES):
        if not pending:
            return
        node, depth = pending.pop()
        inside = list(named(node)) if depth < 3 * MAX_DEPTH else []
        if node.type == "call_expression" and (call := _call(node)):
            yield call
            if call.name in _TARGETS:
                inside = []
        pending += [(child, depth + 1) for child in reversed(inside)]


def _call(node: Node) -> _Call | None:
    children = list(named(node))
    suffix = children[-1] if len(children) > 1 else None
    arguments = next(named(suffix), None) if suffix is not None and suffix.type == "call_suffix" else None
    if arguments is None or arguments.type != "value_arguments":
        return None
    labelled: dict[str, Node] = {}
    for argument in named(arguments):
        label, value = argument.child_by_field_name("name"), argument.child_by_field_name("value")
        if label is not None and value is not None:
            labelled.setdefault(text(label), value)
    return _Call(text(children[0]).rpartition(".")[2], labelled, line(node))


def _string(node: Node) -> str | None:
    if node.type != "line_string_literal" or any(child.type != "line_str_text" for child in node.named_children):
        return None
    return "".join(map(text, node.named_children))


def _strings(node: Node | None) -> list[str]:
    return [found for item in named(node) if (found := _string(item))]
