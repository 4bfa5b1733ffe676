"""The samples of a workspace: made when somebody wants them, and kept in the store for the next one.

What a source teaches (a file, or the whole project where the source is '') depends on its view and on nothing else:
equal view, equal samples. So it does not matter when they are made, in which process, or after which edits. An update
of the index marks as stale what it may have changed; samples that are there and not stale are those of their view. Of
stale ones the parts are kept whose key is still that of a part, and the others made.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from codeanvil.samples.generate import absent_candidates, parts_of
from codeanvil.samples.model import FileView
from codeanvil.settings import SampleSettings, Settings
from codeanvil.workspace.index.lock import writer_lock
from codeanvil.workspace.index.workers import Failure, Workers
from codeanvil.workspace.location import folder_name, index_path, make_data_folder
from codeanvil.workspace.store.reading import Store
from codeanvil.workspace.store.rows import PackedSamples, pack_part
from codeanvil.workspace.store.views import View, digest, document_view, file_view, project_view
from codeanvil.workspace.store.writing import StoreWriter

AT_ONCE = 50
"""Most sources whose samples are made in the update that changed them: a save waits for its samples, a change of
branches does not."""

WRITE_SECONDS = 0.5
"""Longest wait before what is made is written."""


@dataclass(frozen=True, slots=True)
class SamplesJob:
    """A source of which a worker is to make samples, from the store at `store`. `project` is the folder's name."""

    store: Path
    project: str
    source: str
    settings: SampleSettings


@dataclass(frozen=True, slots=True)
class Made:
    """What a worker made: of which view, read in which `state` of the store; no samples where those kept are of it."""

    view: str
    state: str
    samples: PackedSamples | None = None


def make_samples(job: SamplesJob) -> Made:
    """Make the samples of a source, or find that those in the store are still of its view."""
    store = _opened(job.store)
    with store.snapshot():
        state = store.state()
        known, kept = store.sampled_view(job.source), frozenset(store.sample_keys(job.source))
        view = _view(store, job)
    if view is None:
        return Made("", state, PackedSamples())
    now = digest(view, job.settings)
    if now == known:
        return Made(now, state)
    parts = parts_of(view, job.settings)
    made = tuple(pack_part(part.key, part.samples()) for part in parts if part.key not in kept)
    candidates = absent_candidates(view.facts) if isinstance(view, FileView) else ()
    return Made(now, state, PackedSamples(tuple(part.key for part in parts), made, candidates))


def _view(store: Store, job: SamplesJob) -> View | None:
    if not job.source:
        return project_view(store, job.project)
    return file_view(store, job.source) or document_view(store, job.source)


@cache
def _opened(path: Path) -> Store:
    """A worker makes samples of one workspace, again and again."""
    return Store(path)


class SampleMaker:
    """Makes samples of the workspace at `root` in worker processes, and writes them into its store."""

    def __init__(self, root: Path, settings: Settings, workers: Workers) -> None:
        self._root = root
        self._settings = settings
        self._workers = workers

    def renew(self, store: StoreWriter, stale: list[str]) -> list[str]:
        """Make stale samples anew; the sources whose samples are others now, sorted.

        For the update that holds `store`. Where too many are stale, that is put off until they are wanted.
        """
        if len(stale) > AT_ONCE:
            with store.transaction():
                store.put_off_stale_samples()
            return []
        renewed = []
        for source, result in self._results(stale):
            with store.transaction():
                if _keep(store, source, result):
                    renewed.append(source)
        return sorted(renewed)

    def fill(self, lacking: Callable[[], list[str]]) -> None:
        """Make samples of the sources that `lacking` says are wanted next, until it names none.

        Between two writes others may write: what was made of a state that is gone by then is not kept.
        Raises StoreError where there is no index.
        """
        path = index_path(self._root, self._settings)
        folder = make_data_folder(self._root, self._settings)
        while sources := lacking():
            for made in _in_time(self._results(sources)):
                with writer_lock(folder), StoreWriter(path) as store, store.transaction():
                    for source, result in made:
                        _keep(store, source, result)

    def _results(self, sources: Iterable[str]) -> Iterator[tuple[str, Made | Failure]]:
        path, name = index_path(self._root, self._settings), folder_name(self._root)
        jobs = (SamplesJob(path, name, source, self._settings.samples) for source in sources)
        for job, result in self._workers.results(make_samples, jobs):
            yield job.source, result


def _keep(store: StoreWriter, source: str, result: Made | Failure) -> bool:
    """Write what a worker made; whether these are other samples than before."""
    if isinstance(result, Failure):  # the source is told as a problem, and taught nothing of until it changes
        if source:
            store.put_problem(source, f"{source} {result.problem}")
        store.put_samples(source, "", PackedSamples())
        return True
    if result.state != store.state():
        return False
    return store.put_samples(source, result.view, result.samples) and result.samples is not None


def _in_time(
    items: Iterable[tuple[str, Made | Failure]],
) -> Iterator[list[tuple[str, Made | Failure]]]:
    """Items in lists, each of what came within WRITE_SECONDS."""
    gathered: list[tuple[str, Made | Failure]] = []
    started = time.monotonic()
    for item in items:
        gathered.append(item)
        if time.monotonic() - started > WRITE_SECONDS:
            yield gathered
            gathered, started = [], time.monotonic()
    if gathered:
        yield gathered
