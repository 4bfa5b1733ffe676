"""A small workspace to index, with worker processes that all tests share."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from codeanvil.settings import Settings
from codeanvil.workspace.dataset import make_samples
from codeanvil.workspace.index.build import build_index
from codeanvil.workspace.index.report import IndexReport
from codeanvil.workspace.index.workers import Workers
from codeanvil.workspace.location import index_path
from codeanvil.workspace.store import Store


class WorkHere(Workers):
    """Does the jobs in this process, for tests that change what the system tells it."""

    def start(self, count: int) -> None:
        """There is nobody to start."""

    def results(
        self, function: Callable[[Any], Any], jobs: Iterable[Any], seconds: object = None
    ) -> Iterator[tuple[Any, Any]]:
        for job in jobs:
            yield job, function(job)


class Project:
    """A workspace on disk and its index."""

    def __init__(self, root: Path, workers: Workers) -> None:
        self.root = root
        self.settings = Settings()
        self.workers = workers

    def write(self, files: dict[str, str | bytes | None]) -> None:
        """Write these files; None deletes one."""
        for path, content in files.items():
            full = self.root / path
            if content is None:
                full.unlink()
                continue
            full.parent.mkdir(parents=True, exist_ok=True)
            full.write_bytes(content.encode() if isinstance(content, str) else content)

    def index(self, *only: str) -> IndexReport:
        """Build the index; with paths, for these only."""
        return build_index(self.root, self.settings, only=only or None, workers=self.workers)

    def work_here(self) -> None:
        """Read files in this process from now on, and in no others."""
        self.workers = WorkHere()

    def make_samples(self) -> None:
        """Make the samples that a data set is chosen from."""
        make_samples(self.root, self.settings, self.workers)

    def store(self) -> Store:
        """The store, for reading."""
        return Store(index_path(self.root, self.settings))

    def store_report(self) -> IndexReport:
        """What the store says is in it."""
        with self.store() as store:
            return store.report()

    def names(self) -> list[str]:
        """All symbol names of the store."""
        with self.store() as store:
            return list(store.symbol_names())


@pytest.fixture(scope="session")
def workers() -> Iterator[Workers]:
    """Worker processes, started once."""
    with Workers(2, seconds=60) as workers:
        yield workers


@pytest.fixture(scope="session")
def open_project(workers: Workers) -> Callable[[Path], Project]:
    """Makes a workspace of a folder."""
    return lambda root: Project(root, workers)


@pytest.fixture
def project(tmp_path: Path, open_project: Callable[[Path], Project]) -> Project:
    """An empty workspace."""
    root = tmp_path / "project"
    root.mkdir()
    return open_project(root)
