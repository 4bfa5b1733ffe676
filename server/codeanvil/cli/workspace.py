"""What most verbs begin with: the workspace and its settings."""

import argparse
import sys
from pathlib import Path

from codeanvil import settings
from codeanvil.errors import WideFolderError
from codeanvil.settings import Settings
from codeanvil.workspace.location import allow_wide, place, refuse_wide


def opened(arguments: argparse.Namespace) -> tuple[Path, Settings]:
    """The workspace named on the command line, a folder or one file, and its settings.

    Verbs that read the workspace have `--yes`; they ask here before a folder of many projects is read. Raises
    WorkspaceError, SettingsError.
    """
    where = place(arguments.workspace)
    root, found = where.root, settings.load(where.root, where.layer)
    if "yes" in arguments:
        _ask_for_wide(root, found, yes=arguments.yes)
    return root, found


def _ask_for_wide(root: Path, found: Settings, *, yes: bool) -> None:
    """Have the user allow that a folder of many projects is read. Raises WideFolderError where they do not."""
    try:
        refuse_wide(root, found)
    except WideFolderError as error:
        if not yes and not (sys.stdin.isatty() and sys.stderr.isatty()):
            raise WideFolderError(f"{error} To read all of it, say so with --yes.") from error
        if not yes:
            print(f"{error}\nRead all of it? [y/N] ", end="", file=sys.stderr, flush=True)
            if sys.stdin.readline().strip().lower() not in {"y", "yes"}:
                raise WideFolderError(f"{root} was not read.") from error
        allow_wide(root, found)
