"""Maven's files together: what projects take from their parents, and what those that gather modules can start."""

import posixpath
import re
from dataclasses import dataclass, field, replace
from itertools import filterfalse

from codeanvil.facts.builds.documents import MANAGED_GROUP
from codeanvil.facts.builds.known import Known
from codeanvil.facts.builds.maven.goals import commands
from codeanvil.facts.builds.maven.pom import (
    ARTIFACT,
    GROUP,
    IMPORT,
    JAVA_PROPERTIES,
    PARENT,
    PARENT_PATH,
    SCOPE,
    VERSION,
    WRITTEN,
    with_java,
)
from codeanvil.facts.builds.properties import interpolated, is_known
from codeanvil.facts.model import BuildFacts, Dependency

MAX_ANCESTORS = 20
"""Parents above one another that are followed."""

_ASIDE = re.compile(r"test|example|sample|demo|bench", re.IGNORECASE)
"""Modules that nobody means who asks how to run the project."""

_OWN = (GROUP, ARTIFACT, VERSION, PARENT, PARENT_PATH)


@dataclass(slots=True)
class _Effective:
    """What holds in a project: its properties, the versions and scopes that it manages, by name, and its Java."""

    values: dict[str, str] = field(default_factory=dict)
    managed: dict[str, str] = field(default_factory=dict)
    scopes: dict[str, str] = field(default_factory=dict)
    java: str = ""


def join(known: Known) -> None:
    """A project takes properties, versions and the Java that it is for from the parents that are in the workspace."""
    _Projects(known).join()


class _Projects:
    """The Maven projects of a workspace."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self.by_name: dict[str, BuildFacts] = {}
        for build in known.of("maven"):
            values = dict(build.values)
            self.by_name.setdefault(f"{values.get(GROUP, '')}:{values.get(ARTIFACT, '')}", build)
        self._effective: dict[str, _Effective] = {}
        self._importing = 0

    def join(self) -> None:
        for build in self.known.of("maven"):
            self.known.put(self._whole(build))
        for build in self.known.of("maven"):
            if build.subfolders and (runs := self._running(build)):
                self.known.put(replace(build, commands=commands(build, runs)))

    def _parent(self, build: BuildFacts) -> BuildFacts | None:
        values = dict(build.values)
        name = values.get(PARENT, "")
        if not name:
            return None
        if path := values.get(PARENT_PATH, ""):
            found = self.known.at(build.folder, path) or self.known.at(build.folder, posixpath.join(path, "pom.xml"))
            if found and dict(found.values).get(ARTIFACT) == name.rpartition(":")[2]:
                return found
        return self.by_name.get(name)

    def _effect(self, build: BuildFacts) -> _Effective:
        """What holds in a project, worked out for its outermost parent first."""
        lineage = [build]
        while len(lineage) < MAX_ANCESTORS and (parent := self._parent(lineage[-1])) and parent not in lineage:
            lineage.append(parent)
        above = _Effective()
        for each in reversed(lineage):
            if each.file not in self._effective:
                effect = _Effective(dict(above.values), dict(above.managed), dict(above.scopes), above.java)
                self._effective[each.file] = effect  # beforehand, since an import may come round to it
                self._extend(effect, each)
            above = self._effective[each.file]
        return above

    def _extend(self, effect: _Effective, build: BuildFacts) -> None:
        """Add to what a project has from its parent what it says itself."""
        own = dict(build.values)
        effect.values |= {key: value for key, value in own.items() if key not in _OWN and " " not in key}
        effect.values |= _coordinates(own)
        effect.scopes |= {key.removeprefix(SCOPE): scope for key, scope in own.items() if key.startswith(SCOPE)}
        java = (interpolated(effect.values.get(name, ""), effect.values) for name in JAVA_PROPERTIES)
        effect.java = build.minimum or next(filter(is_known, java), effect.java)
        for item in build.dependencies:
            if item.group == MANAGED_GROUP:
                self._manage(effect, item, own.get(f"{WRITTEN}{item.name}", item.version))

    def _manage(self, effect: _Effective, item: Dependency, version: str) -> None:
        name = interpolated(item.name, effect.values)
        if IMPORT not in item.components:
            if version:
                effect.managed[name] = version
        elif (other := self.by_name.get(name)) and self._importing < MAX_ANCESTORS:
            self._importing += 1
            imported = self._effect(other)
            self._importing -= 1
            for key, theirs in imported.managed.items():
                effect.managed.setdefault(key, interpolated(theirs, imported.values))

    def _whole(self, build: BuildFacts) -> BuildFacts:
        effect = self._effect(build)
        values, parent = effect.values, self._parent(build)
        build = build if build.minimum else with_java(build, effect.java)
        version = interpolated(dict(build.values).get(VERSION, ""), values)
        return replace(
            build,
            name=interpolated(build.name, values),
            version=version if is_known(version) else "",
            options=tuple(replace(each, default=interpolated(each.default, values)) for each in build.options),
            dependencies=tuple(
                self._versioned(item, effect) for item in build.dependencies if item.group != PARENT or parent is None
            ),
            subfolders=tuple(interpolated(each, values) for each in build.subfolders),
        )

    def _versioned(self, item: Dependency, effect: _Effective) -> Dependency:
        name = interpolated(item.name, effect.values)
        version = interpolated(item.version or effect.managed.get(name, ""), effect.values)
        return replace(item, name=name, version=version, group=item.group or effect.scopes.get(name, ""))

    def _running(self, build: BuildFacts) -> str:
        """How to start the program of a module from the folder of `build`."""
        for folder in filterfalse(_ASIDE.search, build.subfolders):
            module = self.known.at(build.folder, posixpath.join(folder, "pom.xml")) or self.known.at(
                build.folder, folder
            )
            for target in module.targets if module else ():
                if target.command:
                    return target.command.replace("mvn ", f"mvn -pl {folder} ", 1)
        return ""


def _coordinates(own: dict[str, str]) -> dict[str, str]:
    """A project's own coordinates, by all the names that properties have for them."""
    found: dict[str, str] = {}
    for key in (GROUP, ARTIFACT, VERSION):
        short = key.removeprefix("project.")
        found |= dict.fromkeys((key, f"pom.{short}", short), own.get(key, ""))
    group, _, artifact = own.get(PARENT, "").partition(":")
    return found | {"project.parent.groupId": group, "project.parent.artifactId": artifact}
