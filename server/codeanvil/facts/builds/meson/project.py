"""Build facts of a `meson.build`."""

import posixpath
import re
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from codeanvil.facts.builds.documents import MAX_SCRIPT_BYTES, UnreadableError, begin, check_size, ordered, unread
from codeanvil.facts.builds.meson import syntax
from codeanvil.facts.builds.meson.nodes import Call, Script
from codeanvil.facts.builds.meson.run import Runner
from codeanvil.facts.builds.meson.targets import BUILD, Targets
from codeanvil.facts.builds.meson.values import Value, strings, text
from codeanvil.facts.builds.programs import main_program
from codeanvil.facts.model import BuildFacts, Target
from codeanvil.facts.text import decode

_LANGUAGES: Mapping[str, str] = MappingProxyType(
    {
        "c": "C", "cpp": "C++", "cs": "C#", "d": "D", "fortran": "Fortran", "java": "Java", "objc": "Objective-C",
        "objcpp": "Objective-C++", "rust": "Rust", "vala": "Vala", "cuda": "CUDA", "cython": "Cython", "swift": "Swift",
        "nasm": "assembly", "masm": "assembly",
    }
)  # fmt: skip
_STANDARD = re.compile(r"(cpp|c)_std=.*?\b(?:gnu|c)(?:\+\+)?(\d\w)\b")
_VERSION = re.compile(r"[<>=!\s]*(\d[\w.]*)")
_INSTALLING = frozenset({"install_data", "install_headers", "install_subdir", "install_man", "install_emptydir"})


def read(path: str, source: bytes) -> BuildFacts:
    """What the `meson.build` at `path` says; `minimum` is the oldest Meson.

    A file without `project()` is a part of one: it has no commands of its own. Never raises: what is not Meson is told
    in `problem`.
    """
    facts = begin("meson", path, source)
    try:
        check_size(source, MAX_SCRIPT_BYTES)
    except UnreadableError as error:
        return unread(facts, "Meson", error)
    script = syntax.parse(decode(source))
    facts = _Reader().read(facts, script)
    return unread(facts, "Meson", script.problem) if script.problem else facts


class _Reader:
    """Gathers facts from the functions of one file."""

    def __init__(self) -> None:
        self.name = self.version = self.minimum = self.standard = ""
        self.is_project = False
        self.languages: dict[str, None] = {}
        self.subfolders: dict[str, None] = {}
        self.installs = False
        self.targets = Targets()
        self._runner = Runner(self._call)

    def read(self, facts: BuildFacts, script: Script) -> BuildFacts:
        self._runner.run(script.statements)
        targets = tuple(self.targets.finish())
        installs = self.installs or self.targets.installs
        return replace(
            facts,
            name=self.name,
            version=self.version,
            minimum=self.minimum,
            standard=self.standard,
            languages=tuple(self.languages),
            targets=targets,
            dependencies=tuple(self.targets.dependencies.values()),
            subfolders=tuple(self.subfolders),
            commands=commands_of(self.name, targets, installs=installs) if self.is_project else (),
            installs=installs,
        )

    def _call(self, call: Call, positional: list[Value], keywords: dict[str, Value]) -> Value:
        match call.name:
            case "project" if call.owner is None:
                self._project(positional, keywords)
            case "add_languages":
                self._languages(positional)
            case "subdir" if positional:
                self._subfolder(text(positional[0]))
            case "files":
                return strings(positional)
            case "set_variable" if len(positional) > 1 and isinstance(positional[0], str):
                self._runner.values.variables[positional[0]] = positional[1]
            case "get_variable" if positional and isinstance(positional[0], str) and call.owner is None:
                return self._runner.values.variables.get(positional[0], *positional[1:2])
            case name if name in _INSTALLING:
                self.installs = True
            case _:
                return self.targets.take(call, positional, keywords)
        return None

    def _project(self, positional: list[Value], keywords: dict[str, Value]) -> None:
        if self.is_project:
            return
        self.is_project = True
        self.name = text(positional[0]) if positional else ""
        self.version = text(keywords.get("version"))
        self._runner.values.project = {
            "project_name": self.name,
            **({"project_version": self.version} if self.version else {}),
            "project_source_root": ".",
            "current_source_dir": ".",
        }
        if match := _VERSION.match(text(keywords.get("meson_version"))):
            self.minimum = match[1]
        self._languages(positional[1:])
        for option in strings([keywords.get("default_options")]):
            if (match := _STANDARD.match(option.replace(" ", ""))) and (not self.standard or match[1] == "cpp"):
                self.standard = f"{'C++' if match[1] == 'cpp' else 'C'}{match[2].upper()}"

    def _languages(self, values: list[Value]) -> None:
        for name in strings(values):
            self.languages[_LANGUAGES.get(name, name)] = None

    def _subfolder(self, folder: str) -> None:
        folder = posixpath.normpath(folder)
        if not folder.startswith(("/", "..")) and folder != ".":
            self.subfolders[folder] = None


def commands_of(project: str, targets: tuple[Target, ...], *, installs: bool) -> tuple[tuple[str, str], ...]:
    """What is typed in the folder of the project called `project`, which makes `targets`."""
    commands = {"configure": f"meson setup {BUILD}", "build": f"meson compile -C {BUILD}"}
    tested = {name for target in targets if target.kind == "test" for name in target.links}
    programs = [target for target in targets if target.kind == "executable"]
    if program := main_program((t for t in programs if t.name not in tested), project) or main_program(programs):
        commands["run"] = program.command
    if any(target.kind == "test" for target in targets):
        commands["test"] = f"meson test -C {BUILD}"
    if installs:
        commands["install"] = f"meson install -C {BUILD}"
    return ordered(commands)
