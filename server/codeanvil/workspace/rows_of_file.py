"""Rows of the data set that were made from one file."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from codeanvil.errors import WorkspaceError
from codeanvil.settings import Settings
from codeanvil.workspace.location import index_path
from codeanvil.workspace.store import Store

Row = Mapping[str, str]
"""A line of `training_data.jsonl`."""


def read_rows(data_set: Path) -> list[Row]:
    """All rows of `training_data.jsonl`."""
    with data_set.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def rows_of_file(root: Path, settings: Settings, rows: Sequence[Row], given: Path) -> list[Row]:
    """Those made from `given`, a path in the workspace or one relative to the current folder.

    Raises WorkspaceError, which says why there is none.
    """
    path = _inside(root, given)
    found = [row for row in rows if row["source"] == path]
    if found:
        return found
    with Store(index_path(root, settings)) as store:
        known = store.file(path) is not None
    if known:
        raise WorkspaceError(
            f"The data set has no sample of {path}: other files are more important; raise `samples.max` to take it in."
        )
    raise WorkspaceError(
        f"There is no {path} in the index of {root}; give the path of a source or build file that git does not ignore."
    )


def _inside(root: Path, given: Path) -> str:
    """A path as the index has it: `given` is relative to the workspace, or else to the current folder."""
    full = given if given.is_absolute() else root / given
    if not full.exists():
        full = given.absolute()
    try:
        return full.resolve().relative_to(root).as_posix()
    except (OSError, RuntimeError, ValueError):
        return given.as_posix()
