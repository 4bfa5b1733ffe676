"""What is known of the project as a whole, brought up to date after its files were: its stack, and its last commits.

That looks at every file, and nobody who saves one waits for it.
"""

from dataclasses import dataclass
from pathlib import Path

from codeanvil.facts.model import History, Stack
from codeanvil.facts.stack import stack
from codeanvil.settings import Settings
from codeanvil.workspace.history import HistoryJob, head_of, read_history
from codeanvil.workspace.index.lock import writer_lock
from codeanvil.workspace.index.workers import Failure, Workers
from codeanvil.workspace.location import index_path, make_data_folder
from codeanvil.workspace.store import Store
from codeanvil.workspace.store.writing import StoreWriter


def refresh_stack(store: StoreWriter) -> None:
    """Bring the stack up to date where files have changed since, in the build that holds `store`."""
    state = store.state()
    if store.meta("stack_of") != state or not store.meta("stack"):
        with store.transaction():
            store.put_stack(stack(store.stack_facts(), store.builds()), state)


def refresh_stack_meanwhile(root: Path, settings: Settings, workers: Workers) -> None:
    """The same, while others may write: their waiting is for the writing alone. What is outdated by then is not kept.

    Every file is looked at in a worker, since in a thread of this process that would hold up the next save. Raises
    StoreError, WorkspaceError.
    """
    path = index_path(root, settings)
    ((_, found),) = workers.results(find_stack, [StackJob(path)])
    if found is None or isinstance(found, Failure):
        return
    with writer_lock(make_data_folder(root, settings)), StoreWriter(path) as store, store.transaction():
        if store.state() == found.state:
            store.put_stack(found.stack, found.state)


@dataclass(frozen=True, slots=True)
class StackJob:
    """The store at `store`, whose stack may be outdated."""

    store: Path


@dataclass(frozen=True, slots=True)
class FoundStack:
    """What a worker found the project to be made of, in this `state` of the store."""

    stack: Stack
    state: str


def find_stack(job: StackJob) -> FoundStack | None:
    """What a project is made of; None where that is known."""
    with Store(job.store) as reader, reader.snapshot():
        state = reader.state()
        if reader.meta("stack_of") == state:
            return None
        return FoundStack(stack(reader.stack_facts(), reader.builds()), state)


def refresh_history(store: StoreWriter, root: Path, workers: Workers) -> None:
    """Ask git for the last commits where HEAD is another than it was, in the build that holds `store`."""
    head = head_of(root)
    if store.meta("history_of") != head:
        history = _history(root, head, workers)
        with store.transaction():
            store.put_history(history)


def refresh_history_meanwhile(root: Path, settings: Settings, workers: Workers) -> None:
    """The same, while others may write. Raises StoreError, WorkspaceError."""
    path = index_path(root, settings)
    head = head_of(root)
    with Store(path) as reader:
        if reader.meta("history_of") == head:
            return
    history = _history(root, head, workers)
    with writer_lock(make_data_folder(root, settings)), StoreWriter(path) as store, store.transaction():
        store.put_history(history)


def _history(root: Path, head: str, workers: Workers) -> History:
    """In a worker, which somebody's old code may hang or kill: then nothing is told of the past."""
    if not head:
        return History()
    ((_, found),) = workers.results(read_history, [HistoryJob(root, head)])
    return History(head) if isinstance(found, Failure) else found
