"""The targets of one Meson file, and what it asks for from outside."""

import posixpath
import shlex
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from codeanvil.facts.builds.make.flags import SYSTEM_LIBRARIES
from codeanvil.facts.builds.meson.nodes import Call
from codeanvil.facts.builds.meson.values import Thing, Value, flat, strings, text
from codeanvil.facts.model import Dependency, Target

BUILD = "builddir"
"""The folder that answers build in, as Meson's own documentation calls it."""

Keywords = dict[str, Value]


@dataclass(slots=True)
class _Draft:
    kind: Literal["executable", "library", "test", "benchmark", "custom"]
    line: int
    sources: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    command: str = ""


class Targets:
    """Gathers targets and dependencies from the functions that a file calls."""

    def __init__(self) -> None:
        self.dependencies: dict[str, Dependency] = {}
        self.installs = False
        self._drafts: dict[str, _Draft] = {}
        self._takers: dict[str, Callable[[int, list[Value], Keywords], Value]] = {
            **dict.fromkeys(("executable", "jar"), self._executable),
            **dict.fromkeys(
                ("library", "shared_library", "static_library", "both_libraries", "shared_module", "extension_module"),
                self._library,
            ),
            "build_target": self._build_target,
            "test": self._test,
            "benchmark": self._benchmark,
            "custom_target": self._custom,
            "run_target": self._run_target,
            "alias_target": self._alias,
            "dependency": self._dependency,
            "find_library": self._find_library,
            "subproject": self._subproject,
            "declare_dependency": lambda _, __, keywords: Thing(tuple(_linked(keywords)), "dependency"),
        }

    def take(self, call: Call, positional: list[Value], keywords: Keywords) -> Value:
        """What a function gives back; what it adds is noted."""
        taker = self._takers.get(call.name)
        return taker(call.line, positional, keywords) if taker else None

    def finish(self) -> Iterator[Target]:
        """The targets, in the order of their lines; commands are those of a file in the project's own folder."""
        for name, draft in sorted(self._drafts.items(), key=lambda item: item[1].line):
            yield placed(Target(name, draft.kind, draft.line, draft.sources, draft.links), "")

    def _define(
        self, kind: Literal["executable", "library"], line: int, positional: list[Value], keywords: Keywords
    ) -> Value:
        name = text(positional[0]) if positional else ""
        if not name:
            return None
        files = strings([*positional[1:], keywords.get("sources")])
        draft = _Draft(kind, line, tuple(dict.fromkeys(map(posixpath.normpath, files))), tuple(_linked(keywords)))
        self._drafts.setdefault(name, draft)
        self.installs = self.installs or keywords.get("install") is True
        return Thing((name,), kind)

    def _executable(self, line: int, positional: list[Value], keywords: Keywords) -> Value:
        return self._define("executable", line, positional, keywords)

    def _library(self, line: int, positional: list[Value], keywords: Keywords) -> Value:
        return self._define("library", line, positional, keywords)

    def _build_target(self, line: int, positional: list[Value], keywords: Keywords) -> Value:
        kind = keywords.get("target_type")
        return self._define("executable" if kind == "executable" else "library", line, positional, keywords)

    def _test(self, line: int, positional: list[Value], _: Keywords) -> Value:
        name = text(positional[0]) if positional else ""
        program = positional[1] if len(positional) > 1 else None
        links = program.names if isinstance(program, Thing) and program.kind == "executable" else ()
        if known := self._drafts.get(name):
            if name in links:
                known.kind = "test"
        elif name:
            self._drafts[name] = _Draft("test", line, links=links)
        return None

    def _benchmark(self, line: int, positional: list[Value], keywords: Keywords) -> Value:
        self._test(line, positional, keywords)
        if positional and (draft := self._drafts.get(text(positional[0]))) and draft.line == line:
            draft.kind = "benchmark"
        return None

    def _custom(self, line: int, positional: list[Value], keywords: Keywords) -> Value:
        outputs = strings([keywords.get("output")])
        name = text(positional[0]) if positional else "".join(outputs[:1])
        if not name or "@" in name:
            return None
        self._drafts.setdefault(name, _Draft("custom", line, tuple(dict.fromkeys(strings([keywords.get("input")])))))
        self.installs = self.installs or keywords.get("install") is True
        return Thing((name,), "custom")

    def _run_target(self, line: int, positional: list[Value], keywords: Keywords) -> Value:
        if positional and (name := text(positional[0])):
            self._drafts.setdefault(
                name, _Draft("custom", line, links=tuple(_linked({"dependencies": keywords.get("depends")})))
            )
        return None

    def _alias(self, line: int, positional: list[Value], _: Keywords) -> Value:
        if positional and (name := text(positional[0])):
            self._drafts.setdefault(name, _Draft("custom", line, links=tuple(_linked({"link_with": positional[1:]}))))
        return None

    def _dependency(self, line: int, positional: list[Value], keywords: Keywords) -> Value:
        names = [name for name in strings(positional) if name]
        if not names:
            return None
        versions = [version.replace(" ", "") for version in strings([keywords.get("version")])]
        components = tuple(dict.fromkeys(strings([keywords.get("modules"), keywords.get("components")])))
        self._depend(Dependency(names[0], ",".join(versions), line, components=components))
        return Thing((names[0],), "dependency")

    def _find_library(self, line: int, positional: list[Value], _: Keywords) -> Value:
        name = text(positional[0]) if positional else ""
        if not name:
            return None
        if name not in SYSTEM_LIBRARIES:
            self._depend(Dependency(name, "", line))
        return Thing((name,), "dependency")

    def _subproject(self, line: int, positional: list[Value], keywords: Keywords) -> Value:
        if positional and (name := text(positional[0])):
            version = ",".join(each.replace(" ", "") for each in strings([keywords.get("version")]))
            self._depend(Dependency(name, version, line))
        return None

    def _depend(self, dependency: Dependency) -> None:
        known = self.dependencies.get(dependency.name)
        if known is None:
            self.dependencies[dependency.name] = dependency
        else:
            self.dependencies[dependency.name] = replace(
                known,
                version=known.version or dependency.version,
                components=tuple(dict.fromkeys(known.components + dependency.components)),
            )


def placed(target: Target, folder: str) -> Target:
    """`target` of a file in `folder`, relative to the project's own, with its command."""
    match target.kind:
        case "executable":
            command = f"./{posixpath.normpath(posixpath.join(BUILD, folder, target.name))}"
        case "test":
            command = f"meson test -C {BUILD} {shlex.quote(target.name)}"
        case "benchmark":
            command = f"meson test --benchmark -C {BUILD} {shlex.quote(target.name)}"
        case _:
            command = f"meson compile -C {BUILD} {shlex.quote(target.name)}"
    return replace(target, command=command)


def _linked(keywords: Keywords) -> Iterator[str]:
    """What a target with these keywords links, each once."""
    seen: set[str] = set()
    for thing in flat([keywords.get("link_with"), keywords.get("link_whole"), keywords.get("dependencies")]):
        for name in thing.names if isinstance(thing, Thing) else ():
            if name not in seen:
                seen.add(name)
                yield name
