"""`training_data.jsonl`: the samples of the store that are worth most, in Alpaca format."""

import json
import statistics
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from codeanvil.contract import write_atomic
from codeanvil.samples.model import Sample
from codeanvil.samples.select import select
from codeanvil.settings import SampleSettings, Settings
from codeanvil.workspace.location import data_set_path, index_path, make_data_folder
from codeanvil.workspace.store import Store

CHARACTERS_PER_TOKEN = 4
"""A rule of thumb for code and English; a run counts with the tokenizer of its base model."""


@dataclass(frozen=True, slots=True)
class DatasetReport:
    """What is in the data set. Tokens are estimated, four characters each, over instruction, input and output."""

    path: str
    samples: int
    kinds: dict[str, int]
    sources: int
    tokens_mean: float
    tokens_median: float
    tokens_max: int
    tokens_total: int
    left_out: int
    revision: str


def write_dataset(root: Path, settings: Settings) -> DatasetReport:
    """Write the data set of the workspace at `root` from its store, replacing the old one at once.

    `left_out` counts samples beyond the `samples.max` setting. Raises StoreError without an index, WorkspaceError.
    """
    make_data_folder(root, settings)
    path = data_set_path(root, settings)
    with Store(index_path(root, settings)) as store, store.snapshot():
        chosen, left_out = chosen_samples(store, settings.samples)
        revision = store.revision()
    write_atomic(path, "".join(_lines(chosen)))
    tokens = [_tokens(sample) for sample in chosen]
    return DatasetReport(
        path=str(path),
        samples=len(chosen),
        kinds=dict(sorted(Counter(sample.kind for sample in chosen).items())),
        sources=len({sample.source for sample in chosen}),
        tokens_mean=round(statistics.fmean(tokens), 1) if tokens else 0.0,
        tokens_median=statistics.median(tokens) if tokens else 0.0,
        tokens_max=max(tokens, default=0),
        tokens_total=sum(tokens),
        left_out=left_out,
        revision=revision,
    )


def chosen_samples(store: Store, settings: SampleSettings) -> tuple[list[Sample], int]:
    """The samples that a data set of this store holds, none twice, and how many more there are."""
    found = {sample.id: sample for sample in store.iter_samples()}
    chosen = select(
        found.values(),
        settings.max,
        build_minimum=settings.build_minimum,
        code_files=settings.code_files,
        keywords=settings.code_keywords,
        importance={file.path: float(file.importance) for file in store.files()},
    )
    return chosen, len(found) - len(chosen)


def _lines(samples: Iterable[Sample]) -> Iterator[str]:
    for sample in samples:
        yield json.dumps(sample.row(), ensure_ascii=False) + "\n"


def _tokens(sample: Sample) -> int:
    return -(-(len(sample.instruction) + len(sample.input) + len(sample.output)) // CHARACTERS_PER_TOKEN)
