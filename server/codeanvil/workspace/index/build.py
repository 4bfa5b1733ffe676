"""Building the index: from the files of a workspace to facts and samples in its store, as little as need be.

What did not change is known by its content's hash and not parsed again; what samples depend on is known by the
digest of their view, and samples of an equal view are kept. Every batch is one transaction: a build that is
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

from codeanvil.settings import Settings
from codeanvil.workspace.files import NOT_REGULAR, VANISHED, LeftOutError, Tree, read
from codeanvil.workspace.ignore import FILE_NAMES as IGNORE_FILES
from codeanvil.workspace.index import jobs
from codeanvil.workspace.index.jobs import ParseJob, SamplesJob
from codeanvil.workspace.index.lock import writer_lock
from codeanvil.workspace.index.report import IndexReport
from codeanvil.workspace.index.workers import Failure, Workers
from codeanvil.workspace.location import find, index_path, make_data_folder
from codeanvil.workspace.store.rows import PackedSamples, pack_samples
from codeanvil.workspace.store.schema import DamagedStoreError, discard
from codeanvil.workspace.store.views import digest, file_view, project_view
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
        everything = only is None or not self._store.meta("complete")
        found = self._scan() if only is None or everything else self._look_at(only)
        self._total = 2 * len(found.read)
        self._tell(0, self._total)
        self._left_out.update(found.gone)
        self._drop_left_out()
        self._parse(found.read)
        self._store.refresh_importance()
        self._refresh_files()
        self._refresh_project()
        if everything:
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
        if "" in changed or any(path.rpartition("/")[2] in IGNORE_FILES for path in changed):
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
                self._step(2)
                continue
            if self._known.get(path) == hashlib.sha256(source).hexdigest():
                self._unchanged += 1
                self._step(2)
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

    # --- samples

    def _refresh_files(self) -> None:
        """Look at every view that may have changed; make samples where it did."""
        settings = self._settings.samples.model_dump_json()
        if self._store.meta("sample_settings") != settings:
            with self._store.transaction():
                self._store.mark_all_stale()
                self._store.put_meta("sample_settings", settings)
        kept: list[tuple[str, str]] = []
        digests: dict[str, str] = {}
        parsed = set(self._parsed)
        changed = self._changed_views(self._store.stale_files(), digests, kept)
        for batch in _batches(self._workers.results(jobs.make_samples, changed)):
            with self._store.transaction():
                for job, result in batch:
                    self._keep(job.path, digests.pop(job.path), result)
                    if job.path in parsed:
                        self._step()
        with self._store.transaction():
            for path, view in kept:
                self._store.put_samples(path, view, None)

    def _changed_views(
        self, paths: Iterable[str], digests: dict[str, str], kept: list[tuple[str, str]]
    ) -> Iterator[SamplesJob]:
        for path in paths:
            view = file_view(self._store, path)
            view_digest = digest(view, self._settings.samples) if view else ""
            if view is None or view_digest == self._store.view_digest(path):
                kept.append((path, view_digest))
            else:
                digests[path] = view_digest
                yield SamplesJob(path, view, self._settings.samples)

    def _keep(self, path: str, view_digest: str, result: PackedSamples | Failure) -> None:
        if isinstance(result, Failure):
            self._store.put_problem(path, f"{path} {result.problem}")
            result = pack_samples(())
        self._store.put_samples(path, view_digest, result)
        self._regenerated.append(path)

    def _refresh_project(self) -> None:
        view, stack = project_view(self._store, self._root.name)
        view_digest = digest(view, self._settings.samples)
        samples = None
        if view_digest != self._store.meta("project_view"):
            job = SamplesJob("", view, self._settings.samples)
            for _, result in self._workers.results(jobs.make_samples, [job]):
                samples = pack_samples(()) if isinstance(result, Failure) else result
            self._regenerated.append("")
        with self._store.transaction():
            self._store.put_project(view_digest, stack, samples)

    def _step(self, count: int = 1) -> None:
        self._done += count
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
