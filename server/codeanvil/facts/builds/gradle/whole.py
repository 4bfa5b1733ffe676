"""A Gradle build: its settings, its projects, and what they share."""

import posixpath
from collections.abc import Iterator
from dataclasses import replace

from codeanvil.facts.builds.documents import ordered
from codeanvil.facts.builds.gradle.dependencies import resolved
from codeanvil.facts.builds.gradle.script import GRADLE, PROJECT
from codeanvil.facts.builds.known import Known
from codeanvil.facts.model import BuildFacts, Dependency, Target

_SETTINGS = ("settings.gradle.kts", "settings.gradle")
_BUILDS = ("build.gradle.kts", "build.gradle")


def join(known: Known) -> None:
    """Put names of catalogues, properties and other scripts in place; the root project has the commands of them all.

    With a wrapper the commands call it, and the version that it brings is the build's.
    """
    gradle = known.of("gradle")
    roots = {build.folder for build in gradle if posixpath.basename(build.file) in _SETTINGS}
    projects = {folder: _projects(folder, known) for folder in sorted(roots)}
    inside = {build.file for builds in projects.values() for build in builds.values()}
    lone = {
        b.folder
        for b in gradle
        if posixpath.basename(b.file) in _BUILDS and b.file not in inside and b.folder not in roots
    }
    for folder in sorted(lone):
        projects[folder] = _projects(folder, known)
    for folder, builds in projects.items():
        _Whole(folder, builds, known).put()
        above, _, name = folder.rpartition("/")
        if name == "buildSrc" and above in projects:  # Gradle builds it itself before all else
            for build in builds.values():
                known.put(replace(known.builds[build.file], commands=()))


def _projects(root: str, known: Known) -> dict[str, BuildFacts]:
    """The build files of a build by the path of their project, the root's own under ''."""
    found: dict[str, BuildFacts] = {}
    settings = next(filter(None, (known.at(root, name) for name in _SETTINGS)), None)
    for folder in ("", *(settings.subfolders if settings else ())):
        place = posixpath.join(root, folder)
        own = posixpath.basename(folder)
        names = (*_BUILDS, *((f"{own}.gradle.kts", f"{own}.gradle") if own else ()))
        if build := next(filter(None, (known.at(place, name) for name in names)), None):
            found[folder] = build
    return found


def _is_test(path: str) -> bool:
    return "/src/test/" in f"/{path}"


class _Whole:
    """One build while it is put together."""

    def __init__(self, root: str, builds: dict[str, BuildFacts], known: Known) -> None:
        self.root, self.builds, self.known = root, builds, known
        self.settings = next(filter(None, (known.at(root, name) for name in _SETTINGS)), None)
        self.wrapper = known.at(root, "gradle/wrapper/gradle-wrapper.properties")
        self.scripts = list(self._scripts())
        self.catalogues = [
            b for b in known.of("gradle") if b.file.endswith(".versions.toml") and self._is_mine(b.folder)
        ]
        self.values: dict[str, str] = {}
        for build in filter(
            None, (*self.catalogues, known.at(root, "gradle.properties"), self.settings, *self.scripts, builds.get(""))
        ):
            self.values |= dict(build.values)

    def put(self) -> None:
        """Put what the files learn into what is known."""
        name = (self.settings.name if self.settings else "") or self.root.rpartition("/")[2]
        for folder, build in self.builds.items():
            properties = self.known.at(build.folder, "gradle.properties")
            values = {**self.values, **(dict(properties.values) if properties else {}), **dict(build.values)}
            made = self._resolved(build, values)
            up = posixpath.relpath(self.root or ".", build.folder or ".")
            targets = tuple(self._placed(target, up, name if not folder else "") for target in made.targets)
            self.known.put(replace(made, targets=targets, commands=() if folder else made.commands))
        for script in self.scripts:
            self.known.put(self._resolved(script, self.values))
        root = self.builds.get("") or self.settings
        if root is not None:
            root = self.known.builds[root.file]
            standards = [build.standard for build in self.builds.values() if build.standard]
            self.known.put(
                replace(
                    root,
                    name=name,
                    standard=root.standard or "".join(standards[:1]),
                    minimum=self.wrapper.minimum if self.wrapper else root.minimum,
                    commands=self._commands(),
                    installs=any(build.installs for build in self.builds.values()),
                )
            )
        if self.wrapper is not None and root is not None:
            self.known.drop(self.wrapper)
        self._unlist()

    def _commands(self) -> tuple[tuple[str, str], ...]:
        """The root's own commands, else those of the first project that has one, called by its path."""
        commands: dict[str, str] = {"build": f"{GRADLE} build"}
        for folder, build in self.builds.items():
            path = self.values.get(f"{PROJECT}{folder}", f":{folder.replace('/', ':')}")
            for verb, command in build.commands:
                program, _, task = command.partition(" ")
                commands.setdefault(verb, f"{program} {path}:{task}" if folder and verb != "test" else command)
        start = f"{self.root}/" if self.root else ""
        if any(_is_test(path) and path.startswith(start) for path in self.known.sources):
            commands.setdefault("test", f"{GRADLE} test")
        return ordered({verb: self._called(command, ".") for verb, command in commands.items()})

    def _called(self, command: str, up: str) -> str:
        """`gradle x` as ./gradlew x, where there is a wrapper."""
        wrapper = "./gradlew" if up == "." else f"{up}/gradlew"
        return command.replace(GRADLE, wrapper, 1) if self.wrapper and command.startswith(f"{GRADLE} ") else command

    def _placed(self, target: Target, up: str, name: str) -> Target:
        is_project = target.kind in {"executable", "library"}
        return replace(
            target, name=name if name and is_project else target.name, command=self._called(target.command, up)
        )

    def _resolved(self, build: BuildFacts, values: dict[str, str]) -> BuildFacts:
        found: dict[tuple[str, str], Dependency] = {}
        for dependency in build.dependencies:
            for each in resolved(dependency, values):
                found.setdefault((each.name, each.group), each)
        return replace(build, dependencies=tuple(found.values()))

    def _unlist(self) -> None:
        """What a project asks for stands there; a catalogue lists the rest."""
        used = {d.name for b in (*self.builds.values(), *self.scripts) for d in self.known.builds[b.file].dependencies}
        for catalogue in self.catalogues:
            rest = tuple(d for d in self.known.builds[catalogue.file].dependencies if d.name not in used)
            self.known.put(replace(catalogue, dependencies=rest))

    def _scripts(self) -> Iterator[BuildFacts]:
        """The scripts that the projects apply, and that those apply."""
        seen = {build.file for build in self.builds.values()}
        pending = list(self.builds.values())
        while pending:
            build = pending.pop(0)
            for path in build.includes:
                for folder in (build.folder, self.root):
                    script = self.known.at(folder, path)
                    if script is not None and script.file not in seen and script.system == "gradle":
                        seen.add(script.file)
                        pending.append(script)
                        yield script

    def _is_mine(self, folder: str) -> bool:
        return folder in {self.root, posixpath.join(self.root, "gradle")}
