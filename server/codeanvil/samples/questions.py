"""Held-out questions: the facts that samples teach, asked in sentences that no training row uses."""

from codeanvil.samples import prose
from codeanvil.samples.draw import Draw, hex_digest
from codeanvil.samples.evidence import format_evidence
from codeanvil.samples.lessons.all import Taught, document_lessons, file_lessons, project_lessons
from codeanvil.samples.lessons.expect import YES
from codeanvil.samples.lessons.model import Lesson
from codeanvil.samples.model import DocumentView, FileView, ProjectView, Question
from codeanvil.samples.phrasing import questions, wordings
from codeanvil.settings import SampleSettings

_DISTRACTORS = 2
_IMPORTANT = 12
"""Facts asked about at least so often in training are asked about in two held-out wordings."""

DEFAULT = SampleSettings()


def file_questions(view: FileView, settings: SampleSettings = DEFAULT) -> list[Question]:
    """Held-out questions about one file. Pure: equal views, equal questions with equal ids."""
    return _questions(file_lessons(view, settings))


def document_questions(view: DocumentView, settings: SampleSettings = DEFAULT) -> list[Question]:
    """Held-out questions about one document."""
    return _questions(document_lessons(view, settings))


def project_questions(view: ProjectView, settings: SampleSettings = DEFAULT) -> list[Question]:
    """Held-out questions about the builds and the make-up of a project."""
    return _questions(project_lessons(view, settings))


def category(lesson: Lesson) -> str:
    """What a question of this lesson measures: where, methods, inheritance, purpose, build, negative, ..."""
    if lesson.kind == "absent" or (lesson.kind == "member" and lesson.expect != YES):
        return "negative"
    return wordings(lesson.asks).category


def _questions(taught: Taught) -> list[Question]:
    found: dict[str, Question] = {}
    for lesson in taught.lessons:
        if not lesson.expect:
            continue
        draw = Draw("question", lesson.fact, lesson.asks)
        others = draw.shuffled([b for b in taught.blocks if b not in lesson.evidence])[:_DISTRACTORS]
        evidence = format_evidence(draw.shuffled([*lesson.evidence, *others]))
        for text in questions(
            lesson.asks,
            "heldout",
            2 if lesson.count >= _IMPORTANT else 1,
            lesson.slots,
            sort=lesson.naming,
            placed=lesson.placed,
            seed=lesson.fact,
        ):
            made = Question(
                id=hex_digest("question", lesson.fact, text),
                question=text,
                category=category(lesson),
                expect=lesson.expect,
                forbid=lesson.forbid or (prose.absent(lesson.slots["name"]), prose.missing(lesson.slots["name"])),
                fact=lesson.fact,
                evidence=evidence,
                answer=lesson.answer,
            )
            found.setdefault(made.id, made)
    return list(found.values())
