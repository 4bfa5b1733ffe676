"""Building the index: from the files of a workspace to the facts in its store, as little as need be.

What did not change is known by its stamp or its content's hash, and not parsed again. The first build makes no samples,
since nobody may want them; later ones make those of what changed (`sample_cache`). Every batch is one transaction: a
build that is killed goes on where it was.
"""

import json
import os
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from codeanvil.settings import Settings
from codeanvil.workspace import alone
from codeanvil.workspace.attributes import Attributes
from codeanvil.workspace.contents import VANISHED, LeftOutError, read
from codeanvil.workspace.index.changes import Changes, Found
from codeanvil.workspace.index.jobs import (
    CountJob,
    FileJob,
    Read,
    ReadJob,
    add_rows,
    count_mentions,
    read_files,
    unreadable,
)
from codeanvil.workspace.index.lock import writer_lock
from codeanvil.workspace.index.report import IndexReport
from codeanvil.workspace.index.stamps import stamp_of
from codeanvil.workspace.index.whole import refresh_history, refresh_stack
from codeanvil.workspace.index.workers import Failure, Workers
from codeanvil.workspace.location import find, index_path, make_data_folder, name_of, refuse_wide
from codeanvil.workspace.sample_cache import AT_ONCE, SampleMaker
from codeanvil.workspace.store.rows import FileRows, KnownFile
from codeanvil.workspace.store.schema import DamagedStoreError, discard
from codeanvil.workspace.store.words import unpack_words
from codeanvil.workspace.store.writing import StoreWriter

CHUNK_FILES = 32
CHUNK_BYTES = 300_000
"""Most files and bytes that a worker is given at once: enough that giving costs little, little enough to tell how far
a build is."""

BATCH_SECONDS = 1.0
"""Longest wait before what is done is written."""

LEAST_SECONDS = 4.0
SECONDS_PER_MEGABYTE = 12.0
"""Processor time in which files must be read: ten times what sources take, and still little for what hangs. Garbage
takes forty seconds a megabyte with the slowest grammars."""

EARLY_WORKERS = 2
"""Workers of a first build that are started before it is known whether there is work for more."""

COUNT_FILES = 200
"""Files whose words a worker counts at once."""

Progress = Callable[[int, int], None]

_T = TypeVar("_T")


def build_index(
    root: Path,
    settings: Settings,
    *,
    progress: Progress | None = None,
    only: Iterable[str] | None = None,
    workers: Workers | None = None,
    wholly: bool = True,
    history: bool = True,
) -> IndexReport:
    """Bring the store of the workspace at `root` up to date and say what that took.

    `only` names the paths (relative, '/'; files or folders) that may have changed or gone; without it, or while no
    build has run to its end yet, all are looked at. `progress` is told files done and files in all. `workers` are
    used and left open; without them, own ones are started and ended. Without `wholly`, what is known of the project as
    a whole stays as it was, for `refresh_stack_meanwhile`, unless this is the first build; without `history`, git is
    never asked. Waits for another writer. A file that changes or vanishes meanwhile is no error. Raises WorkspaceError,
    StoreError.
    """
    root = find(root)
    refuse_wide(root, settings)
    folder = make_data_folder(root, settings)
    if (file := name_of(root, settings)) != root:
        alone.note(folder, file)
        alone.clean(folder)
    path = index_path(root, settings)
    with writer_lock(folder), nullcontext(workers) if workers else Workers(settings.index.processes) as pool:
        try:
            with StoreWriter(path) as store:
                return _Build(root, settings, store, pool, progress).run(only, wholly=wholly, history=history)
        except DamagedStoreError:
            discard(path)  # everything in it can be made again
        with StoreWriter(path) as store:
            return _Build(root, settings, store, pool, progress).run(None, wholly=wholly, history=history)


class _Build:
    """One run of the index over one store."""

    def __init__(
        self, root: Path, settings: Settings, store: StoreWriter, workers: Workers, progress: Progress | None
    ) -> None:
        self._root = root
        self._settings = settings
        self._store = store
        self._workers = workers
        self._tell = progress or _tell_nobody
        self._first = not store.complete()
        self._known: dict[str, KnownFile] = {}
        self._marks: dict[str, str] = {}
        self._next_id = store.next_id()
        self._follow = not self._first
        self._mentions: dict[str, Counter[str]] = {}
        self._counted: set[int] = set()
        self._left_out: dict[str, str] = {}
        self._parsed: list[str] = []
        self._removed: list[str] = []
        self._regenerated: list[str] = []
        self._unchanged = 0
        self._done = self._total = 0

    def run(self, only: Iterable[str] | None, *, wholly: bool, history: bool) -> IndexReport:
        """The whole build."""
        started = time.monotonic()
        if self._first:
            self._workers.start(EARLY_WORKERS)  # they load what they need while the files are found
        found = self._find(None if self._first else only)
        self._note(found)
        self._total = len(found.files)
        self._tell(0, self._total)
        self._read(self._not_as_they_were(found.files))
        self._renew([source for source in self._store.stale_sources() if source])
        self._reckon_references()
        if wholly or self._first:
            refresh_stack(self._store)
            if history:
                refresh_history(self._store, self._root, self._workers)
            self._renew([source for source in self._store.stale_sources() if not source])
        if self._first:
            with self._store.transaction():
                self._store.finish()
        self._tell(self._total, self._total)
        return replace(
            self._store.report(),
            parsed=tuple(sorted(self._parsed)),
            unchanged=self._unchanged,
            removed=tuple(sorted(self._removed)),
            regenerated=tuple(sorted(self._regenerated)),
            seconds=time.monotonic() - started,
        )

    def _find(self, only: Iterable[str] | None) -> Found:
        """What to look at. Of a large workspace, what is known of all files is asked for only where all may matter."""
        changes = Changes(self._root, self._settings.index)
        named = None if only is None else changes.concerned(only)
        self._known = self._store.known_files(named)
        self._marks = self._store.marks(named)
        known = self._known.keys() | self._store.passed_over(named)
        return changes.all(known) if named is None else changes.among(named, known)

    def _note(self, found: Found) -> None:
        """Write what can be told without reading any file."""
        if found.left_out is not None:
            with self._store.transaction():
                self._store.put_meta("left_out", json.dumps(found.left_out))
        self._left_out.update(found.gone)
        self._drop_left_out()
        settings = self._settings.samples.model_dump_json()
        if self._store.meta("sample_settings") != settings:
            with self._store.transaction():
                self._store.mark_all_samples_stale()
                self._store.put_meta("sample_settings", settings)

    # --- reading files

    def _not_as_they_were(self, paths: Iterable[str]) -> Iterator[FileJob]:
        """The files that must be read to know whether they changed."""
        attributes = Attributes(self._root)
        for path in paths:
            known, marked = self._known.get(path), attributes.of(path)
            if known is None:
                yield FileJob(path, self._next_id, marked=marked)
                self._next_id += 1
            elif marked != self._marks.get(path, ""):
                yield FileJob(path, known.id, marked=marked)
            elif known.stamp and known.stamp == stamp_of(self._at(path)):
                self._unchanged += 1
                self._step(1)
            else:
                yield FileJob(path, known.id, known.sha, marked)

    def _read(self, files: Iterable[FileJob]) -> None:
        """Have files read, many at once; where that fails, one by one, to know which of them it is."""
        failed: list[FileJob] = []
        for batch in _in_time(self._workers.results(read_files, self._chunks(files), _seconds)):
            batch.sort(key=lambda done: done[0].files[0].id)  # full-text indexes put off their work while numbers rise
            with self._store.transaction():
                for job, result in batch:
                    if isinstance(result, Failure) and len(job.files) > 1:
                        failed += job.files
                    else:
                        self._write(self._set_aside(job, result) if isinstance(result, Failure) else result)
            self._step(sum(len(job.files) for job, _ in batch))
        self._drop_left_out()
        if failed:
            self._done -= len(failed)
            for file in failed:
                self._read([file])

    def _chunks(self, files: Iterable[FileJob]) -> Iterator[ReadJob]:
        chunk: list[FileJob] = []
        size = 0
        for file in files:
            chunk.append(file)
            size += _size(self._at(file.path))
            if len(chunk) >= CHUNK_FILES or size >= CHUNK_BYTES:
                yield self._job(chunk, size)
                chunk, size = [], 0
        if chunk:
            yield self._job(chunk, size)

    def _job(self, files: Iterable[FileJob], size: int) -> ReadJob:
        return ReadJob(self._root, tuple(files), size, self._settings.index.max_file_bytes, together=self._first)

    def _at(self, path: str) -> str:
        return f"{self._root}/{path}"  # asked of every file, for which Path is five times slower

    def _set_aside(self, job: ReadJob, why: Failure) -> Read:
        """What is kept of a file that no worker could read."""
        done = Read()
        (file,) = job.files
        try:
            source = read(self._root, file.path, job.most_bytes)
        except LeftOutError as reason:
            done.left_out.append((file.path, str(reason)))
        else:
            done.rows.append(FileRows())
            add_rows(done.rows[0], file.id, unreadable(file, source, why.problem), "")
        return done

    def _write(self, done: Read) -> None:
        for path, stamp in done.unchanged:
            self._unchanged += 1
            if stamp != self._known[path].stamp:
                self._store.put_stamp(path, stamp)
        self._left_out.update(done.left_out)
        for rows in done.rows:
            paths = [path for _, path, *_ in rows.files]
            self._changing(len(paths))
            self._store.put(rows, [self._known[path].id for path in paths if path in self._known], follow=self._follow)
            self._parsed += paths
            self._counted.update(file for file, *_ in rows.files)
            for family, words in rows.mentions:
                self._mentions.setdefault(family, Counter()).update(unpack_words(words))

    def _drop_left_out(self) -> None:
        if not self._left_out:
            return
        with self._store.transaction():
            for path, reason in self._left_out.items():
                if path in self._known:
                    self._changing(1)
                    self._store.remove(path, follow=self._follow)
                    self._removed.append(path)
                if reason == VANISHED:
                    self._store.forget_passed_over(path)
                else:
                    self._store.pass_over(path, reason)
        self._left_out.clear()

    def _changing(self, count: int) -> None:
        """Follow no more what depends on each file, once there are so many that all anew is less work."""
        if self._follow and len(self._parsed) + len(self._removed) + count > AT_ONCE:
            self._follow = False
            self._store.begin_afresh()

    # --- what follows from all files together

    def _renew(self, sources: list[str]) -> None:
        """Samples of what changed, at once: somebody who saved a file waits for them."""
        self._regenerated += SampleMaker(self._root, self._settings, self._workers).renew(self._store, sources)

    def _reckon_references(self) -> None:
        if self._store.meta("references"):
            return
        uncounted = [file.id for file in self._store.known_files().values() if file.id not in self._counted]
        path = index_path(self._root, self._settings)
        jobs = (CountJob(path, tuple(ids)) for ids in _parts(uncounted, COUNT_FILES))
        for job, result in self._workers.results(count_mentions, jobs):
            counted = count_mentions(job) if isinstance(result, Failure) else result
            for family, counts in counted.items():
                self._mentions.setdefault(family, Counter()).update(counts)
        with self._store.transaction():
            self._store.reckon_references(self._mentions)
        self._mentions.clear()

    def _step(self, count: int) -> None:
        self._done += count
        self._tell(min(self._done, self._total), self._total)


def _tell_nobody(done: int, total: int) -> None:
    """Progress where nobody wants to know."""


def _seconds(job: ReadJob) -> float:
    """Processor time that a worker may take for a job."""
    return round(LEAST_SECONDS + SECONDS_PER_MEGABYTE * job.size / 1_000_000, 1)


def _size(path: str) -> int:
    try:
        return os.lstat(path).st_size
    except OSError:  # it has gone; the worker finds that out
        return 0


def _in_time(items: Iterable[_T]) -> Iterator[list[_T]]:
    """Items in lists, each of what came within BATCH_SECONDS: what is done becomes visible, and lasts."""
    batch: list[_T] = []
    started = time.monotonic()
    for item in items:
        batch.append(item)
        if time.monotonic() - started > BATCH_SECONDS:
            yield batch
            batch, started = [], time.monotonic()
    if batch:
        yield batch


def _parts(items: list[_T], size: int) -> Iterator[list[_T]]:
    for at in range(0, len(items), size):
        yield items[at : at + size]
