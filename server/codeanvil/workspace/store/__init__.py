"""The store: what the index knows of a workspace, in SQLite. One process writes, all read."""

from codeanvil.workspace.store.reading import Store
from codeanvil.workspace.store.rows import Use

__all__ = ["Store", "Use"]
