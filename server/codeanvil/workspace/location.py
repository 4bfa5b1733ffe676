"""Where a workspace is, and where its own files lie."""

import os
import pwd
from pathlib import Path

from codeanvil.errors import WorkspaceError
from codeanvil.settings import Settings

INDEX_NAME = "index.db"
DATA_SET_NAME = "training_data.jsonl"


def find(root: Path) -> Path:
    """The workspace at `root`, absolute and without symbolic links.

    Raises WorkspaceError where that is no folder, or a folder of many projects: `/` and homes hold keys, caches
    and other people's code that no index and no training data should see.
    """
    try:
        found = root.expanduser().resolve(strict=True)
    except PermissionError as error:
        raise WorkspaceError(
            f"{root} cannot be opened; ask for the right to read it, or open another folder."
        ) from error
    except (OSError, RuntimeError) as error:
        raise WorkspaceError(f"There is no folder {root}; give the path of an existing folder.") from error
    if not found.is_dir():
        raise WorkspaceError(f"{found} is a file; open the folder that holds it instead: {found.parent}")
    if found == Path(found.anchor) or found in _homes():
        raise WorkspaceError(f"{found} is not one project's folder; open the folder of a project inside it instead.")
    return found


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


def _homes() -> set[Path]:
    """The user's home by `HOME` and by the user database, and the folder where users' homes lie."""
    homes = {Path("~").expanduser().resolve()}
    try:
        home = Path(pwd.getpwuid(os.getuid()).pw_dir).resolve()
    except KeyError:  # containers run as users that have no entry
        return homes
    return homes | {home, home.parent}
