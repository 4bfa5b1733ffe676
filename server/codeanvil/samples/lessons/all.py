"""All lessons of a file and of a project, with the blocks that can stand beside them as distractors."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from codeanvil.samples.evidence import build_facts, section_facts, setting_facts, stack_facts, symbol_facts
from codeanvil.samples.lessons.absent import absent_lessons
from codeanvil.samples.lessons.builds import build_lessons
from codeanvil.samples.lessons.changes import change_lessons
from codeanvil.samples.lessons.configuration import configuration_lessons
from codeanvil.samples.lessons.documents import document_lessons as about_document
from codeanvil.samples.lessons.files import code_lessons
from codeanvil.samples.lessons.files import file_lessons as about_file
from codeanvil.samples.lessons.functions import function_lessons, functions_of, method_lessons, owner_lessons
from codeanvil.samples.lessons.model import Lesson
from codeanvil.samples.lessons.relations import relation_lessons
from codeanvil.samples.lessons.services import service_lessons
from codeanvil.samples.lessons.stack import stack_lessons
from codeanvil.samples.lessons.types import Near, members_of, type_lessons, types_of
from codeanvil.samples.lessons.users import use_lessons
from codeanvil.samples.model import DocumentView, FileView, ProjectView
from codeanvil.samples.phrasing import capacity
from codeanvil.samples.prose_configuration import settings_by_name
from codeanvil.settings import SampleSettings

BUILD_KINDS = frozenset(
    {"build", "test", "run", "install", "targets", "target", "options", "option", "dependencies", "dependency",
     "system", "minimum", "standard", "version", "subfolders", "buildtext", "buildpart",
     "services", "service", "jobs", "job", "script"}
)  # fmt: skip
"""Kinds of samples that count as knowledge of the build."""

MOST_BLOCKS = 40
"""Sections of a document that stand beside others of it as distractors."""


@dataclass(frozen=True, slots=True)
class Taught:
    """Lessons, and the evidence blocks of everything around them."""

    lessons: Sequence[Lesson]
    blocks: Sequence[str]


def file_lessons(view: FileView, settings: SampleSettings) -> Taught:
    """All lessons of one source file."""
    lessons: list[Lesson] = []
    blocks: list[str] = []
    types = types_of(view)
    near = Near(view)
    for symbol in types:
        lessons += type_lessons(view, symbol, near)
        lessons += method_lessons(view, symbol)
        derived = view.derived.get(symbol.qualified, ())
        blocks.append(symbol_facts(symbol, members=members_of(view, symbol), derived=derived))
    lessons += relation_lessons(view, types)
    lessons += owner_lessons(view, types)
    functions = functions_of(view)
    lessons += use_lessons(view, types, functions)
    for overloads in functions:
        lessons += function_lessons(view, overloads)
        blocks += map(symbol_facts, overloads)
    lessons += about_file(view)
    lessons += absent_lessons(view)
    lessons += code_lessons(view, settings.code_characters)
    return Taught(_capped(lessons, settings), blocks)


def document_lessons(view: DocumentView, settings: SampleSettings) -> Taught:
    """All lessons of one document."""
    return Taught(
        _capped(about_document(view), settings), [section_facts(section) for section in view.sections[:MOST_BLOCKS]]
    )


def project_lessons(view: ProjectView, settings: SampleSettings) -> Taught:
    """All lessons about the builds and the make-up of a project."""
    builds = _raised(_capped(build_lessons(view, settings.code_characters), settings), settings.build_minimum)
    settings_told = list(map(setting_facts, settings_by_name(view.settings)))[:MOST_BLOCKS]
    blocks = [*map(build_facts, view.builds), stack_facts(view.stack), *settings_told]
    others = [*service_lessons(view), *stack_lessons(view), *configuration_lessons(view), *change_lessons(view)]
    return Taught([*builds, *_capped(others, settings)], blocks)


def _capped(lessons: Iterable[Lesson], settings: SampleSettings) -> list[Lesson]:
    """The lessons, none of them with more wordings than the settings allow."""
    most = settings.wordings
    return [lesson if lesson.count <= most else replace(lesson, count=most) for lesson in lessons]


def _raised(lessons: list[Lesson], minimum: int) -> list[Lesson]:
    """The lessons with counts raised in proportion until they give `minimum` samples or the wordings are used up."""
    most = [capacity(lesson.asks, lesson.naming, placed=lesson.placed) for lesson in lessons]
    total = sum(min(lesson.count, limit) for lesson, limit in zip(lessons, most, strict=True))
    while 0 < total < minimum:
        grown = [
            replace(lesson, count=min(lesson.count + max(1, lesson.count // 4), limit))
            for lesson, limit in zip(lessons, most, strict=True)
        ]
        new = sum(lesson.count for lesson in grown)
        if new <= total:
            break
        lessons, total = grown, new
    return lessons
