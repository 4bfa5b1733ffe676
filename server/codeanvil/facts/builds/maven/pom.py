"""Build facts of one `pom.xml`; what it takes from its parents, `inheritance` adds."""

from collections.abc import Iterator
from dataclasses import replace

from codeanvil.facts.builds.documents import BUILD_GROUP, MANAGED_GROUP, UnreadableError, begin, unread
from codeanvil.facts.builds.maven.goals import commands, languages_of, with_program
from codeanvil.facts.builds.properties import interpolated, is_known
from codeanvil.facts.builds.xml_document import Node, parse
from codeanvil.facts.model import BuildFacts, Dependency, Option, Target, TargetKind
from codeanvil.facts.text import fold

GROUP, ARTIFACT, VERSION = "project.groupId", "project.artifactId", "project.version"
PARENT, PARENT_PATH = "parent", "parent path"
"""Keys of `BuildFacts.values`: the parent's "group:artifact", and where its file should lie ('' for nowhere).

The first is also the group of the dependency that the parent is.
"""

SCOPE = "scope "
"""Begins the key of `BuildFacts.values` for the scope that a managed dependency gives to those that ask for it."""

WRITTEN = "written "
"""Begins the key for a managed version as it is written, where it holds properties: children may set these anew."""

IMPORT = "import"
"""Component of a managed dependency that stands for all that another project manages."""

JAVA_PROPERTIES = ("maven.compiler.release", "maven.compiler.target", "maven.compiler.source", "java.version")
"""Properties that say for which Java the code is, the most telling first."""

_PLUGINS = "org.apache.maven.plugins"
_COMPILER = "maven-compiler-plugin"
_ENFORCER = ("requireJavaVersion", "version")
_MAIN_CLASSES = (
    ("mainClass",),
    ("archive", "manifest", "mainClass"),
    ("transformers", "transformer", "mainClass"),
)
_NO_SWITCHES = (".version", "Version", "ncoding", ".url", ".timestamp")


def read(path: str, source: bytes) -> BuildFacts:
    """What the `pom.xml` at `path` says. `minimum` is the oldest Java. Never raises.

    Dependencies are called "group:artifact"; their scope is the group, "managed" for those of `dependencyManagement`,
    "build" for plugins, "parent" for the project that this one takes settings from. Options are profiles, and
    properties but those that hold a version. Properties that only a parent knows stay as written, `${so}`.
    """
    facts = begin("maven", path, source)
    try:
        root = parse(source)
    except UnreadableError as error:
        return unread(facts, "XML", error)
    return _Pom(root).facts(facts) if root.tag == "project" else facts


def with_java(facts: BuildFacts, java: str) -> BuildFacts:
    """The facts with the Java that code is for, "1.8" told as "8"; unchanged where that is not known."""
    if not is_known(java):
        return facts
    java = java.removeprefix("1.")
    return replace(facts, minimum=java, standard=f"Java {java}")


class _Pom:
    """One project's element and its properties."""

    def __init__(self, project: Node) -> None:
        self.project = project
        self.values = {each.tag: fold(each.text) for each in project.all("properties") for each in each.children}
        for key, tag in ((GROUP, "groupId"), (VERSION, "version")):
            self.values[key] = fold(project.say(tag) or project.say("parent", tag))
        self.values["project.parent.version"] = fold(project.say("parent", "version"))
        self.values[ARTIFACT] = fold(project.say("artifactId"))

    def facts(self, facts: BuildFacts) -> BuildFacts:
        """`facts` with all that the file says."""
        plugins = tuple(self._plugins("build", "plugins", group=BUILD_GROUP))
        version = self._text(self.values[VERSION])
        facts = replace(
            facts,
            name=self._say(self.project, "artifactId"),
            version=version if is_known(version) else "",
            languages=languages_of(plugin.name for plugin in plugins),
            targets=tuple(self._targets()),
            options=tuple(self._options()),
            dependencies=tuple(item for item in (*self._above(), *self._dependencies(), *plugins) if item.name),
            subfolders=tuple(dict.fromkeys(self._modules())),
            values=(*self.values.items(), *self._parent(), *self._managed()),
        )
        facts = with_java(facts, next(filter(is_known, self._javas()), ""))
        facts = with_program(facts, plugins, self._main_class())
        return replace(facts, commands=commands(facts))

    def _text(self, written: str) -> str:
        return interpolated(written, self.values)

    def _say(self, node: Node, *below: str) -> str:
        return self._text(fold(node.say(*below)))

    def _name(self, node: Node, group: str = "") -> str:
        return f"{self._say(node, 'groupId') or group}:{self._say(node, 'artifactId')}".removeprefix(":")

    def _parent(self) -> Iterator[tuple[str, str]]:
        parent = self.project.first("parent")
        if parent is not None:
            given = parent.first("relativePath")
            yield PARENT, self._name(parent)
            yield PARENT_PATH, "../pom.xml" if given is None else given.text.strip()

    def _above(self) -> Iterator[Dependency]:
        """The parent is asked for as well; `inheritance` takes those away that are in the workspace."""
        for parent in self.project.all("parent"):
            yield Dependency(self._name(parent), self._say(parent, "version"), parent.line, PARENT)

    def _targets(self) -> Iterator[Target]:
        """What the project is packaged as; one that only gathers modules makes nothing."""
        artifact = self.project.first("artifactId")
        packaging = self._say(self.project, "packaging")
        if artifact is not None and packaging != "pom" and artifact.text.strip():
            kind: TargetKind = "executable" if packaging in {"war", "ear"} else "library"
            yield Target(self._say(self.project, "artifactId"), kind, artifact.line)

    def _options(self) -> Iterator[Option]:
        for profile in self.project.all("profiles", "profile"):
            if name := self._say(profile, "id"):
                on = profile.say("activation", "activeByDefault") == "true"
                yield Option(name, "on" if on else "off", profile.line, f"A profile: -P {name} turns it on.")
        for properties in self.project.all("properties"):
            for each in properties.children:
                if not each.tag.endswith(_NO_SWITCHES) and each.tag not in JAVA_PROPERTIES:
                    yield Option(each.tag, self._text(fold(each.text)), each.line, f"A property: -D{each.tag}=VALUE.")

    def _modules(self) -> Iterator[str]:
        for path in (
            ("modules", "module"),
            ("profiles", "profile", "modules", "module"),
            ("subprojects", "subproject"),
        ):
            for module in self.project.all(*path):
                if folder := self._text(module.text.strip()).rstrip("/"):
                    yield folder

    def _dependencies(self) -> Iterator[Dependency]:
        for dependency in self._each_dependency("dependencies", "dependency"):
            scope = "optional" if dependency.say("optional") == "true" else self._say(dependency, "scope")
            yield self._dependency(dependency, "" if scope == "compile" else scope)
        for dependency in self._each_dependency("dependencyManagement", "dependencies", "dependency"):
            yield self._dependency(dependency, MANAGED_GROUP)
        yield from self._plugins("build", "pluginManagement", "plugins", group=MANAGED_GROUP)

    def _each_dependency(self, *path: str) -> Iterator[Node]:
        yield from self.project.all(*path)
        yield from self.project.all("profiles", "profile", *path)

    def _dependency(self, node: Node, group: str) -> Dependency:
        kind = IMPORT if node.say("scope") == IMPORT else self._say(node, "classifier")
        return Dependency(self._name(node), self._say(node, "version"), node.line, group, (kind,) if kind else ())

    def _plugins(self, *path: str, group: str) -> Iterator[Dependency]:
        for plugin in (*self.project.all(*path, "plugin"), *self.project.all("profiles", "profile", *path, "plugin")):
            if plugin.say("artifactId"):
                yield Dependency(self._name(plugin, _PLUGINS), self._say(plugin, "version"), plugin.line, group)

    def _managed(self) -> Iterator[tuple[str, str]]:
        for dependency in self._each_dependency("dependencyManagement", "dependencies", "dependency"):
            name, scope, version = self._name(dependency), dependency.say("scope"), fold(dependency.say("version"))
            if scope not in {"", "compile", IMPORT}:
                yield f"{SCOPE}{name}", scope
            if "${" in version:
                yield f"{WRITTEN}{name}", version

    def _javas(self) -> Iterator[str]:
        """For which Java the code is, by what says it: properties, the compiler's settings, what is enforced."""
        for name in JAVA_PROPERTIES:
            yield self._text(self.values.get(name, ""))
        for path in (("build", "plugins", "plugin"), ("build", "pluginManagement", "plugins", "plugin")):
            for plugin in self.project.all(*path):
                if plugin.say("artifactId") == _COMPILER:
                    for key in ("release", "target", "source"):
                        yield self._say(plugin, "configuration", key)
        for rule in self.project.all("build", "plugins", "plugin", "executions", "execution", "configuration", "rules"):
            yield self._say(rule, *_ENFORCER).strip("[]() ,")

    def _main_class(self) -> str:
        """The class that a plugin is told to start."""
        for plugin in self.project.all("build", "plugins", "plugin"):
            for configuration in (
                *plugin.all("configuration"),
                *plugin.all("executions", "execution", "configuration"),
            ):
                for path in _MAIN_CLASSES:
                    if name := self._say(configuration, *path):
                        return name
        return ""
