"""What is known of the project as a whole, brought up to date after its files were: its stack.

That looks at every file, and nobody who saves one waits for it.
"""

from pathlib import Path

from codeanvil.facts.stack import stack
from codeanvil.settings import Settings
from codeanvil.workspace.index.lock import writer_lock
from codeanvil.workspace.location import index_path, make_data_folder
from codeanvil.workspace.store import Store
from codeanvil.workspace.store.writing import StoreWriter


def refresh_stack(store: StoreWriter) -> None:
    """Bring the stack up to date where files have changed since, in the build that holds `store`."""
    state = store.state()
    if store.meta("stack_of") != state or not store.meta("stack"):
        with store.transaction():
            store.put_stack(stack(store.stack_facts(), store.builds()), state)


def refresh_stack_meanwhile(root: Path, settings: Settings) -> None:
    """The same, while others may write: their waiting is for the writing alone. What is outdated by then is not kept.

    Raises StoreError, WorkspaceError.
    """
    path = index_path(root, settings)
    with Store(path) as reader, reader.snapshot():
        state = reader.state()
        if reader.meta("stack_of") == state:
            return
        found = stack(reader.stack_facts(), reader.builds())
    with writer_lock(make_data_folder(root, settings)), StoreWriter(path) as store, store.transaction():
        if store.state() == state:
            store.put_stack(found, state)
