"""Samples of a file and of a project: the lessons of their facts, asked in many wordings.

A share of the samples of a fact carry evidence in `input`, as `ask` will give it: the block of the fact
among blocks of other symbols, and for a tenth of these without it, where the right answer is to say so.
"""

from collections.abc import Iterator, Sequence

from codeanvil.facts.model import FileFacts
from codeanvil.samples import names
from codeanvil.samples.draw import Draw, hex_digest
from codeanvil.samples.evidence import format_evidence
from codeanvil.samples.invented import decoys
from codeanvil.samples.lessons.all import Taught, document_lessons, file_lessons, project_lessons
from codeanvil.samples.lessons.model import Lesson
from codeanvil.samples.model import DocumentView, FileView, ProjectView, Sample
from codeanvil.samples.phrasing import questions
from codeanvil.settings import SampleSettings

MISSING_SHARE = 0.1
"""Share of the samples with evidence where the block that tells is not there."""

MOST_DISTRACTORS = 4

TOLD_FIRST_SHARE = 0.4
"""Share of the samples with evidence whose telling block comes first, where `ask` mostly puts it."""

DEFAULT = SampleSettings()


def file_samples(view: FileView, settings: SampleSettings = DEFAULT) -> list[Sample]:
    """All samples of one file, the most valuable wordings of each fact first. Pure: equal views, equal samples."""
    return _samples(file_lessons(view, settings), settings)


def document_samples(view: DocumentView, settings: SampleSettings = DEFAULT) -> list[Sample]:
    """All samples of one document. Pure."""
    return _samples(document_lessons(view, settings), settings)


def project_samples(view: ProjectView, settings: SampleSettings = DEFAULT) -> list[Sample]:
    """All samples about the build and the make-up of a project; about its builds at least
    `settings.build_minimum` where it has a build file and the wordings allow."""
    return _samples(project_lessons(view, settings), settings)


def absent_candidates(facts: FileFacts) -> tuple[str, ...]:
    """Invented names that a reader could ask this file for; the index keeps those that no symbol bears."""
    return names.absent_candidates(facts)


def _samples(taught: Taught, settings: SampleSettings) -> list[Sample]:
    samples: dict[str, Sample] = {}
    for lesson in taught.lessons:
        for sample in _of(lesson, taught.blocks, settings.evidence_every):
            samples.setdefault(sample.id, sample)
    return list(samples.values())


def _of(lesson: Lesson, blocks: Sequence[str], evidence_every: int) -> Iterator[Sample]:
    draw = Draw("evidence", lesson.kind, lesson.asks, lesson.fact)
    first = draw.below(evidence_every) if evidence_every else -1
    asked = questions(
        lesson.asks, "train", lesson.count, lesson.slots, sort=lesson.naming, placed=lesson.placed, seed=lesson.fact
    )
    pools: dict[bool, list[str]] = {}
    for i, question in enumerate(asked):
        evidence, answer = "", lesson.answer
        if lesson.missing and evidence_every and i % evidence_every == first:
            evidence, answer = _with_evidence(lesson, blocks, pools, draw)
        yield Sample(
            id=hex_digest(lesson.kind, lesson.fact, question, evidence, answer),
            kind=lesson.kind,
            subject=lesson.subject,
            source=lesson.source,
            fact=lesson.fact,
            instruction=question,
            input=evidence,
            output=answer,
        )


def _with_evidence(lesson: Lesson, blocks: Sequence[str], pools: dict[bool, list[str]], draw: Draw) -> tuple[str, str]:
    """Evidence for a question, and the answer to it. `pools` keeps what can stand beside the lesson's blocks."""
    missing = not lesson.evidence or draw.chance(MISSING_SHARE)

    def fit(pool: Sequence[str]) -> list[str]:
        return [b for b in pool if b not in lesson.evidence and not (missing and _names(b, lesson))]

    wanted = 1 + min(draw.below(MOST_DISTRACTORS), draw.below(MOST_DISTRACTORS))
    if missing not in pools:
        pools[missing] = fit(blocks)
    others = draw.some(pools[missing], wanted)
    if len(others) < wanted:  # a file with few symbols lends too few: invented ones stand in
        others += draw.some(fit(decoys()), wanted - len(others))
    if missing:
        return format_evidence(others), lesson.missing
    if draw.chance(TOLD_FIRST_SHARE):
        return format_evidence([*lesson.evidence, *others]), lesson.answer
    return format_evidence(draw.shuffled([*lesson.evidence, *others])), lesson.answer


def _names(block: str, lesson: Lesson) -> bool:
    """Whether a block names the subject, so that nobody could say that it says nothing about it."""
    return lesson.subject in block or lesson.slots.get("method", lesson.slots["name"]) in block
