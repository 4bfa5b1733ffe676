"""The data sets that are compared: each is rows for the trainer, made of one workspace."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from scripts.compare_samples.guide import CLASS, SUFFIXES, data_set

from codeanvil.samples.model import Question, Sample

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Source:
    """What the data sets are made of: the workspace's folder, the rows that a run would train on, and the answer of
    the build question, which the guide's author would have written by hand."""

    root: Path
    samples: Sequence[Sample]
    build: str


def ours(source: Source) -> list[Row]:
    """The rows of a run as it is."""
    return [_row(sample) for sample in source.samples]


def guide(source: Source) -> list[Row]:
    """The guide's: one answer for one wording, repeated."""
    return [{**row, "fact": f"guide {at}"} for at, row in enumerate(data_set(source.root, source.build))]


def one_wording(source: Source) -> list[Row]:
    """The same facts, each in the first of its wordings."""
    first: dict[tuple[str, str, bool], Sample] = {}
    for sample in source.samples:
        first.setdefault((sample.kind, sample.fact, bool(sample.input)), sample)
    return [_row(sample) for sample in first.values()]


def without_evidence(source: Source) -> list[Row]:
    """No sample that reads what it tells."""
    return [_row(sample) for sample in source.samples if not sample.input]


ARMS: Mapping[str, Callable[[Source], list[Row]]] = MappingProxyType(
    {
        "guide": guide,
        "ours": ours,
        "one-wording": one_wording,
        "no-evidence": without_evidence,
    }
)


def asked_of_all(questions: Sequence[Question], root: Path) -> list[Question]:
    """The questions about what the guide teaches too: the build, and where, methods, bases and purpose of classes."""
    text = "\n".join(p.read_text("utf-8", errors="replace") for p in sorted(root.rglob("*")) if p.suffix in SUFFIXES)
    classes = {match[1] for match in CLASS.finditer(text)}
    return [
        question
        for question in questions
        if question.category == "build"
        or (
            question.category in {"where", "methods", "inheritance", "purpose"}
            and any(name in question.question for name in classes)
        )
    ]


def _row(sample: Sample) -> Row:
    return sample.row() | {"fact": sample.fact}
