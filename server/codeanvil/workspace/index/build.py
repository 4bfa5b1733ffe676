"""Building the index: from the files of a workspace to the facts in its store, as little as need be.

What did not change is known by its content's hash and not parsed again. The first build makes no samples, since nobody
may want them; later ones make those of what changed (`sample_cache`). Every batch is one transaction: a build that is
killed goes on where it was.
"""

import hashlib
import json
import posixpath
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from codeanvil.facts.stack import stack
from codeanvil.settings import Settings
from codeanvil.workspace.files import NOT_REGULAR, VANISHED, LeftOutError, Tree, read
from codeanvil.workspace.ignore import FILE_NAMES as IGNORE_FILES
from codeanvil.workspace.index import jobs
from codeanvil.workspace.index.jobs import ParseJob
from codeanvil.workspace.index.lock import writer_lock
from codeanvil.workspace.index.report import IndexReport
from codeanvil.workspace.index.workers import Failure, Workers
from codeanvil.workspace.location import find, index_path, make_data_folder, refuse_wide
from codeanvil.workspace.sample_cache import SampleMaker
from codeanvil.workspace.store.schema import DamagedStoreError, discard
from codeanvil.workspace.store.writing import StoreWriter

BATCH = 50
"""Files per transaction, at most."""

BATCH_SECONDS = 1.0
"""Longest wait before what is done is written."""

Progress = Callable[[int, int], None]

_T = TypeVar("_T")


def build_index(
    root: Path,
    settings: Settings,
    *,
    progress: Progress | None = None,
    only: Iterable[str] | None = None,
    workers: Workers | None = None,
) -> IndexReport:
    """Bring the store of the workspace at `root` up to date and say what that took.

    `only` names the paths (relative, '/'; files or folders) that may have changed or gone; without it, or while no
    build has run to its end yet, all are looked at. `progress` is told steps done and steps in all. `workers` are
    used and left open; without them, own ones are started and ended. Waits for another writer. A file that changes
    or vanishes meanwhile is no error. Raises WorkspaceError, StoreError.
    """
    root = find(root)
    refuse_wide(root, settings)
    folder = make_data_folder(root, settings)
    path = index_path(root, settings)
    with writer_lock(folder), nullcontext(workers) if workers else Workers(settings.index.processes) as pool:
        try:
            with StoreWriter(path) as store:
                return _Build(root, settings, store, pool, progress).run(only)
        except DamagedStoreError:
            discard(path)  # everything in it can be made again
        with StoreWriter(path) as store:
            return _Build(root, settings, store, pool, progress).run(None)


@dataclass(slots=True)
class _Found:
    """What a build has to look at: files to read, and indexed files that are gone or left out (path to reason)."""

    read: list[str]
    gone: dict[str, str]


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
        self._known = store.shas()
        self._passed_over = store.passed_over()
        self._left_out: dict[str, str] = {}
        self._parsed: list[str] = []
        self._removed: list[str] = []
        self._regenerated: list[str] = []
        self._unchanged = 0
        self._done = self._total = 0

    def run(self, only: Iterable[str] | None) -> IndexReport:
        """The whole build."""
        started = time.monotonic()
        first = not self._store.meta("complete")
        found = self._scan() if only is None or first else self._look_at(only)
        self._total = len(found.read)
        self._tell(0, self._total)
        self._left_out.update(found.gone)
        self._drop_left_out()
        self._parse(found.read)
        self._store.refresh_importance()
        self._note_sample_settings()
        self._renew([source for source in self._store.stale_sources() if source])
        self._refresh_stack()
        self._renew([source for source in self._store.stale_sources() if not source])
        if first:
            with self._store.transaction():
                self._store.put_meta("complete", "1")
        self._tell(self._total, self._total)
        return replace(
            self._store.report(),
            parsed=tuple(sorted(self._parsed)),
            unchanged=self._unchanged,
            removed=tuple(sorted(self._removed)),
            regenerated=tuple(sorted(self._regenerated)),
            seconds=time.monotonic() - started,
        )

    # --- which files

    def _scan(self) -> _Found:
        scan = Tree(self._root, self._settings.index).scan()
        files = set(scan.files)
        with self._store.transaction():
            self._store.put_meta("left_out", json.dumps(scan.left_out))
            for path in self._passed_over - files:
                self._store.forget_passed_over(path)
        return _Found(scan.files, dict.fromkeys(self._known.keys() - files, VANISHED))

    def _look_at(self, paths: Iterable[str]) -> _Found:
        """As `_scan`, for paths that are said to have changed. A changed ignore file may concern any file."""
        tree = Tree(self._root, self._settings.index)
        changed = {path for path in map(_normal, paths) if path is not None}
        if "" in changed:
            return self._scan()
        if any(path.rpartition("/")[2] in IGNORE_FILES for path in changed):
            found = self._scan()
            return _Found([path for path in found.read if path in changed or path not in self._known], found.gone)
        read: set[str] = set()
        gone: dict[str, str] = {}
        for path in changed:
            why = tree.reason(path)
            if why is None:
                read.add(path)
            if why == NOT_REGULAR:  # a folder
                read.update(tree.scan(path).files)
        for known in self._known.keys() | self._passed_over:
            if known not in read and any(part in changed for part in _with_parents(known)):
                why = tree.reason(known)
                if why is None:
                    read.add(known)
                else:
                    gone[known] = why
        return _Found(sorted(read), gone)

    # --- parsing

    def _parse(self, paths: list[str]) -> None:
        for batch in _batches(self._workers.results(jobs.parse, self._jobs(paths))):
            with self._store.transaction():
                for job, result in batch:
                    self._store.put(jobs.failed(job, result) if isinstance(result, Failure) else result)
                    self._parsed.append(job.path)
                    self._step()
        self._drop_left_out()

    def _jobs(self, paths: Iterable[str]) -> Iterator[ParseJob]:
        """The files that are not in the store as they are now; each file's bytes are read once, here."""
        for path in paths:
            try:
                source = read(self._root, path, self._settings.index.max_file_bytes)
            except LeftOutError as why:
                self._left_out[path] = str(why)
                self._step()
                continue
            if self._known.get(path) == hashlib.sha256(source).hexdigest():
                self._unchanged += 1
                self._step()
            else:
                yield ParseJob(path, source)

    def _drop_left_out(self) -> None:
        if not self._left_out:
            return
        with self._store.transaction():
            for path, reason in self._left_out.items():
                if path in self._known:
                    self._store.remove(path)
                    self._removed.append(path)
                if reason == VANISHED:
                    self._store.forget_passed_over(path)
                else:
                    self._store.pass_over(path, reason)
        self._left_out.clear()

    # --- what follows from all files together

    def _note_sample_settings(self) -> None:
        settings = self._settings.samples.model_dump_json()
        if self._store.meta("sample_settings") != settings:
            with self._store.transaction():
                self._store.mark_all_samples_stale()
                self._store.put_meta("sample_settings", settings)

    def _renew(self, sources: list[str]) -> None:
        """Samples of what changed, at once: somebody who saved a file waits for them."""
        self._regenerated += SampleMaker(self._root, self._settings, self._workers).renew(self._store, sources)

    def _refresh_stack(self) -> None:
        state = self._store.state()
        if self._store.meta("stack_of") != state:
            with self._store.transaction():
                self._store.put_stack(stack(self._store.stack_facts(), self._store.builds()))
                self._store.put_meta("stack_of", state)

    def _step(self) -> None:
        self._done += 1
        self._tell(min(self._done, self._total), self._total)


def _tell_nobody(done: int, total: int) -> None:
    """Progress where nobody wants to know."""


def _batches(items: Iterable[_T]) -> Iterator[list[_T]]:
    """Items in lists of up to BATCH, sooner when BATCH_SECONDS have passed: what is done becomes visible."""
    batch: list[_T] = []
    started = time.monotonic()
    for item in items:
        batch.append(item)
        if len(batch) >= BATCH or time.monotonic() - started > BATCH_SECONDS:
            yield batch
            batch = []
            started = time.monotonic()
    if batch:
        yield batch


def _with_parents(path: str) -> Iterator[str]:
    while path:
        yield path
        path = path.rpartition("/")[0]


def _normal(path: str) -> str | None:
    """A path as the store has it: relative, without '.', '..' or a trailing '/'; None where that is impossible."""
    clean = posixpath.normpath(path)
    if clean.startswith(("/", "../")) or clean == "..":
        return None
    return "" if clean == "." else clean
