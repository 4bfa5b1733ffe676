"""Build facts of a `build.sbt`.

After https://www.scala-sbt.org/1.x/docs/Basic-Def.html
"""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import replace

from tree_sitter import Node

from codeanvil.facts.builds.documents import (
    BUILD_GROUP,
    UnreadableError,
    begin,
    check_size,
    ordered,
    unread,
)
from codeanvil.facts.builds.programs import main_program
from codeanvil.facts.builds.trees import MAX_DEPTH, first_mistake, line, named, text, tree
from codeanvil.facts.model import BuildFacts, Dependency, Target, TargetKind
from codeanvil.facts.text import decode

MAX_NODES = 200_000
"""Nodes that are looked at."""

_SETTING = frozenset({":=", "+=", "++="})
_MODULE = frozenset({"%", "%%", "%%%"})
_PROGRAM_PLUGINS = frozenset(
    {"JavaAppPackaging", "JavaServerAppPackaging", "PlayScala", "PlayJava", "GraalVMNativeImagePlugin"}
)
_VERSION = re.compile(r"^\s*sbt\.version\s*[=:]\s*(\d[\w.-]*)", re.MULTILINE)


def read(path: str, source: bytes) -> BuildFacts:
    """What the `*.sbt` file at `path` says; one in the folder `project` is a part, without commands.

    Never raises: what is not Scala is told in `problem`.
    """
    facts = begin("sbt", path, source)
    try:
        root = tree("scala", source)
    except UnreadableError as error:
        return unread(facts, "sbt", error)
    reader = _Reader()
    for node in _nodes(root):
        reader.take(node)
    facts = reader.finish(facts)
    mistake = first_mistake(root)
    return unread(facts, "sbt", f"line {mistake} cannot be read") if mistake else facts


def read_properties(path: str, source: bytes) -> BuildFacts:
    """What the `build.properties` at `path` says: `minimum` is the sbt that is used."""
    facts = begin("sbt", path, source)
    try:
        check_size(source)
    except UnreadableError as error:
        return unread(facts, "Java properties", error)
    match = _VERSION.search(decode(source))
    return replace(facts, minimum=match[1] if match else "")


class _Reader:
    """Gathers facts from the nodes of one file."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}
        self.settings: dict[str, str] = {}
        self.dependencies: dict[tuple[str, str], Dependency] = {}
        self.targets: dict[str, Target] = {}
        self.folders: dict[str, None] = {}
        self.is_program = False

    def take(self, node: Node) -> None:
        if node.type == "val_definition":
            self._definition(node)
        elif node.type == "infix_expression" and text(node.child_by_field_name("operator")) in _SETTING:
            key = text(node.child_by_field_name("left")).rpartition("/")[2].strip()
            right = node.child_by_field_name("right")
            if right is None:
                return
            if key in {"name", "version", "scalaVersion", "mainClass", "organization"}:
                own = self._name_of_project(node)
                value = self._string(right) or self._string(next(iter(_strings(right)), None))
                if key != "name" or own in {"", "root"}:
                    self.settings.setdefault(key, value)
                self.is_program = self.is_program or key == "mainClass"
        elif node.type == "infix_expression" and text(node.child_by_field_name("operator")) in _MODULE:
            self._module(node)
        elif node.type == "identifier" and text(node) in _PROGRAM_PLUGINS:
            self.is_program = True
            if (own := self._name_of_project(node)) in self.targets:
                self.targets[own] = replace(self.targets[own], kind="executable", command=f"sbt {own}/run")

    def finish(self, facts: BuildFacts) -> BuildFacts:
        """`facts` with all that was noted."""
        is_part = posixpath.basename(facts.folder) == "project"
        targets = tuple(self.targets.values())
        commands = {"build": "sbt compile", "test": "sbt test", "install": "sbt publishLocal"}
        if program := main_program(targets, self.settings.get("name", "")):
            commands["run"] = program.command
        elif self.is_program:
            commands["run"] = "sbt run"
        scala = self.settings.get("scalaVersion", "")
        return replace(
            facts,
            name=self.settings.get("name", ""),
            version=self.settings.get("version", ""),
            standard=f"Scala {scala}" if scala else "",
            languages=("Scala",),
            targets=targets,
            dependencies=tuple(self.dependencies.values()),
            subfolders=tuple(self.folders),
            commands=() if is_part else ordered(commands),
        )

    def _definition(self, node: Node) -> None:
        """`val x = "1"`, and `lazy val core = (project in file("core"))`."""
        name, value = text(node.child_by_field_name("pattern")), node.child_by_field_name("value")
        if value is None or not name.isidentifier():
            return
        if found := self._string(value):
            self.values.setdefault(name, found)
        elif re.match(r"\(*\s*(?:project\b|Project\s*\(|crossProject\b)", text(value)[:60]):
            folder = name
            links: list[str] = []
            for inner in _nodes(value):
                if inner.type == "call_expression":
                    function = text(inner.child_by_field_name("function"))
                    arguments = inner.child_by_field_name("arguments")
                    if function == "file":
                        folder = next((each for a in named(arguments) if (each := self._string(a))), folder)
                    elif function.endswith(".dependsOn"):
                        links += [text(a).split("%")[0].strip() for a in named(arguments)]
            kind: TargetKind = "library"
            linked = tuple(dict.fromkeys(link for link in links if link.isidentifier()))
            self.targets.setdefault(name, Target(name, kind, line(node), (), linked, f"sbt {name}/compile"))
            if posixpath.normpath(folder) != "." and not folder.startswith(("/", "..")):
                self.folders[posixpath.normpath(folder)] = None

    def _module(self, node: Node) -> None:
        """`"org" %% "name" % version % Test`: only the whole of it counts, not the parts inside."""
        parent = node.parent
        if (
            parent is not None
            and parent.type == "infix_expression"
            and text(parent.child_by_field_name("operator")) in _MODULE
        ):
            return
        operands: list[Node] = []
        current: Node | None = node
        while current is not None and current.type == "infix_expression" and len(operands) < 8:
            right = current.child_by_field_name("right")
            if right is not None:
                operands.insert(0, right)
            current = current.child_by_field_name("left")
        if current is not None:
            operands.insert(0, current)
        words = [self._string(operand) for operand in operands]
        if len(words) < 3 or not words[0] or not words[1]:
            return
        configuration = (words[3] or text(operands[3])).lower() if len(words) > 3 else ""
        group = "test" if "test" in configuration else ""
        if self._is_plugin(node):
            group = BUILD_GROUP
        name = f"{words[0]}:{words[1]}"
        self.dependencies.setdefault((name, group), Dependency(name, words[2], line(operands[0]), group))

    def _is_plugin(self, node: Node) -> bool:
        for _ in range(4):
            if node.type == "call_expression":
                return text(node.child_by_field_name("function")) == "addSbtPlugin"
            if node.parent is None:
                return False
            node = node.parent
        return False

    def _name_of_project(self, node: Node) -> str:
        """The `lazy val` that a node stands in; '' for one outside of projects."""
        current: Node | None = node
        for _ in range(MAX_DEPTH):
            if current is None:
                break
            if current.type == "val_definition":
                return text(current.child_by_field_name("pattern"))
            current = current.parent
        return ""

    def _string(self, node: Node | None) -> str:
        """A string, or a name that was given one; '' for anything else."""
        if node is None:
            return ""
        if node.type == "string":
            found = text(node).strip('"')
            return found if found.strip() and "\n" not in found else ""
        if node.type in {"identifier", "field_expression"}:
            return self.values.get(text(node).rpartition(".")[2], "")
        return ""


def _nodes(root: Node) -> Iterator[Node]:
    """All nodes in order, down to a depth that no build file needs."""
    pending = [(root, 0)]
    for _ in range(MAX_NODES):
        if not pending:
            return
        node, depth = pending.pop()
        yield node
        if depth < 3 * MAX_DEPTH:
            pending += [(child, depth + 1) for child in reversed(list(named(node)))]


def _strings(node: Node) -> Iterator[Node]:
    return (each for each in _nodes(node) if each.type == "string")
