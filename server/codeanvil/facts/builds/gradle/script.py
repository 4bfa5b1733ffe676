"""Build facts of Gradle's scripts: `build.gradle`, `settings.gradle`, others that they apply; each also in Kotlin."""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

from codeanvil.facts.builds.documents import MAX_SCRIPT_BYTES, UnreadableError, begin, check_size, ordered, unread
from codeanvil.facts.builds.gradle import syntax
from codeanvil.facts.builds.gradle.dependencies import Asked
from codeanvil.facts.builds.gradle.plugins import kind_of, language_of, runner_of
from codeanvil.facts.builds.gradle.syntax import Call, Statement, Text, Value
from codeanvil.facts.builds.gradle.tasks import Tasks
from codeanvil.facts.builds.gradle.values import assigned, plain, string
from codeanvil.facts.model import BuildFacts, Option, Target
from codeanvil.facts.text import decode

GRADLE = "gradle"
"""The program in commands; where the wrapper is there, it takes its place."""

_JAVA_VERSION = re.compile(r"(?:VERSION_|JVM_)?(?:1[._])?(\d+)\Z")
PROJECT = "project in "
"""Before the folder of a project, the name of the value that holds its path where the folder does not tell it."""

_ROOT = re.compile(r"\A\$\{?(?:rootDir|rootProject\.projectDir|settingsDir|projectDir)\}?/?")
_JAVA_NAMES = {
    "languageVersion": "toolchain", "jvmToolchain": "toolchain", "sourceCompatibility": "sources", "release": "sources",
    "jvmTarget": "sources",
}  # fmt: skip
_NAMING = frozenset({"create", "getByName", "named", "maybeCreate", "register"})
_DEPENDENCY_BLOCKS = frozenset({"constraints", "if", "else", "imports"})
_SETTINGS = re.compile(r"settings\.gradle(?:\.kts)?\Z")
_BUILD = re.compile(r"build\.gradle(?:\.kts)?\Z")
_SOURCE_SET = re.compile(r"(?:common|jvm|js|native|android|ios|linux|macos|wasm\w*)?(?:Main|Test)\Z|main\Z|test\Z")


def read(path: str, source: bytes) -> BuildFacts:
    """What the script at `path` says: one called `build.gradle` has commands, others are parts.

    Names of dependencies that stand in other files (`libs.okhttp`) stay as written: `combine` resolves them. Never
    raises: what is no script is told in `problem`.
    """
    facts = begin("gradle", path, source)
    try:
        check_size(source, MAX_SCRIPT_BYTES)
    except UnreadableError as error:
        return unread(facts, "Gradle", error)
    script = syntax.parse(decode(source))
    reader = _Reader()
    reader.walk(script.statements, ())
    facts = reader.finish(facts)
    return unread(facts, "Gradle", script.problem) if script.problem else facts


class _Reader:
    """Gathers facts from the statements of one script."""

    def __init__(self) -> None:
        self.asked = Asked()
        self.tasks = Tasks()
        self.values: dict[str, str] = {}
        self.exported: dict[str, str] = {}
        self.options: dict[str, Option] = {}
        self.includes: dict[str, None] = {}
        self.folders: dict[str, str] = {}
        self.main_class = self.name = self.version = ""
        self.java: dict[str, str] = {}

    def walk(self, statements: list[Statement], inside: tuple[str, ...]) -> None:
        """Note what statements say; `inside` are the names of the blocks around them."""
        for statement in statements:
            place = inside[-1] if inside else ""
            if statement.assigns or statement.target.infix.get("by") or statement.target.name == "set":
                self._assignment(statement, inside)
            if place == "plugins" and "versionCatalogs" not in inside:
                self.asked.plugin(statement, self.values)
            elif place == "dependencies" or (place in _DEPENDENCY_BLOCKS and "dependencies" in inside):
                scope = next((name for name in reversed(inside) if _SOURCE_SET.match(name)), "")
                if self.asked.need(statement, self.values, scope):
                    continue
            else:
                self._call(statement, inside)
            self._descend(statement, inside)

    def finish(self, facts: BuildFacts) -> BuildFacts:
        """`facts` with all that was noted."""
        file = posixpath.basename(facts.file)
        is_build = bool(_BUILD.match(file))
        is_settings = bool(_SETTINGS.match(file))
        targets = [*self._own_target(facts), *self.tasks.targets()] if not is_settings else []
        plugins = self.asked.plugins
        return replace(
            facts,
            name=self.name,
            version=self.version if "$" not in self.version else "",
            standard=f"Java {number}" if (number := self.java.get("toolchain") or self.java.get("sources")) else "",
            languages=tuple(dict.fromkeys(filter(None, map(language_of, plugins)))),
            targets=tuple(targets),
            options=tuple(self.options.values()),
            dependencies=tuple(self.asked.dependencies.values()),
            subfolders=tuple(dict.fromkeys(self.folders.values())),
            commands=commands_of(plugins) if is_build else (),
            installs=is_build and bool({"application", "maven-publish", "com.android.application"} & set(plugins)),
            includes=tuple(self.includes),
            values=tuple(self.exported.items()),
        )

    def _own_target(self, facts: BuildFacts) -> Iterator[Target]:
        """What the project itself is: a program or a library."""
        for plugin, line in self.asked.plugins.items():
            if kind := kind_of(plugin):
                best = self._best_kind(kind)
                name = posixpath.basename(facts.folder) or best
                links = tuple(path.rpartition(":")[2] or path for path in self.asked.projects)
                command = f"{GRADLE} {runner_of(self.asked.plugins)}" if best == "executable" else f"{GRADLE} assemble"
                doc = f"It starts in {self.main_class}." if self.main_class and best == "executable" else ""
                yield Target(name, best, line, (), links, command, doc)
                return

    def _best_kind(self, kind: Literal["executable", "library"]) -> Literal["executable", "library"]:
        return "executable" if any(kind_of(p) == "executable" for p in self.asked.plugins) else kind

    def _assignment(self, statement: Statement, inside: tuple[str, ...]) -> None:
        target = statement.target
        found = assigned(statement, self.values)
        self.values |= found
        place = inside[-1] if inside else ""
        path = target.path
        if place in {"ext", "extra"} or _is_extra(target) or (not inside and "." in path and not statement.declares):
            self.exported |= found
        if target.name == "projectDir" and target.owner is not None and target.owner.arguments:
            self._place(string(target.owner.arguments[0], self.values), statement.value)
        value = string(statement.value, self.values)
        match plain(path):
            case "name" | "rootProject.name" if path.startswith("rootProject."):
                self.name = value
            case "version" if place in {"", "allprojects", "subprojects"}:
                self.version = self.version or value
            case "mainClass" | "mainClassName" | "application.mainClass" | "application.mainClassName":
                self.main_class = self.main_class or value
            case _:
                self._java_version(path, statement.value)
        if isinstance(statement.value, Call):
            self._properties(statement.value)

    def _place(self, path: str, value: Value) -> None:
        """`project(":x").projectDir = file("dir")`: the project lies elsewhere than its path says."""
        words = [value, *(value.arguments if isinstance(value, Call) else ())]
        texts = [word for word in words if isinstance(word, Text)]
        folder = posixpath.normpath(_ROOT.sub("", string(texts[-1], self.values))) if texts else ""
        if folder and path in self.folders and "$" not in folder and not folder.startswith(("/", "..")):
            self.folders[path] = folder
            self.exported[f"{PROJECT}{folder}"] = path

    def _java_version(self, path: str, value: Value) -> None:
        name = path.removesuffix(".set").rpartition(".")[2]
        if name not in _JAVA_NAMES:
            return
        text = string(value, self.values)
        if isinstance(value, Call):  # as in JavaLanguageVersion.of(17), JavaVersion.VERSION_17
            of = value.arguments[0] if value.name == "of" and value.arguments else value
            text = string(of, self.values) or (of.name if isinstance(of, Call) else "")
        elif name == "languageVersion":
            return  # of Kotlin itself
        if match := _JAVA_VERSION.match(text):
            self.java.setdefault(_JAVA_NAMES[name], match[1])

    def _call(self, statement: Statement, inside: tuple[str, ...]) -> None:
        target = statement.target
        argument = target.arguments[0] if target.arguments else None
        match target.path:
            case "apply":
                if plugin := string(target.named.get("plugin"), self.values):
                    self.asked.apply(plugin, "", target.line)
                if script := string(target.named.get("from"), self.values):
                    self._include(script)
            case "include" | "includeFlat" if not inside or inside[-1] in {"if", "else"}:
                for each in target.arguments:
                    if path := string(each, self.values):
                        self.folders[path] = path.strip(":").replace(":", "/")
            case "includeBuild":
                if folder := string(argument, self.values):
                    self.folders[folder] = posixpath.normpath(folder)
            case "version" if not inside and argument is not None:
                self.version = self.version or string(argument, self.values)
            case "mainClass.set" | "application.mainClass.set":
                self.main_class = self.main_class or string(argument, self.values)
            case path if argument is not None:
                self._java_version(path, argument)
        self.tasks.take(statement, inside, self.values)
        self._catalogue(target, inside)
        self._properties(target)

    def _catalogue(self, target: Call, inside: tuple[str, ...]) -> None:
        """`versionCatalogs { create("libs") { library("x", "a:b:1") } }` in settings."""
        if "versionCatalogs" not in inside or not target.arguments:
            return
        catalogue = inside[-1] if inside[-1] not in {"create", "versionCatalogs"} else "libs"
        words = [string(argument, self.values) for argument in target.arguments]
        name = re.sub(r"[-_]", ".", words[0])
        if target.name == "library" and len(words) == 2 and ":" in words[1]:
            self.exported[f"{catalogue}.{name}"] = words[1]
        elif target.name == "library" and len(words) == 3:
            self.exported[f"{catalogue}.{name}"] = f"{words[1]}:{words[2]}"
        elif target.name == "version" and len(words) == 2:
            self.exported[f"{catalogue}.versions.{name}"] = words[1]

    def _include(self, script: str) -> None:
        path = _ROOT.sub("", script)
        if path and "$" not in path and "://" not in path:
            self.includes[posixpath.normpath(path)] = None

    def _properties(self, call: Call) -> None:
        """`findProperty("x")`: what one can set with `-Px=value`."""
        current: Call | None = call
        while current is not None:
            if current.name in {"findProperty", "hasProperty", "gradleProperty"} and current.arguments:
                name = string(current.arguments[0], {})
                if name and "." not in name:
                    self.options.setdefault(name, Option(name, "", current.line))
            for argument in current.arguments:
                if isinstance(argument, Call):
                    self._properties(argument)
            current = current.owner

    def _descend(self, statement: Statement, inside: tuple[str, ...]) -> None:
        """Go into the blocks of a statement."""
        named = [(statement.target.name, value) for value in statement.target.infix.values()]
        pending: list[tuple[str, Value]] = [("", statement.target), ("", statement.value), *named]
        while pending:
            name, call = pending.pop(0)
            if isinstance(call, Call):
                if call.block is not None:
                    self.walk(call.block, (*inside, name or _name_of_block(call)))
                pending += [("", argument) for argument in call.arguments]
                pending.append(("", call.owner))


def _is_extra(target: Call) -> bool:
    """Whether other scripts see what is assigned: `ext.x = `, `extra["x"] = `, `val x by extra()`."""
    by = target.infix.get("by")
    names = target.path.split(".")
    return bool({"ext", "extra"} & set(names[:-1])) or (isinstance(by, Call) and by.name == "extra")


def _name_of_block(call: Call) -> str:
    """`create("libs") { }` and `named("commonTest") { }` are called by what they name."""
    named = string(call.arguments[0], {}) if call.name in _NAMING and call.arguments else ""
    return named or call.name


def commands_of(plugins: dict[str, int]) -> tuple[tuple[str, str], ...]:
    """What is typed in the folder of a project with these plugins."""
    commands = {"build": f"{GRADLE} build"}
    if any(map(kind_of, plugins)):
        commands["test"] = f"{GRADLE} test"
    if runner := runner_of(plugins):
        commands["run"] = f"{GRADLE} {runner}"
    if "com.android.application" in plugins:
        commands["install"] = f"{GRADLE} installDebug"
    elif "application" in plugins:
        commands["install"] = f"{GRADLE} installDist"
    elif "maven-publish" in plugins:
        commands["install"] = f"{GRADLE} publishToMavenLocal"
    return ordered(commands)
