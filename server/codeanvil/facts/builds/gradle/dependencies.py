"""What the scripts of Gradle ask for from outside: coordinates, entries of catalogues, other projects, plugins."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from codeanvil.facts.builds.documents import BUILD_GROUP
from codeanvil.facts.builds.gradle.syntax import Call, Items, Statement, Text, Value
from codeanvil.facts.builds.gradle.values import filled, plain, string
from codeanvil.facts.model import Dependency

_MAIN = frozenset(
    {
        "implementation", "api", "compile", "runtime", "compileOnly", "runtimeOnly", "compileOnlyApi",
        "providedCompile", "providedRuntime", "provided", "compileClasspath", "runtimeClasspath", "include", "shadow",
        "modImplementation",
    }
)  # fmt: skip
_TOOLS = frozenset(
    {"classpath", "annotationProcessor", "kapt", "ksp", "errorprone", "checkstyle", "detektPlugins",
     "kotlinCompilerPluginClasspath"}
)  # fmt: skip
_WRAPPERS = frozenset(
    {
        "platform",
        "enforcedPlatform",
        "testFixtures",
        "create",
        "variantOf",
        "dependency",
        "npm",
        "devNpm",
    }
)
_NO_DEPENDENCY = frozenset(
    {
        "files",
        "fileTree",
        "gradleApi",
        "localGroovy",
        "gradleTestKit",
        "gradleKotlinDsl",
        "embeddedKotlin",
        "configurations",
        "sourceSets",
    }
)
_CONTROL = frozenset(
    {"constraints", "modules", "components", "if", "else", "for", "with", "apply", "imports", "dependencies", ""}
)

KOTLIN = "org.jetbrains.kotlin"


@dataclass(slots=True)
class Asked:
    """What a script asks for: dependencies by name and group, the projects beside it, and plugins with their lines."""

    dependencies: dict[tuple[str, str], Dependency] = field(default_factory=dict)
    projects: dict[str, None] = field(default_factory=dict)
    plugins: dict[str, int] = field(default_factory=dict)

    def need(self, statement: Statement, values: Mapping[str, str], scope: str) -> bool:
        """Note a line of the `dependencies` of the source set `scope`; False for one that asks for nothing itself."""
        target = statement.target
        configuration = target.name
        arguments = list(target.arguments)
        if configuration in _CONTROL or (target.owner is None and not (arguments or target.named)):
            return False
        if configuration == "add" and arguments:
            configuration = string(arguments.pop(0), values)
        group = _group(scope if configuration in _MAIN and scope else configuration)
        line = target.line
        if target.named and not arguments:
            self._add(_named(target.named, values, line, group))
        for argument in arguments:
            self._argument(argument, values, line, group)
        return True

    def plugin(self, statement: Statement, values: Mapping[str, str]) -> None:
        """Note a line of a `plugins` block."""
        call = statement.target
        version = string(call.infix.get("version"), values)
        while call.owner is not None:  # id("x").version("1").apply(false)
            if call.name == "version" and call.arguments:
                version = string(call.arguments[0], values)
            call = call.owner
        argument = call.arguments[0] if call.arguments else None
        if call.name == "id":
            name = string(argument, values)
        elif call.name == "kotlin":
            name = f"{KOTLIN}.{string(argument, values)}"
        elif call.name == "alias" and isinstance(argument, Call):
            name = plain(argument.path)
        else:
            name = "" if call.called else call.name
        if name:
            self.apply(name, version, call.line)

    def apply(self, name: str, version: str, line: int) -> None:
        """Note a plugin; those of Gradle itself, whose names have no dots, are no dependencies."""
        self.plugins.setdefault(name, line)
        if "." in name:
            self._add(Dependency(name, version, line, BUILD_GROUP))

    def _argument(self, argument: Value, values: Mapping[str, str], line: int, group: str) -> None:
        match argument:
            case Text():
                self._add(_coordinates(string(argument, values), line, group))
            case Items(items, named):
                if named:
                    self._add(_named(named, values, line, group))
                for item in items:
                    self._argument(item, values, line, group)
            case Call(name="project", arguments=arguments, named=named):
                path = string(named.get("path"), values) or (string(arguments[0], values) if arguments else "")
                if path:
                    self.projects[path] = None
            case Call(name="kotlin", arguments=[Text() as module, *rest]):
                version = string(rest[0], values) if rest else ""
                self._add(Dependency(f"{KOTLIN}:kotlin-{string(module, values)}", version, line, group))
            case Call(name=name, arguments=[_, *_] as arguments) if name in _WRAPPERS:
                if name in {"npm", "devNpm"}:
                    version = string(arguments[1], values) if len(arguments) > 1 else ""
                    self._add(Dependency(string(arguments[0], values), version, line, group))
                else:
                    self._argument(arguments[0], values, line, group)
            case Call():
                self._reference(argument, values, line, group)

    def _reference(self, call: Call, values: Mapping[str, str], line: int, group: str) -> None:
        first = call
        while first.owner is not None:
            first = first.owner
        path = plain(call.path)
        if first.name == "projects":
            self.projects[":" + ":".join(path.split(".")[1:])] = None
        elif path in values:
            self._add(_coordinates(values[path], line, group))
        elif "." in path and first.name not in _NO_DEPENDENCY and not (call.called and call.arguments):
            self._add(Dependency(path, "", line, group))

    def _add(self, dependency: Dependency | None) -> None:
        if dependency is not None and dependency.name:
            key = (dependency.name, dependency.group)
            if key not in self.dependencies or (dependency.version and not self.dependencies[key].version):
                self.dependencies[key] = dependency


def _group(configuration: str) -> str:
    """`testImplementation` as test: what a dependency is for."""
    if configuration in _MAIN:
        return ""
    if configuration in _TOOLS:
        return BUILD_GROUP
    lower = configuration.lower()
    if "test" in lower:
        return "test"
    for ending in ("Implementation", "Api", "CompileOnly", "RuntimeOnly", "Compile", "Runtime", "Main"):
        if configuration.endswith(ending):
            purpose = configuration.removesuffix(ending)
            return "" if purpose in {"common", "jvm", "main"} else purpose
    return configuration


def _coordinates(text: str, line: int, group: str) -> Dependency | None:
    """`group:name:version:classifier@type` as a dependency; None for what is none."""
    parts = text.partition("@")[0].strip().split(":")
    if len(parts) < 2 or not parts[1] or any(" " in part for part in parts[:2]):
        return None
    return Dependency(f"{parts[0]}:{parts[1]}", parts[2].strip() if len(parts) > 2 else "", line, group)


def _named(named: Mapping[str, Value], values: Mapping[str, str], line: int, group: str) -> Dependency | None:
    if not named.get("name"):
        return None
    owner, name = string(named.get("group"), values), string(named.get("name"), values)
    return Dependency(f"{owner}:{name}" if owner else name, string(named.get("version"), values), line, group)


def resolved(dependency: Dependency, values: Mapping[str, str]) -> Iterator[Dependency]:
    """What a dependency is once the values of other files are known: several where it is a bundle."""
    line, group = dependency.line, dependency.group
    found = values.get(dependency.name)
    if found is None:
        version = filled(dependency.version, values)
        yield replace(dependency, name=filled(dependency.name, values), version=version if "$" not in version else "")
    elif group == BUILD_GROUP and ":" not in found:  # a plugin: id@version
        name, _, version = found.partition("@")
        yield Dependency(name, dependency.version or version, line, group)
    else:
        yield from filter(None, (_coordinates(each, line, group) for each in found.split()))
