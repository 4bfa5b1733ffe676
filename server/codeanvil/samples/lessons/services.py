"""Lessons about what is run rather than built: services in containers, jobs of a CI server, scripts."""

from collections.abc import Iterator, Sequence

from codeanvil.facts.builds.own import own
from codeanvil.facts.model import BuildFacts, Target
from codeanvil.samples import prose, prose_build
from codeanvil.samples.evidence import build_facts, entry_facts
from codeanvil.samples.lessons.expect import groups
from codeanvil.samples.lessons.model import Lesson
from codeanvil.samples.model import ProjectView

MOST_COMMAND = 200
"""Characters of a command; a longer one is a program, and its text is told with its file."""

MOST_EXPECTED = 5

_Run = tuple[BuildFacts, Target]


def service_lessons(view: ProjectView) -> Iterator[Lesson]:
    """Which services, jobs and scripts there are, and what each of them runs."""
    builds = own(view.builds)
    named: dict[tuple[str, str], _Run] = {}
    for build in builds:
        for item in build.targets:
            named.setdefault((item.kind, item.name), (build, item))
    project = next((build.name for build in builds if build.name), "") or view.name or "workspace"
    for kind, asks in (("service", "services"), ("job", "jobs")):
        found = [run for (each, _), run in named.items() if each == kind]
        if found:
            yield _list(asks, project, found)
    for (kind, _), (build, item) in named.items():
        if kind in {"service", "job", "script"} and item.command and _is_short(item.command):
            yield _one(build, item)


def _is_short(command: str) -> bool:
    return len(command) <= MOST_COMMAND and "\n" not in command


def _list(asks: str, project: str, found: Sequence[_Run]) -> Lesson:
    names = [item.name for _, item in found]
    files = {build.file: build for build, _ in found}
    return Lesson(
        kind=asks,
        asks=asks,
        fact=asks,
        subject=project,
        source=next(iter(files)),
        slots={"name": project, "kind": "project"},
        answer=prose_build.runs(asks, names, project),
        count=14,
        naming="project",
        evidence=tuple(build_facts(build) for build in files.values()),
        missing=prose.missing(project),
        expect=groups(*names[:MOST_EXPECTED], within=project),
    )


def _one(build: BuildFacts, item: Target) -> Lesson:
    return Lesson(
        kind=item.kind,
        asks=item.kind,
        fact=f"{item.kind}:{build.file}:{item.name}",
        subject=item.name,
        source=build.file,
        slots={"name": item.name, "kind": item.kind, "target": item.name, "path": build.file},
        answer=prose_build.running(build, item),
        count=6,
        naming="build",
        evidence=(entry_facts(build, item),),
        missing=prose.missing(item.name),
        expect=groups(item.command, within=item.name),
    )
