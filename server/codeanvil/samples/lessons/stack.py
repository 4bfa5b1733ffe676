"""Lessons about the whole project: languages, libraries, tests, layout, entry points, architecture."""

from collections.abc import Iterator

from codeanvil.samples import prose, prose_build
from codeanvil.samples.evidence import stack_facts
from codeanvil.samples.lessons.expect import groups
from codeanvil.samples.lessons.model import Expect, Lesson
from codeanvil.samples.model import ProjectView

MOST_EXPECTED = 5


def stack_lessons(view: ProjectView) -> Iterator[Lesson]:
    """Everything there is to ask about what a project is made of."""
    stack, name = view.stack, view.name or "workspace"
    if not (stack.languages or stack.folders or view.builds):
        return  # of an empty folder there is nothing to tell
    evidence = (stack_facts(stack),)

    def make(
        asks: str, answer: str, count: int, expect: Expect = (), *, detail: str = "", known: bool = True
    ) -> Lesson:
        return Lesson(
            kind="stack",
            asks=asks,
            fact=":".join(part for part in (asks, detail) if part),
            subject=detail or name,
            source="",
            slots={"name": name, "kind": "project", "path": detail, "folder": detail},
            answer=answer,
            count=count,
            naming="project",
            evidence=evidence if known else (),
            missing=prose.missing(detail or name) if known else "",
            expect=expect,
        )

    if stack.languages:
        main = [prose.language_name(item.lang) for item in stack.languages if item.share >= 0.1]
        yield make("languages", prose_build.languages(stack, name), 24, groups(*main[:MOST_EXPECTED]))
    libraries = list(dict.fromkeys(d.name for d in stack.libraries))
    expect = groups(*libraries[:MOST_EXPECTED])
    yield make("libraries", prose_build.libraries(stack, name), 20 if libraries else 8, expect)
    expect = groups(*stack.test_frameworks)
    yield make("tests", prose_build.test_frameworks(stack, name), 12 if stack.test_frameworks else 6, expect)
    if stack.folders:
        expect = groups(*(path for path, _ in stack.folders[:MOST_EXPECTED]))
        yield make("layout", prose_build.layout(stack, name), 20, expect)
    for path, what in stack.folders:
        if what:
            yield make("folder", prose_build.folder(path, what), 4, detail=path, known=False)
    places = [path for path, _, _ in stack.entry_points]
    expect = (tuple(places[:6]),) if places else ()
    yield make("entries", prose_build.entry_points(stack, name), 16 if places else 6, expect)
    if stack.languages or stack.folders:
        answer = prose_build.architecture(stack, name, view.types)
        yield make("architecture", answer, 20, known=False)
    if view.types:
        expect = groups(*(type_name.rsplit(".", 1)[-1] for type_name, _ in view.types[:3]))
        yield make("maintypes", prose_build.main_types(view.types, name), 8, expect, known=False)
