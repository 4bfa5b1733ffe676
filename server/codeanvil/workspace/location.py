"""Where a workspace is, and where its own files lie."""

import contextlib
import os
import pwd
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from codeanvil.errors import WideFolderError, WorkspaceError
from codeanvil.settings import Settings, own_folder

INDEX_NAME = "index.db"
DATA_SET_NAME = "training_data.jsonl"
ALLOWED_NAME = "all-of-it-may-be-read"
"""Marks a data folder whose wide folder may be read."""

_MANY_HOMES = frozenset({Path("/home"), Path("/Users")})


@dataclass(frozen=True, slots=True)
class Place:
    """Where a workspace is: its folder `root`, and the settings `layer` that come with it and go before all others."""

    root: Path
    layer: Mapping[str, Any] = field(default_factory=dict)


def place(path: Path) -> Place:
    """The workspace at `path`, which may be one file: that is read alone, and nothing is written beside it.

    Raises WorkspaceError where there is nothing that can be read.
    """
    found = _found(path)
    if found.is_dir():
        return Place(found)
    if not found.is_file():
        raise WorkspaceError(f"{found} is neither a folder nor a file of text; open the folder of a project instead.")
    return Place(found.parent, {"data_dir": str(own_folder(found)), "index": {"only": found.name}})


def find(root: Path) -> Path:
    """The folder at `root`, absolute and without symbolic links. Raises WorkspaceError where that is no folder."""
    found = _found(root)
    if not found.is_dir():
        raise WorkspaceError(f"{found} is a file; open the folder that holds it instead: {found.parent}")
    return found


def name_of(root: Path, settings: Settings) -> Path:
    """What the user opened: the folder `root`, or a file in it that is read alone."""
    file = root / settings.index.only
    return file if settings.index.only and settings.data_folder(root) == own_folder(file) else root


def _found(path: Path) -> Path:
    try:
        return path.expanduser().resolve(strict=True)
    except PermissionError as error:
        raise WorkspaceError(
            f"{path} cannot be opened; ask for the right to read it, or open another folder."
        ) from error
    except (OSError, RuntimeError, ValueError) as error:
        raise WorkspaceError(f"There is no folder {path}; give the path of an existing folder or file.") from error


def refuse_wide(root: Path, settings: Settings) -> None:
    """Raise WideFolderError for a folder of many projects, until `allow_wide` was called for it.

    `/`, homes and what holds homes have keys, caches and other people's code in them that nobody wants in an index
    or in training data by mistake. One file in them is no such mistake.
    """
    if settings.index.only:
        return
    if (root in _MANY_HOMES or any(home.is_relative_to(root) for home in _homes())) and not _allowed(
        root, settings
    ).exists():
        raise WideFolderError(
            f"{root} is not one project's folder: all projects and private files in it would be read. "
            "Open the folder of a project inside it instead."
        )


def allow_wide(root: Path, settings: Settings) -> None:
    """Note for good that all of the folder `root` may be read. Raises WorkspaceError."""
    make_data_folder(root, settings)
    _allowed(root, settings).touch()


def index_path(root: Path, settings: Settings) -> Path:
    """The store of the workspace at `root`, whether or not it is there yet."""
    return settings.data_folder(root) / INDEX_NAME


def data_set_path(root: Path, settings: Settings) -> Path:
    """The data set of the workspace at `root`, whether or not it is there yet."""
    return settings.data_folder(root) / DATA_SET_NAME


def make_data_folder(root: Path, settings: Settings) -> Path:
    """The folder of the workspace's own files, made if need be; it tells git to ignore it.

    Raises WorkspaceError naming the `data_dir` setting where it cannot be written.
    """
    folder = settings.data_folder(root)
    ignore = folder / ".gitignore"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not ignore.exists():
            ignore.write_text("*\n", "utf-8")
        if not os.access(folder, os.W_OK | os.X_OK):
            raise PermissionError(13, "Permission denied", str(folder))
    except OSError as error:
        raise WorkspaceError(
            f"CodeAnvil cannot write to {folder} ({error.strerror}); "
            "set data_dir to a folder that can be written, in codeanvil.toml or in the editor's settings."
        ) from error
    return folder


def folder_name(root: Path) -> str:
    """What the project at `root` is called where nothing in it says so; bytes that are no text are replaced."""
    return os.fsencode(root.name).decode(errors="replace")


def elsewhere(root: Path, settings: Settings) -> str:
    """The sentence that tells of a data folder that nobody chose; '' where it is in the workspace or was set."""
    folder = settings.data_folder(root)
    if (file := name_of(root, settings)) != root:
        return f"{file} is read alone; its index and runs are kept in {folder}."
    if settings.data_dir or folder.is_relative_to(root):
        return ""
    return f"{root} cannot be written to, so its index and runs are kept in {folder}; set data_dir for another place."


def _allowed(root: Path, settings: Settings) -> Path:
    return settings.data_folder(root) / ALLOWED_NAME


def _homes() -> set[Path]:
    """The user's home by `HOME` and by the user database."""
    homes = {Path("~").expanduser().resolve()}
    with contextlib.suppress(KeyError):  # containers run as users that have no entry
        homes.add(Path(pwd.getpwuid(os.getuid()).pw_dir).resolve())
    return homes
