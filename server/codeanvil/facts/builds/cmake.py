"""Build facts of a `CMakeLists.txt`."""

import hashlib
import posixpath
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Literal

from codeanvil.facts.builds import cmake_syntax
from codeanvil.facts.builds.cmake_dependencies import DEPENDING, dependencies_of
from codeanvil.facts.builds.cmake_run import Call, after, run, until
from codeanvil.facts.model import BuildFacts, Dependency, Option, Target
from codeanvil.facts.text import decode, fold

_BUILD = "build"
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
        "PUBLIC",
        "PRIVATE",
        "INTERFACE",
        "LINK_PUBLIC",
        "LINK_PRIVATE",
        "LINK_INTERFACE_LIBRARIES",
        "debug",
        "optimized",
        "general",
    }
)
_FEATURE = re.compile(r"c(xx)?_std_(\d\d)\Z")
_GENERATOR = re.compile(r"\$<(?:BUILD_INTERFACE|LINK_ONLY|BUILD_LOCAL_INTERFACE):([^<>$]+)>\Z")


def read(path: str, source: bytes) -> BuildFacts:
    """What the CMake file at `path` says. A file without `project()` is a part of one: it has no commands of its own.

    Never raises: what is not CMake is told in `problem`, and what stands before it is there nevertheless.
    """
    script = cmake_syntax.parse(decode(source))
    has_project = any(command.name == "project" for command in script.commands)
    variables = {"CMAKE_CURRENT_SOURCE_DIR": ".", "CMAKE_CURRENT_LIST_DIR": "."}
    if has_project:
        variables |= {"CMAKE_SOURCE_DIR": ".", "PROJECT_SOURCE_DIR": "."}
        variables |= dict.fromkeys(("CMAKE_BINARY_DIR", "PROJECT_BINARY_DIR", "CMAKE_CURRENT_BINARY_DIR"), _BUILD)
    reader = _Reader(variables)
    for call in run(script.commands, variables):
        reader.take(call)
    facts = BuildFacts(
        system="cmake",
        file=path,
        folder=path.rpartition("/")[0],
        sha=hashlib.sha256(source).hexdigest(),
        problem=f"{path} is not valid CMake at {script.problem}; what follows may be missing."
        if script.problem
        else None,
    )
    return reader.finish(facts, has_project=has_project)


class _Reader:
    """Gathers facts from the calls of one file."""

    def __init__(self, variables: dict[str, str]) -> None:
        self.variables = variables
        self.name = self.version = self.minimum = ""
        self.languages: list[str] = []
        self.standards: dict[str, str] = {}
        self.targets: dict[str, Target] = {}
        self.tests: dict[str, Target] = {}
        self.output_names: dict[str, str] = {}
        self.options: dict[str, Option] = {}
        self.dependencies: dict[str, Dependency] = {}
        self.subfolders: list[str] = []
        self.tested = self.installed = False
        self._takers: dict[str, Callable[[Call], None]] = {
            "cmake_minimum_required": self._minimum,
            "project": self._project,
            "enable_language": lambda call: self.languages.extend(v for v in call.values if v != "OPTIONAL"),
            "add_custom_target": self._custom,
            "target_sources": self._sources,
            "target_link_libraries": self._links,
            "target_compile_features": self._features,
            "set_target_properties": self._properties,
            "set_property": self._properties,
            "add_test": self._test,
            "enable_testing": self._enable_testing,
            "include": self._include,
            "option": self._option,
            "cmake_dependent_option": self._option,
            "set": self._cached,
            "add_subdirectory": self._subfolder,
            "install": self._install,
        }

    def take(self, call: Call) -> None:
        if call.name in _EXECUTABLES or call.name in _LIBRARIES:
            self._target(call)
        elif call.name in _DISCOVERERS and call.values:
            self.tested = True
            self._run_as_test(call.values[1] if call.values[0] == "TARGET" else call.values[0])
        elif call.name in DEPENDING and call.values:
            for dependency in dependencies_of(call):
                self._depend(dependency)
        elif (taker := self._takers.get(call.name)) and (call.values or call.name in {"enable_testing", "install"}):
            taker(call)

    def finish(self, facts: BuildFacts, *, has_project: bool) -> BuildFacts:
        for variable, title in (
            ("CMAKE_CXX_STANDARD", "C++"),
            ("CMAKE_C_STANDARD", "C"),
            ("CMAKE_CUDA_STANDARD", "CUDA"),
        ):
            if (number := self.variables.get(variable, "")).isdigit():
                self.standards.setdefault(title, number)
        standard = next(
            (f"{title}{self.standards[title]}" for title in ("C++", "C", "CUDA") if title in self.standards), ""
        )
        runtime = _tidy(self.variables.get("CMAKE_RUNTIME_OUTPUT_DIRECTORY", "")) if has_project else ""
        runtime = runtime if "$" not in runtime else ""
        targets = [self._with_command(target, runtime, has_project=has_project) for target in self.targets.values()]
        targets += [test for name, test in self.tests.items() if name not in self.targets]
        return replace(
            facts,
            name=self.name,
            version=self.version if "$" not in self.version else "",
            minimum=self.minimum,
            standard=standard,
            languages=tuple(dict.fromkeys(self.languages)),
            targets=tuple(sorted(targets, key=lambda target: target.line)),
            options=tuple(self.options.values()),
            dependencies=tuple(self.dependencies.values()),
            subfolders=tuple(dict.fromkeys(self.subfolders)),
            commands=self._commands(targets) if has_project else (),
            runtime_folder=runtime,
            installs=self.installed,
        )

    def _with_command(self, target: Target, runtime: str, *, has_project: bool) -> Target:
        if not has_project or target.kind not in {"executable", "test"} or target.name in self.tests:
            return target
        return replace(target, command=f"./{runtime or _BUILD}/{self.output_names.get(target.name, target.name)}")

    def _commands(self, targets: list[Target]) -> tuple[tuple[str, str], ...]:
        commands = [("configure", f"cmake -S . -B {_BUILD}"), ("build", f"cmake --build {_BUILD}")]
        if self.tested:
            commands.append(("test", f"ctest --test-dir {_BUILD}"))
        commands += [("run", target.command) for target in runnable(targets)[:1]]
        if self.installed:
            commands.append(("install", f"cmake --install {_BUILD}"))
        return tuple(commands)

    def _minimum(self, call: Call) -> None:
        version = after(call.values, "VERSION")
        if version and not self.minimum:
            self.minimum = version[0].split("...")[0]

    def _project(self, call: Call) -> None:
        name, *rest = call.values
        if self.name:
            return
        self.name = name
        self.version = "".join(after(rest, "VERSION")[:1])
        keywords = {"VERSION", "DESCRIPTION", "HOMEPAGE_URL", "COMPAT_VERSION", "SPDX_LICENSE"}
        if "LANGUAGES" in rest:
            self.languages = list(until(after(rest, "LANGUAGES"), keywords))
        elif not keywords & set(rest):
            self.languages = rest
        self.languages = self.languages or ["C", "CXX"]

    def _target(self, call: Call) -> None:
        name, *rest = call.values
        if {"IMPORTED", "ALIAS"} & set(rest[:2]):
            return
        kind: Literal["executable", "library"] = "executable" if call.name in _EXECUTABLES else "library"
        qml = call.name == "qt_add_qml_module"
        sources = after(rest, "SOURCES") if qml else [v for v in rest if v not in _TARGET_WORDS]
        known = self.targets.get(name)
        if known is None:
            self.targets[name] = Target(name, kind, call.line, _paths(sources))
        else:
            self.targets[name] = replace(known, sources=_join(known.sources, _paths(sources)))

    def _custom(self, call: Call) -> None:
        name, *rest = call.values
        words = {
            "COMMAND",
            "DEPENDS",
            "BYPRODUCTS",
            "WORKING_DIRECTORY",
            "COMMENT",
            "VERBATIM",
            "SOURCES",
            "USES_TERMINAL",
        }
        command = fold(" ".join(until(after(rest, "COMMAND"), words)))
        self.targets.setdefault(name, Target(name, "custom", call.line, command=command))

    def _sources(self, call: Call) -> None:
        name, *rest = call.values
        if target := self.targets.get(name):
            skipped = {"PUBLIC", "PRIVATE", "INTERFACE", "FILE_SET", "HEADERS", "TYPE", "BASE_DIRS", "FILES"}
            sources = _paths(value for value in rest if value not in skipped)
            self.targets[name] = replace(target, sources=_join(target.sources, sources))

    def _links(self, call: Call) -> None:
        name, *rest = call.values
        if target := self.targets.get(name):
            links = [m[1] if (m := _GENERATOR.match(v)) else v for v in rest if v not in _LINK_WORDS]
            plain = tuple(link for link in links if "$<" not in link and link.lstrip(":"))
            self.targets[name] = replace(target, links=_join(target.links, plain))

    def _features(self, call: Call) -> None:
        for value in call.values:
            if match := _FEATURE.match(value):
                self.standards.setdefault("C++" if match[1] else "C", match[2])

    def _properties(self, call: Call) -> None:
        if "PROPERTIES" not in call.values and "PROPERTY" not in call.values:
            return
        word = "PROPERTIES" if "PROPERTIES" in call.values else "PROPERTY"
        names, pairs = call.values[: call.values.index(word)], after(call.values, word)
        for key, value in zip(pairs[::2], pairs[1::2], strict=False):
            if key in {"CXX_STANDARD", "C_STANDARD"} and value.isdigit():
                self.standards.setdefault("C++" if key == "CXX_STANDARD" else "C", value)
            elif key == "OUTPUT_NAME" and "$" not in value:
                self.output_names |= dict.fromkeys(names, value)

    def _test(self, call: Call) -> None:
        self.tested = True
        if call.values[0] == "NAME":
            name, command = "".join(after(call.values, "NAME")[:1]), after(call.values, "COMMAND")
        else:
            name, command = call.values[0], list(call.values[1:])
        command = list(until(command, {"CONFIGURATIONS", "WORKING_DIRECTORY", "COMMAND_EXPAND_LISTS"}))
        if name in self.targets:
            self._run_as_test(name)
        elif name:
            self.tests.setdefault(name, Target(name, "test", call.line, command=fold(" ".join(command))))

    def _run_as_test(self, name: str) -> None:
        if target := self.targets.get(name):
            self.targets[name] = replace(target, kind="test")

    def _enable_testing(self, _: Call) -> None:
        self.tested = True

    def _install(self, _: Call) -> None:
        self.installed = True

    def _include(self, call: Call) -> None:
        self.tested = self.tested or call.values[0] == "CTest"

    def _option(self, call: Call) -> None:
        name, *rest = call.values
        default = rest[1] if len(rest) > 1 else "OFF"
        self.options.setdefault(name, Option(name, default, call.line, fold(rest[0]) if rest else ""))

    def _cached(self, call: Call) -> None:
        """`set(NAME value CACHE TYPE "doc")`: a switch as well, unless it is internal."""
        name, *rest = call.values
        kind, *doc = after(rest, "CACHE") or ["INTERNAL"]
        if kind not in {"INTERNAL", "STATIC"}:
            value = ";".join(rest[: rest.index("CACHE")])
            self.options.setdefault(name, Option(name, value, call.line, fold(doc[0]) if doc else ""))

    def _depend(self, dependency: Dependency) -> None:
        known = self.dependencies.get(dependency.name)
        if known is None or (dependency.version and not known.version):
            line = known.line if known else dependency.line
            self.dependencies[dependency.name] = replace(dependency, line=line)

    def _subfolder(self, call: Call) -> None:
        folder = _tidy(call.values[0])
        if folder and "$" not in folder and not folder.startswith(("/", "..", f"{_BUILD}/")):
            self.subfolders.append(folder)


def runnable(targets: Iterable[Target]) -> list[Target]:
    """The executables that are no tests and that no test runs, else all executables; with a command."""
    programs = [target for target in targets if target.kind == "executable" and target.command]
    tested = {word for target in targets if target.kind == "test" for word in target.command.split()[:1]}
    return [target for target in programs if target.name not in tested] or programs


def _join(known: tuple[str, ...], more: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*known, *more)))


def _paths(values: Iterable[str]) -> tuple[str, ...]:
    """Paths relative to the file's folder, generator expressions left out."""
    return tuple(dict.fromkeys(_tidy(value) for value in values if value and "$<" not in value))


def _tidy(path: str) -> str:
    """`./src//x.cpp` as src/x.cpp."""
    return posixpath.normpath(path) if path and not path.startswith("$") else path
