"""The data card of a run: what its model was taught, what was left out and why, in JSON and as Markdown."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from codeanvil.contract import TOKENS_UNKNOWN
from codeanvil.samples.model import Question, Sample
from codeanvil.settings import SampleSettings
from codeanvil.workspace.index.report import IndexReport


def card(
    train: Sequence[Sample],
    validation: Sequence[Sample],
    questions: Sequence[Question],
    settings: SampleSettings,
    left_out: Mapping[str, int],
) -> dict[str, Any]:
    """What the rows of a run are, by kind. `left_out` counts samples and source files that could have been taught.

    `exposures` counts answers that are given without evidence. `tokens` is null until the trainer, which has the
    tokenizer, has counted them.
    """
    kinds = Counter(sample.kind for sample in train)
    held = Counter(sample.kind for sample in validation)
    told = Counter(sample.output for sample in train if not sample.input)
    facts = {sample.fact for sample in train}
    return {
        "rows": {"train": len(train), "validation": len(validation), "questions": len(questions)},
        "kinds": {
            kind: {"train": kinds[kind], "validation": held[kind]} for kind in sorted(kinds | held, key=_by(kinds))
        },
        "questions": dict(Counter(question.category for question in questions).most_common()),
        "facts": len(facts),
        "sources": len({sample.source for sample in train}),
        "with_evidence": sum(bool(sample.input) for sample in train),
        "exposures": {
            "mean": round(sum(told.values()) / len(told), 1) if told else 0.0,
            "most": max(told.values(), default=0),
        },
        "tokens": None,
        "left_out": dict(left_out),
        "settings": settings.model_dump(),
    }


def with_index(made: Mapping[str, Any], report: IndexReport) -> dict[str, Any]:
    """A card with what the index says: the code revision, files that were not read by reason, secrets by kind."""
    return {
        "code_revision": report.revision,
        **made,
        "files_not_read": dict(report.left_out),
        "secrets": dict(report.secrets),
    }


def markdown(made: Mapping[str, Any]) -> str:
    """The card for people."""
    return "\n".join(_lines(made)) + "\n"


def _lines(made: Mapping[str, Any]) -> Iterator[str]:
    rows, exposures = made["rows"], made["exposures"]
    yield from ("# Data card", "", f"Code revision {made['code_revision']}.", "")
    yield (
        f"{rows['train']:,} training rows of {made['facts']:,} facts out of {made['sources']:,} sources, "
        f"{rows['validation']:,} rows of facts that are not taught, {rows['questions']:,} held-out questions. "
        f"{made['with_evidence']:,} rows have facts beside the question. An answer is given {exposures['mean']:g} "
        f"times on average, at most {exposures['most']:,} times."
    )
    yield from ("", TOKENS_UNKNOWN, "", "| kind | training rows | held out |", "|---|---|---|")
    yield from (f"| {kind} | {each['train']:,} | {each['validation']:,} |" for kind, each in made["kinds"].items())
    yield from _table("Held-out questions", "category", made["questions"])
    yield from _table("Left out", "what", made["left_out"])
    yield from _table("Files not read", "why", made["files_not_read"])
    yield from _table("Secrets taken out", "kind", made["secrets"])


def _table(title: str, name: str, counts: Mapping[str, int]) -> Iterator[str]:
    found = {key: count for key, count in counts.items() if count}
    yield from ("", f"## {title}", "")
    if found:
        yield from (f"| {name} | number |", "|---|---|", *(f"| {key} | {count:,} |" for key, count in found.items()))
    else:
        yield "None."


def _by(kinds: Mapping[str, int]) -> Any:
    return lambda kind: (-kinds[kind], kind)
