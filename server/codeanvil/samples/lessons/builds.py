"""Lessons about builds: how to build, test, run and install, targets, options, dependencies, versions."""

from collections.abc import Iterator
from dataclasses import replace

from codeanvil.facts.model import BuildFacts
from codeanvil.samples import prose, prose_build
from codeanvil.samples.evidence import build_facts, entry_facts
from codeanvil.samples.lessons.expect import groups
from codeanvil.samples.lessons.model import Expect, Lesson
from codeanvil.samples.model import ProjectView

MOST_EXPECTED = 5

_LANGUAGE = {"cmake": "cmake"}


def build_lessons(view: ProjectView, characters: int) -> Iterator[Lesson]:
    """Everything there is to ask about the build files of a project.

    Where there are several, questions about all but the first name the build file or its folder.
    """
    for i, build in enumerate(view.builds):
        lesson = _Maker(view, build, placed=i > 0)
        yield from _commands(lesson, build)
        yield from _lists(lesson, build)
        yield from _versions(lesson, build)
        yield from _text(lesson, build, view.build_texts.get(build.file, ""), characters)


class _Maker:
    """What all lessons about one build file share."""

    def __init__(self, view: ProjectView, build: BuildFacts, *, placed: bool) -> None:
        self.build, self.placed = build, placed
        self.project = build.name or view.name
        self.evidence = (build_facts(build),)
        self.slots = {
            "name": self.project,
            "kind": "project",
            "path": build.file,
            "file": build.file.rsplit("/", 1)[-1],
            "folder": build.folder or ".",
            "system": prose_build.system_name(build),
        }

    def make(
        self, asks: str, answer: str, count: int, expect: Expect = (), *, detail: str = "", kind: str = "", **slots: str
    ) -> Lesson:
        return Lesson(
            kind=kind or asks,
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
        if steps or (verb == "build" and not prose_build.commands(build, "install")):
            answer = prose_build.how_to(build, verb, lesson.project)
            yield lesson.make(verb, answer, count, groups(*steps))


def _lists(lesson: _Maker, build: BuildFacts) -> Iterator[Lesson]:
    project = lesson.project
    if build.targets:
        expect = groups(*(t.name for t in build.targets[:MOST_EXPECTED]))
        yield lesson.make("targets", prose_build.targets(build, project), 24, expect)
    for target in build.targets:
        answer = prose_build.target(build, target)
        expect = groups(*target.sources[:3], *target.links[:2])
        made = lesson.make("target", answer, 8, expect, detail=target.name, target=target.name)
        yield replace(made, evidence=(entry_facts(build, target),))
    expect = groups(*(o.name for o in build.options[:MOST_EXPECTED]))
    yield lesson.make("options", prose_build.options(build, project), 20 if build.options else 6, expect)
    for option in build.options:
        expect = groups(option.default or option.name)
        answer = prose_build.option(build, option)
        made = lesson.make("option", answer, 8, expect, detail=option.name, option=option.name)
        yield replace(made, evidence=(entry_facts(build, option),))
    expect = groups(*(d.name for d in build.dependencies[:MOST_EXPECTED]))
    answer = prose_build.dependencies(build, project)
    yield lesson.make("dependencies", answer, 24 if build.dependencies else 8, expect)
    for item in {d.name: d for d in reversed(build.dependencies)}.values():
        if item.version:
            answer = prose_build.dependency(build, item)
            expect = groups(item.version)
            made = lesson.make("dependency", answer, 6, expect, detail=item.name, dependency=item.name)
            yield replace(made, evidence=(entry_facts(build, item),))


def _versions(lesson: _Maker, build: BuildFacts) -> Iterator[Lesson]:
    project = lesson.project
    yield lesson.make("system", prose_build.system(build, project), 20, groups(prose_build.system_name(build)))
    if build.minimum:
        number = build.minimum.lstrip("<>=~!^ ")
        yield lesson.make("minimum", prose_build.minimum(build, project), 16, groups(number))
    if build.standard:
        yield lesson.make("standard", prose_build.standard(build, project), 12, groups(build.standard))
    if build.version:
        yield lesson.make("version", prose_build.version(build, project), 10, groups(build.version))
    if build.subfolders:
        expect = groups(*build.subfolders[:MOST_EXPECTED])
        yield lesson.make("subfolders", prose_build.subfolders(build), 6, expect)


def _text(lesson: _Maker, build: BuildFacts, text: str, characters: int) -> Iterator[Lesson]:
    """The text of the build file, in as many parts as it takes, each ending with a line."""
    for i, part in enumerate(parts(text, characters)):
        key = "build-text" if i == 0 else "build-text-part"
        language = _LANGUAGE.get(build.system.lower(), "toml" if build.file.endswith(".toml") else "")
        head = prose.say(key, it=prose.code(build.file), part=str(i + 1))
        answer = f"{head}\n\n{prose.code_block(part, language)}"
        asks = "buildtext" if i == 0 else "buildpart"
        made = lesson.make(asks, answer, 6 if i == 0 else 2, detail=f"{build.file}#{i + 1}", part=str(i + 1))
        yield replace(made, evidence=(), missing="")


def parts(text: str, characters: int) -> list[str]:
    """A text in parts of whole lines, each of at most `characters` where its lines allow, without blank parts."""
    found: list[str] = []
    current: list[str] = []
    size = 0
    for line in text.splitlines():
        if current and size + len(line) + 1 > characters:
            found.append("\n".join(current))
            current, size = [], 0
        current.append(line)
        size += len(line) + 1
    found.append("\n".join(current))
    return [part for part in found if part.strip()]
