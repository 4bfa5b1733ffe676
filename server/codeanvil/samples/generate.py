"""Samples of a file and of a project: the lessons of their facts, asked in many wordings.

A share of the samples of a fact carry evidence in `input`, as `ask` will give it: the block of the fact
among blocks of other symbols, and for a tenth of these without it, where the right answer is to say so.

Samples come in parts, each of a few facts that lie side by side. A part knows all that its samples are made of before
they are made, and few parts hang on what one edit changes: so whoever has kept those of an earlier state makes the
others alone.
"""

from bisect import bisect
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from codeanvil.facts.model import FileFacts
from codeanvil.samples import names
from codeanvil.samples.draw import Draw, digest, hex_digest
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

BESIDE = 6
"""Blocks of a source that can stand beside those of one subject. Another symbol in the file changes what stands beside
about so many subjects, and not what stands beside all."""

FACTS_OF_A_PART = 6
"""Facts of which a part holds the samples, on average."""

TOLD_FIRST_SHARE = 0.4
"""Share of the samples with evidence whose telling block comes first, where `ask` mostly puts it."""

DEFAULT = SampleSettings()


@dataclass(frozen=True, slots=True)
class Part:
    """Some facts of a source, by lessons, each with the blocks that can stand beside its own.

    `key`, 63 bits, is a digest of all that `samples` hangs on: parts of equal keys have equal samples. No two parts of
    a source have samples in common.
    """

    key: int
    lessons: tuple[tuple[Lesson, Sequence[str]], ...]
    evidence_every: int

    def samples(self) -> list[Sample]:
        """The samples of these facts, the most valuable wordings of each first."""
        samples: dict[str, Sample] = {}
        for lesson, blocks in self.lessons:
            for sample in _of(lesson, blocks, self.evidence_every):
                samples.setdefault(sample.id, sample)
        return list(samples.values())


def parts_of(view: FileView | DocumentView | ProjectView, settings: SampleSettings = DEFAULT) -> list[Part]:
    """The samples of a file, a document or a project, in parts that are still to be made. Pure.

    About the builds of a project there are at least `settings.build_minimum` where it has a build file and the wordings
    allow.
    """
    match view:
        case FileView():
            taught = file_lessons(view, settings)
        case DocumentView():
            taught = document_lessons(view, settings)
        case ProjectView():
            taught = project_lessons(view, settings)
    return list(_parts(taught, settings.evidence_every))


def file_samples(view: FileView, settings: SampleSettings = DEFAULT) -> list[Sample]:
    """All samples of one file, the most valuable wordings of each fact first. Pure: equal views, equal samples."""
    return _samples(view, settings)


def document_samples(view: DocumentView, settings: SampleSettings = DEFAULT) -> list[Sample]:
    """All samples of one document. Pure."""
    return _samples(view, settings)


def project_samples(view: ProjectView, settings: SampleSettings = DEFAULT) -> list[Sample]:
    """All samples about the build and the make-up of a project. Pure."""
    return _samples(view, settings)


def absent_candidates(facts: FileFacts) -> tuple[str, ...]:
    """Invented names that a reader could ask this file for; the index keeps those that no symbol bears."""
    return names.absent_candidates(facts)


def _samples(view: FileView | DocumentView | ProjectView, settings: SampleSettings) -> list[Sample]:
    return [sample for part in parts_of(view, settings) for sample in part.samples()]


def _parts(taught: Taught, evidence_every: int) -> Iterator[Part]:
    """The lessons of each fact together; which facts begin a part hangs on these facts alone."""
    facts: dict[tuple[str, str], list[Lesson]] = {}
    for lesson in taught.lessons:
        facts.setdefault((lesson.kind, lesson.fact), []).append(lesson)
    ring = _Ring(taught.blocks)
    gathered: list[tuple[Lesson, Sequence[str]]] = []
    seeds = [str(evidence_every)]
    for (_, fact), lessons in facts.items():
        if gathered and digest("part", fact) % FACTS_OF_A_PART == 0:
            yield Part(_key(seeds), tuple(gathered), evidence_every)
            gathered, seeds = [], [str(evidence_every)]
        for lesson in lessons:
            asked_with_evidence = bool(lesson.missing and evidence_every)
            blocks, said = ring.beside(lesson) if asked_with_evidence else ((), "")
            gathered.append((lesson, blocks))
            seeds += (
                *(lesson.kind, lesson.asks, lesson.fact, lesson.subject, lesson.source, lesson.answer, lesson.naming),
                *(str(lesson.count), str(lesson.placed), lesson.missing, said, str(len(lesson.evidence))),
                *(lesson.evidence if asked_with_evidence else ()),
                *(str(len(lesson.slots)), *lesson.slots, *lesson.slots.values()),
            )
    if gathered:
        yield Part(_key(seeds), tuple(gathered), evidence_every)


def _key(seeds: Iterable[str]) -> int:
    """A number that the store can keep, of all these texts; `digest` takes letters that are none for each other."""
    text = "\0".join(seeds).encode(errors="surrogatepass")
    return int.from_bytes(blake2b(text, digest_size=8).digest(), "big") >> 1


class _Ring:
    """The blocks of a source on a ring, each at its digest: a subject has those beside it that follow on its own."""

    def __init__(self, blocks: Sequence[str]) -> None:
        placed = sorted((digest(block), block) for block in dict.fromkeys(blocks))
        self._places = [place for place, _ in placed]
        self._blocks = [block for _, block in placed]
        self._known: dict[str, tuple[Sequence[str], str]] = {}

    def beside(self, lesson: Lesson) -> tuple[Sequence[str], str]:
        """The blocks that can stand beside those of the lesson's subject, and what tells them from others."""
        if lesson.subject not in self._known:
            first = bisect(self._places, digest("beside", lesson.subject))
            count = min(BESIDE, len(self._blocks))
            numbers = [number % len(self._blocks) for number in range(first, first + count)]
            blocks = [self._blocks[number] for number in numbers]
            said = " ".join(str(self._places[number]) for number in numbers)
            self._known[lesson.subject] = blocks, said
        return self._known[lesson.subject]


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
