"""Lessons about builds: how to build, test, run and install, targets, options, dependencies, versions."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from codeanvil.facts.builds.own import own
from codeanvil.facts.builds.systems import rank
from codeanvil.facts.model import BuildFacts, Dependency, Option, Target
from codeanvil.samples import prose, prose_build
from codeanvil.samples.evidence import build_facts, entry_facts
from codeanvil.samples.excerpts import parts
from codeanvil.samples.lessons.expect import groups
from codeanvil.samples.lessons.model import Expect, Lesson
from codeanvil.samples.model import ProjectView

MOST_EXPECTED = 5

_FENCES = {
    "txt": "cmake", "toml": "toml", "json": "json", "xml": "xml", "yml": "yaml", "yaml": "yaml", "csproj": "xml",
    "fsproj": "xml", "vbproj": "xml", "props": "xml", "targets": "xml", "slnx": "xml", "py": "python", "cfg": "ini",
    "ini": "ini", "gradle": "groovy", "kts": "kotlin", "mk": "makefile", "Makefile": "makefile",
    "Dockerfile": "dockerfile", "Gemfile": "ruby", "gemspec": "ruby", "Pipfile": "toml",
}  # fmt: skip
"""How code blocks call what is in a build file, by the end of its name."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A project that can be built: its own build file, and those of folders below that belong to it."""

    root: BuildFacts
    parts: tuple[BuildFacts, ...]

    @property
    def files(self) -> tuple[BuildFacts, ...]:
        """All its build files, its own first."""
        return (self.root, *self.parts)

    @property
    def together(self) -> BuildFacts:
        """Its own build file with the targets, options and dependencies of all."""
        return replace(
            self.root,
            targets=tuple(target for build in self.files for target in build.targets),
            options=tuple(option for build in self.files for option in build.options),
            dependencies=tuple(item for build in self.files for item in build.dependencies),
        )


def wholes(builds: Sequence[BuildFacts]) -> list[Whole]:
    """The projects among build files, outermost first; a file without commands belongs to the nearest above it."""
    roots = sorted((b for b in builds if b.commands), key=lambda b: (_depth(b), rank(b.system))) or list(builds[:1])
    owned: dict[str, list[BuildFacts]] = {root.file: [] for root in roots}
    for build in builds:
        above = [r for r in roots if r.system == build.system and _within(build.folder, r.folder)]
        if build.file not in owned and above:
            owned[max(above, key=_depth).file].append(build)
    return [Whole(root, tuple(owned[root.file])) for root in roots]


def _depth(build: BuildFacts) -> int:
    return len(build.folder.split("/")) if build.folder else 0


def _within(folder: str, above: str) -> bool:
    return not above or folder == above or folder.startswith(above + "/")


def build_lessons(view: ProjectView, characters: int) -> Iterator[Lesson]:
    """Everything there is to ask about the build files of a project.

    Where several projects can be built, questions about all but the first name the build file or its folder. Of
    projects that lie there as test data or as somebody else's only the text is told.
    """
    builds = own(view.builds)
    for i, whole in enumerate(wholes(builds)):
        lesson = _Maker(view, whole.root, placed=i > 0)
        yield from _commands(lesson, whole.root)
        yield from _lists(lesson, whole)
        yield from _versions(lesson, whole.root)
        for part in whole.parts:
            if part.targets:
                yield _part(_Maker(view, part, placed=False), part)
    yield from _entries(view, builds)
    for build in view.builds:
        yield from _text(_Maker(view, build, placed=False), build, view.build_texts.get(build.file, ""), characters)


class _Maker:
    """What all lessons about one build file share."""

    def __init__(self, view: ProjectView, build: BuildFacts, *, placed: bool) -> None:
        self.build, self.placed = build, placed
        self.project = build.name or view.name or "workspace"
        self.evidence = (build_facts(build),)
        self.slots = {
            "name": self.project,
            "kind": "project",
            "path": build.file,
            "file": build.file.rsplit("/", 1)[-1],
            "folder": build.folder or "the root folder",
            "system": prose_build.system_name(build),
        }

    def make(
        self, asks: str, answer: str, count: int, expect: Expect = (), *, detail: str = "", **slots: str
    ) -> Lesson:
        return Lesson(
            kind=asks,
            asks=asks,
            fact=":".join(part for part in (asks, self.build.file, detail) if part),
            subject=detail or self.project,
            source=self.build.file,
            slots={**self.slots, **slots},
            answer=answer,
            count=count,
            naming="build",
            placed=self.placed,
            evidence=self.evidence,
            missing=prose.missing(detail or self.project),
            expect=expect,
        )


def _commands(lesson: _Maker, build: BuildFacts) -> Iterator[Lesson]:
    for verb, count in (("build", 60), ("test", 24), ("run", 24), ("install", 24)):
        steps = prose_build.commands(build, verb)
        if steps or (verb == "build" and not lesson.placed):
            answer = prose_build.how_to(build, verb, lesson.project)
            yield lesson.make(verb, answer, count, groups(*steps))


def _lists(lesson: _Maker, whole: Whole) -> Iterator[Lesson]:
    project, build = lesson.project, whole.together
    told = (
        ("targets", [t.name for t in build.targets], prose_build.targets(build, project), 24),
        ("options", [o.name for o in build.options], prose_build.options(build, project), 20),
        ("dependencies", [d.name for d in build.dependencies], prose_build.dependencies(build, project), 24),
    )
    for asks, names, answer, count in told:
        if not names and asks == "targets":
            continue
        made = lesson.make(asks, answer, count if names else 6, groups(*names[:MOST_EXPECTED]))
        known = tuple(build_facts(b) for b in whole.files if b is whole.root or getattr(b, asks))
        yield replace(made, evidence=known)


def _part(lesson: _Maker, build: BuildFacts) -> Lesson:
    expect = groups(*(target.name for target in build.targets[:MOST_EXPECTED]))
    made = lesson.make("targets", prose_build.part(build), 6, expect)
    return replace(made, naming="part", missing=prose.missing(build.file))


def _versions(lesson: _Maker, build: BuildFacts) -> Iterator[Lesson]:
    project = lesson.project
    expect: Expect = ((prose_build.system_name(build), build.file),)
    yield lesson.make("system", prose_build.system(build, project), 20, expect)
    if build.minimum:
        number = build.minimum.lstrip("<>=~!^ ")
        yield lesson.make("minimum", prose_build.minimum(build, project), 16, groups(number))
    if build.standard:
        yield lesson.make("standard", prose_build.standard(build, project), 12, groups(build.standard))
    if build.version:
        yield lesson.make("version", prose_build.version(build, project), 10, groups(build.version))
    if build.subfolders:
        expect = groups(*build.subfolders[:MOST_EXPECTED], within=build.file)
        yield lesson.make("subfolders", prose_build.subfolders(build), 6, expect)


def _entries(view: ProjectView, builds: Sequence[BuildFacts]) -> Iterator[Lesson]:
    """Targets, options and dependencies one by one; those of one name in several files are told of together."""
    for asks, slot, count in (("target", "targets", 8), ("option", "options", 8), ("dependency", "dependencies", 6)):
        named: dict[str, list[tuple[BuildFacts, Target | Option | Dependency]]] = {}
        for build in builds:
            for item in getattr(build, slot):
                if not isinstance(item, Dependency) or item.version:
                    named.setdefault(item.name, []).append((build, item))
        for name, places in named.items():
            lesson = _Maker(view, places[0][0], placed=False)
            answer = " ".join(dict.fromkeys(_sentence(build, item) for build, item in places[:3]))
            made = lesson.make(asks, answer, count, _telling(places[0][1]), detail=name, **{asks: name})
            yield replace(made, evidence=tuple(entry_facts(build, item) for build, item in places[:3]))


def _sentence(build: BuildFacts, item: Target | Option | Dependency) -> str:
    match item:
        case Target():
            return prose_build.target(build, item)
        case Option():
            return prose_build.option(build, item)
        case Dependency():
            return prose_build.dependency(build, item)


def _telling(item: Target | Option | Dependency) -> Expect:
    match item:
        case Target():
            return groups(*item.sources[:3], *item.links[:2], within=item.name)
        case Option():
            return groups(item.default, within=item.name)
        case Dependency():
            return groups(item.version)


def _text(lesson: _Maker, build: BuildFacts, text: str, characters: int) -> Iterator[Lesson]:
    """The text of the build file, in as many parts as it takes, each ending with a line."""
    ending = build.file.rpartition("/")[2].rpartition(".")[2]
    fence = _FENCES.get(ending, "") if ending != "txt" or build.system == "cmake" else ""
    for i, part in enumerate(parts(text, characters), 1):
        head = prose.say("build-text" if i == 1 else "build-text-part", it=prose.code(build.file), part=str(i))
        answer = f"{head}\n\n{prose.code_block(part, fence)}"
        asks, count = ("buildtext", 6) if i == 1 else ("buildpart", 2)
        made = lesson.make(asks, answer, count, detail=f"{build.file}#{i}", part=str(i))
        yield replace(made, evidence=(), missing="")
