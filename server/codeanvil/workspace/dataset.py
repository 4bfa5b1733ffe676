"""`training_data.jsonl`: the samples of a workspace that are worth most, in Alpaca format.

A large workspace has more facts than a data set has room for. So samples are made only of as many sources as give
enough to choose from, the most important ones first. Which these are, and which samples are chosen, follows from the
facts and the settings alone: not from the order of edits, nor from how many processes made them.
"""

import json
import statistics
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from codeanvil.contract import write_atomic
from codeanvil.errors import SettingsError
from codeanvil.facts.model import Role
from codeanvil.samples.general import general_samples
from codeanvil.samples.model import Sample
from codeanvil.samples.select import KINDS, OF_TYPES, select, types_within
from codeanvil.settings import SampleSettings, Settings
from codeanvil.workspace.index.workers import Failure, Workers
from codeanvil.workspace.location import data_set_path, index_path, make_data_folder
from codeanvil.workspace.sample_cache import SampleMaker
from codeanvil.workspace.store import Store
from codeanvil.workspace.store.rows import SourceRow

CHARACTERS_PER_TOKEN = 4
"""A rule of thumb for code and English; a run counts with the tokenizer of its base model."""

SURPLUS = 4
"""How many times `samples.max` there must be to choose from: about so many wordings of a fact are left out for one
that is kept, and a fact is taught by several."""

AT_A_TIME = 32
"""Sources of which samples are made before it is looked at again whether there are enough."""

_RANK: dict[Role, int] = {"source": 0, "test": 1, "example": 1, "vendored": 2, "generated": 3}


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
    files_left_out: int
    revision: str


@dataclass(frozen=True, slots=True)
class Choice:
    """Sources that a data set is chosen from: of `full` all samples, of `typed` what is asked of each type, of `code`
    those that show code.

    `lacking` are those of them of which samples must be made first, the first wanted first; while some are lacking,
    the choice is not final. `left_out` counts source files that nothing is taught about.
    """

    full: tuple[str, ...]
    typed: tuple[str, ...]
    code: tuple[str, ...]
    lacking: tuple[str, ...]
    left_out: int


@dataclass(frozen=True, slots=True)
class Candidates:
    """Samples that a data set is chosen from, none twice, and how many source files give none of them."""

    samples: tuple[Sample, ...]
    files_left_out: int


def choose_sources(rows: Sequence[SourceRow], settings: SampleSettings, enough: int | None = None) -> Choice:
    """The first sources that give SURPLUS times the samples wanted, those with as many types as a data set holds some
    samples of each, and the files that are shown as code.

    The project comes first, then the documents at the top, then files: own sources before tests and examples, these
    before what others wrote; among them the more important. With `enough`, the first that give so many samples, and
    none for their code alone.
    """
    order = sorted(rows, key=_first_wanted)
    wanted = SURPLUS * settings.max if enough is None else enough
    full: list[str] = []
    lacking: list[str] = []
    for row in order:
        if wanted <= 0:
            break
        full.append(row.path)
        if row.samples is None:
            lacking.append(row.path)
        else:
            wanted -= row.samples
    # While samples are lacking, all sources are in `full`: which of the others are wanted is not known yet.
    typed = _with_types(order[len(full) :], types_within(settings.max) - sum(row.types for row in order[: len(full)]))
    typed = typed if enough is None else []
    chosen = set(full)
    shown = _shown_as_code(rows, settings) if enough is None else []
    code = [row for row in shown if row.path not in chosen]
    lacking += [row.path for row in dict.fromkeys((*typed, *code)) if row.samples is None]
    left_out = len({row.path for row in rows} - chosen - {row.path for row in (*typed, *code)})
    return Choice(
        tuple(full), tuple(row.path for row in typed), tuple(row.path for row in code), tuple(lacking), left_out
    )


def _with_types(rows: Sequence[SourceRow], wanted: int) -> list[SourceRow]:
    """The first rows that together have so many types."""
    found = []
    for row in rows:
        if wanted <= 0:
            break
        if row.types:
            found.append(row)
            wanted -= row.types
    return found


def _first_wanted(row: SourceRow) -> tuple[bool, bool, int, int, str]:
    at_the_top = not row.is_code and "/" not in row.path  # the README: nobody refers to it, and everybody reads it
    return row.path != "", not at_the_top, _RANK[row.role], -row.importance, row.path


def _shown_as_code(rows: Sequence[SourceRow], settings: SampleSettings) -> list[SourceRow]:
    """The files of which code samples are shown, in the order in which `select` takes them."""
    words = [word.lower() for word in settings.code_keywords]

    def order(row: SourceRow) -> tuple[bool, int, str]:
        return not any(word in row.path.lower() for word in words), -row.importance, row.path

    return sorted((row for row in rows if row.is_code), key=order)[: settings.code_files]


def make_samples(root: Path, settings: Settings, workers: Workers | None = None, *, enough: int | None = None) -> None:
    """Make what the data set of the workspace at `root` is chosen from, so far as it is not there.

    `enough` samples are made where not all are wanted, those of the most important sources.
    `workers` are used and left open; without them, own ones are started and ended. Raises StoreError without an
    index, WorkspaceError.
    """
    job = LackingJob(index_path(root, settings), settings.samples, enough)
    with nullcontext(workers) if workers else Workers(settings.index.processes) as pool:

        def lacking() -> list[str]:
            # In a worker: all sources are looked at, and in a thread of this process that would hold up a save.
            ((_, found),) = pool.results(lacking_sources, [job])
            return lacking_sources(job) if isinstance(found, Failure) else found

        SampleMaker(root, settings, pool).fill(lacking)


@dataclass(frozen=True, slots=True)
class LackingJob:
    """The store at `store`, of which a data set is to be chosen: all of it, or of the first `enough` samples."""

    store: Path
    settings: SampleSettings
    enough: int | None


def lacking_sources(job: LackingJob) -> list[str]:
    """The sources of which samples must be made next, the first wanted first; none where there are enough.

    Raises StoreError without an index.
    """
    with Store(job.store) as store:
        return list(choose_sources(store.sources(), job.settings, job.enough).lacking[:AT_A_TIME])


@contextmanager
def candidates(
    root: Path, settings: Settings, workers: Workers | None = None, *, enough: int | None = None
) -> Iterator[tuple[Store, Candidates]]:
    """The store in one state, and what a data set of that state is chosen from; what is lacking is made first.

    Raises as `make_samples`; SettingsError for a kind to leave out that there is not.
    """
    if unknown := set(settings.samples.leave_out) - KINDS:
        raise SettingsError(
            f"There is no kind of samples '{min(unknown)}' that samples.leave_out could name; there are: "
            f"{', '.join(sorted(KINDS))}."
        )
    while True:
        make_samples(root, settings, workers, enough=enough)
        with Store(index_path(root, settings)) as store, store.snapshot():
            choice = choose_sources(store.sources(), settings.samples, enough)
            if not choice.lacking:  # else files have changed since
                yield store, Candidates(_of(store, choice, settings.samples.leave_out), choice.left_out)
                return


def _of(store: Store, choice: Choice, leave_out: Iterable[str]) -> tuple[Sample, ...]:
    full, typed, code, left_out = set(choice.full), set(choice.typed), set(choice.code), frozenset(leave_out)
    found: dict[str, Sample] = {}
    for source in sorted(full | typed | code):
        samples = store.samples_of(source)
        types = {sample.subject for sample in samples if sample.kind == "methods"} if source in typed else set()

        def is_wanted(sample: Sample, source: str = source, types: Set[str] = frozenset(types)) -> bool:
            if sample.kind == "code":
                return source in full or source in code
            return source in full or (sample.kind in OF_TYPES and sample.subject in types)

        found.update((each.id, each) for each in samples if each.kind not in left_out and is_wanted(each))
    return tuple(found.values())


def write_dataset(root: Path, settings: Settings, workers: Workers | None = None) -> DatasetReport:
    """Write the data set of the workspace at `root` from its store, replacing the old one at once.

    `left_out` counts samples beyond the `samples.max` setting, `files_left_out` source files of which there are none.
    `workers` are used and left open; without them, own ones are started and ended. Raises StoreError without an
    index, WorkspaceError.
    """
    make_data_folder(root, settings)
    path = data_set_path(root, settings)
    with candidates(root, settings, workers) as (store, found):
        chosen = chosen_samples(store, found.samples, settings.samples)
        told = len(chosen)
        chosen += general_samples(told, settings.samples)
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
        left_out=len(found.samples) - told,
        files_left_out=found.files_left_out,
        revision=revision,
    )


def chosen_samples(store: Store, found: Sequence[Sample], settings: SampleSettings) -> list[Sample]:
    """Those of the candidates `found` that a data set of this store holds."""
    return select(
        found,
        settings.max - round(settings.max * settings.general_share),
        build_minimum=settings.build_minimum,
        code_files=settings.code_files,
        keywords=settings.code_keywords,
        exposures=settings.wordings,
        importance={file.path: float(file.importance) for file in store.files()},
    )


def _lines(samples: Iterable[Sample]) -> Iterator[str]:
    for sample in samples:
        yield json.dumps(sample.row(), ensure_ascii=False) + "\n"


def _tokens(sample: Sample) -> int:
    return -(-(len(sample.instruction) + len(sample.input) + len(sample.output)) // CHARACTERS_PER_TOKEN)
