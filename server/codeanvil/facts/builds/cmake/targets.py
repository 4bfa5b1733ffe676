"""The targets of one CMake file: what it builds, out of which sources, and which of it are tests."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Literal

from codeanvil.facts.builds.cmake.paths import BUILD, tidy
from codeanvil.facts.builds.cmake.run import Call, after, until
from codeanvil.facts.model import Target
from codeanvil.facts.text import fold

_EXECUTABLES = frozenset(
    {"add_executable", "qt_add_executable", "qt5_add_executable", "qt6_add_executable", "cuda_add_executable"}
)
_LIBRARIES = frozenset(
    {
        "add_library", "qt_add_library", "qt6_add_library", "qt_add_plugin", "qt_add_qml_module", "cuda_add_library",
        "pybind11_add_module", "nanobind_add_module", "python_add_library", "python3_add_library",
    }
)  # fmt: skip
_DISCOVERERS = frozenset({"gtest_discover_tests", "gtest_add_tests", "catch_discover_tests", "doctest_discover_tests"})
_TARGET_WORDS = frozenset(
    {
        "WIN32", "MACOSX_BUNDLE", "EXCLUDE_FROM_ALL", "STATIC", "SHARED", "MODULE", "OBJECT", "INTERFACE", "UNKNOWN",
        "MANUAL_FINALIZATION", "NO_EXTRAS", "THIN_LTO", "OPT_SIZE", "STABLE_ABI", "NB_STATIC", "WITH_SOABI",
    }
)  # fmt: skip
_LINK_WORDS = frozenset(
    {
        "PUBLIC", "PRIVATE", "INTERFACE", "LINK_PUBLIC", "LINK_PRIVATE", "LINK_INTERFACE_LIBRARIES", "debug",
        "optimized", "general",
    }
)  # fmt: skip
_SOURCE_WORDS = frozenset({"PUBLIC", "PRIVATE", "INTERFACE", "FILE_SET", "HEADERS", "TYPE", "BASE_DIRS", "FILES"})
_CUSTOM_WORDS = frozenset(
    {
        "COMMAND", "DEPENDS", "BYPRODUCTS", "WORKING_DIRECTORY", "COMMENT", "VERBATIM", "SOURCES", "USES_TERMINAL",
    }
)  # fmt: skip
_TEST_WORDS = frozenset({"CONFIGURATIONS", "WORKING_DIRECTORY", "COMMAND_EXPAND_LISTS"})
_GENERATOR = re.compile(r"\$<(?:BUILD_INTERFACE|LINK_ONLY|BUILD_LOCAL_INTERFACE):([^<>$]+)>\Z")


@dataclass(slots=True)
class _Draft:
    """A target that is being read. Sources and links are keys, in order, so that each counts once."""

    kind: Literal["executable", "library", "test", "custom"]
    line: int
    command: str = ""
    sources: dict[str, None] = field(default_factory=dict)
    links: dict[str, None] = field(default_factory=dict)


class Targets:
    """Gathers targets from the calls of a file. `tested` is true where anything is a test."""

    def __init__(self) -> None:
        self.tested = False
        self._drafts: dict[str, _Draft] = {}
        self._tests: dict[str, Target] = {}
        self._output_names: dict[str, str] = {}

    def take(self, call: Call) -> None:
        """Take a call with at least one argument; one that does not concern targets is passed over."""
        if call.name in _EXECUTABLES or call.name in _LIBRARIES:
            self._define(call)
        elif call.name in _DISCOVERERS:
            self.tested = True
            self._run_as_test(call.values[1] if call.values[0] == "TARGET" and call.values[1:] else call.values[0])
        elif call.name == "add_custom_target":
            self._custom(call)
        elif call.name == "target_sources":
            self._sources(call)
        elif call.name == "target_link_libraries":
            self._links(call)
        elif call.name == "add_test":
            self._test(call)

    def rename(self, names: Iterable[str], output: str) -> None:
        """What these targets build is called `output`."""
        self._output_names |= dict.fromkeys(names, output)

    def finish(self, runtime: str | None) -> list[Target]:
        """The targets by line. Programs get a command, in the folder `runtime`, except where that is None."""
        targets = [
            Target(name, draft.kind, draft.line, tuple(draft.sources), tuple(draft.links), draft.command)
            for name, draft in self._drafts.items()
        ]
        if runtime is not None:
            targets = [self._with_command(target, runtime or BUILD) for target in targets]
        targets += [test for name, test in self._tests.items() if name not in self._drafts]
        return sorted(targets, key=lambda target: target.line)

    def _with_command(self, target: Target, folder: str) -> Target:
        if target.kind not in {"executable", "test"} or target.name in self._tests:
            return target
        return replace(target, command=f"./{folder}/{self._output_names.get(target.name, target.name)}")

    def _define(self, call: Call) -> None:
        name, *rest = call.values
        if {"IMPORTED", "ALIAS"} & set(rest[:2]):
            return
        kind: Literal["executable", "library"] = "executable" if call.name in _EXECUTABLES else "library"
        qml = call.name == "qt_add_qml_module"
        sources = after(rest, "SOURCES") if qml else [v for v in rest if v not in _TARGET_WORDS]
        self._drafts.setdefault(name, _Draft(kind, call.line)).sources |= _paths(sources)

    def _custom(self, call: Call) -> None:
        name, *rest = call.values
        command = fold(" ".join(until(after(rest, "COMMAND"), _CUSTOM_WORDS)))
        self._drafts.setdefault(name, _Draft("custom", call.line, command))

    def _sources(self, call: Call) -> None:
        name, *rest = call.values
        if draft := self._drafts.get(name):
            draft.sources |= _paths(value for value in rest if value not in _SOURCE_WORDS)

    def _links(self, call: Call) -> None:
        name, *rest = call.values
        if draft := self._drafts.get(name):
            links = [m[1] if (m := _GENERATOR.match(v)) else v for v in rest if v not in _LINK_WORDS]
            draft.links |= dict.fromkeys(link for link in links if "$<" not in link and link.lstrip(":"))

    def _test(self, call: Call) -> None:
        self.tested = True
        if call.values[0] == "NAME":
            name, command = "".join(after(call.values, "NAME")[:1]), after(call.values, "COMMAND")
        else:
            name, command = call.values[0], list(call.values[1:])
        command = list(until(command, _TEST_WORDS))
        if name in self._drafts:
            self._run_as_test(name)
        elif name:
            self._tests.setdefault(name, Target(name, "test", call.line, command=fold(" ".join(command))))

    def _run_as_test(self, name: str) -> None:
        if draft := self._drafts.get(name):
            draft.kind = "test"


def runnable(targets: Iterable[Target]) -> list[Target]:
    """The executables that are no tests and that no test runs, else all executables; with a command."""
    targets = list(targets)
    programs = [target for target in targets if target.kind == "executable" and target.command]
    tested = {word for target in targets if target.kind == "test" for word in target.command.split()[:1]}
    return [target for target in programs if target.name not in tested] or programs


def _paths(values: Iterable[str]) -> dict[str, None]:
    """Paths relative to the file's folder as keys, generator expressions left out."""
    return dict.fromkeys(tidy(value) for value in values if value and "$<" not in value)
