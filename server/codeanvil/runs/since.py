"""What the code has come to say since a run was trained on it, with replay of what that run knows.

A short run on the changes alone makes a model forget the rest; a third to a half of replay keeps most of it
(measured on the embedded model: README, "Measured").
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from codeanvil.contract import read_json_lines
from codeanvil.errors import RunError
from codeanvil.runs.run import Run
from codeanvil.samples.draw import digest
from codeanvil.samples.model import Sample

REPLAY_SHARE = 0.4
"""Of the rows of such a run, those that its predecessor was trained on."""


@dataclass(frozen=True, slots=True)
class Before:
    """What a run was trained on: answers by fact, those of facts that it held out, the content hash of each file."""

    answers: Mapping[str, frozenset[str]]
    held_out: Mapping[str, frozenset[str]]
    files: Mapping[str, str]


def what_was_learned(run: Run, find: Callable[[str], Run]) -> Before:
    """Read it from the run's folder, and from those of the runs it went on from (`find` gives them by name).

    Raises RunError for a run of an older form, or a damaged one.
    """
    answers: dict[str, frozenset[str]] = {}
    held_out: dict[str, frozenset[str]] = {}
    try:
        files = dict(run.manifest["files"])
        link: Run | None = run
        while link is not None:
            answers = _answers(link.folder.train_data) | answers  # what was learned last holds
            held_out = _answers(link.folder.validation_data) | held_out
            earlier = link.manifest.get("since")
            link = find(earlier) if earlier else None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RunError(
            f"Run {run.id} does not say what it was trained on: train once without --since-last, then go on from there."
        ) from error
    return Before(answers, held_out, files)


def _answers(rows: Path) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for row in read_json_lines(rows):
        found.setdefault(row["fact"], set()).add(row["output"])
    return {fact: frozenset(texts) for fact, texts in found.items()}


def changed_since(
    found: Iterable[Sample], before: Before, files: Mapping[str, str]
) -> tuple[list[Sample], list[Sample]]:
    """(what is new or is answered otherwise now, what the run was taught and is still so), in the order of `found`.

    A fact has changed where its answers are others; it is new where its file has changed since or come. Facts of
    untouched files that the run was not taught, for lack of room, are neither.
    """
    now: dict[str, set[str]] = {}
    samples = list(found)
    for sample in samples:
        if not sample.input:
            now.setdefault(sample.fact, set()).add(sample.output)
    new: list[Sample] = []
    known: list[Sample] = []
    for sample in samples:
        taught = before.answers.get(sample.fact)
        if taught is None:
            if now.get(sample.fact, set()) <= before.held_out.get(sample.fact, frozenset()):
                continue
            if not sample.source or files.get(sample.source) != before.files.get(sample.source):
                new.append(sample)
        elif now.get(sample.fact, set()) <= taught:
            known.append(sample)
        else:
            new.append(sample)
    return new, known


def with_replay(new: Sequence[Sample], known: Sequence[Sample]) -> list[Sample]:
    """`new` and so many of `known` that they are REPLAY_SHARE of all; which, depends on their names alone."""
    wanted = round(len(new) * REPLAY_SHARE / (1 - REPLAY_SHARE))
    replayed = sorted(known, key=lambda sample: digest("replay", sample.id))[:wanted]
    return [*new, *sorted(replayed, key=lambda sample: sample.id)]
