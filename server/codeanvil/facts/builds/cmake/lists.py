"""Build facts of a `CMakeLists.txt`."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import replace

from codeanvil.facts.builds.cmake import syntax
from codeanvil.facts.builds.cmake.dependencies import DEPENDING, dependencies_of
from codeanvil.facts.builds.cmake.paths import BUILD, tidy
from codeanvil.facts.builds.cmake.run import Call, after, run, until
from codeanvil.facts.builds.cmake.targets import Targets, runnable
from codeanvil.facts.model import BuildFacts, Dependency, Option, Target
from codeanvil.facts.text import decode, fold

_FEATURE = re.compile(r"c(xx)?_std_(\d\d)\Z")


def read(path: str, source: bytes) -> BuildFacts:
    """What the CMake file at `path` says. A file without `project()` is a part of one: it has no commands of its own.

    Never raises: what is not CMake is told in `problem`, and what stands before it is there nevertheless.
    """
    script = syntax.parse(decode(source))
    has_project = any(command.name == "project" for command in script.commands)
    variables = {"CMAKE_CURRENT_SOURCE_DIR": ".", "CMAKE_CURRENT_LIST_DIR": "."}
    if has_project:
        variables |= {"CMAKE_SOURCE_DIR": ".", "PROJECT_SOURCE_DIR": "."}
        variables |= dict.fromkeys(("CMAKE_BINARY_DIR", "PROJECT_BINARY_DIR", "CMAKE_CURRENT_BINARY_DIR"), BUILD)
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
        self.targets = Targets()
        self.options: dict[str, Option] = {}
        self.dependencies: dict[str, Dependency] = {}
        self.subfolders: list[str] = []
        self.tested = self.installed = False
        self._takers: dict[str, Callable[[Call], None]] = {
            "cmake_minimum_required": self._minimum,
            "project": self._project,
            "enable_language": lambda call: self.languages.extend(v for v in call.values if v != "OPTIONAL"),
            "target_compile_features": self._features,
            "set_target_properties": self._properties,
            "set_property": self._properties,
            "enable_testing": self._enable_testing,
            "include": self._include,
            "option": self._option,
            "cmake_dependent_option": self._option,
            "set": self._cached,
            "add_subdirectory": self._subfolder,
            "install": self._install,
        }

    def take(self, call: Call) -> None:
        if not call.values:
            self.tested = self.tested or call.name == "enable_testing"
            self.installed = self.installed or call.name == "install"
        elif call.name in DEPENDING:
            for dependency in dependencies_of(call):
                self._depend(dependency)
        elif taker := self._takers.get(call.name):
            taker(call)
        else:
            self.targets.take(call)

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
        runtime = tidy(self.variables.get("CMAKE_RUNTIME_OUTPUT_DIRECTORY", "")) if has_project else ""
        runtime = runtime if "$" not in runtime else ""
        targets = self.targets.finish(runtime if has_project else None)
        return replace(
            facts,
            name=self.name,
            version=self.version if "$" not in self.version else "",
            minimum=self.minimum,
            standard=standard,
            languages=tuple(dict.fromkeys(self.languages)),
            targets=tuple(targets),
            options=tuple(self.options.values()),
            dependencies=tuple(self.dependencies.values()),
            subfolders=tuple(dict.fromkeys(self.subfolders)),
            commands=self._commands(targets) if has_project else (),
            runtime_folder=runtime,
            installs=self.installed,
        )

    def _commands(self, targets: list[Target]) -> tuple[tuple[str, str], ...]:
        commands = [("configure", f"cmake -S . -B {BUILD}"), ("build", f"cmake --build {BUILD}")]
        if self.tested or self.targets.tested:
            commands.append(("test", f"ctest --test-dir {BUILD}"))
        commands += [("run", target.command) for target in runnable(targets)[:1]]
        if self.installed:
            commands.append(("install", f"cmake --install {BUILD}"))
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
                self.targets.rename(names, value)

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
        folder = tidy(call.values[0])
        if folder and "$" not in folder and not folder.startswith(("/", "..", f"{BUILD}/")):
            self.subfolders.append(folder)
