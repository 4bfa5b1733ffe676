"""What most verbs begin with: the workspace, its settings, and an index that is up to date."""

import argparse
from pathlib import Path

from codeanvil import settings
from codeanvil.settings import Settings
from codeanvil.workspace.location import find


def opened(arguments: argparse.Namespace) -> tuple[Path, Settings]:
    """The workspace named on the command line and its settings. Raises WorkspaceError, SettingsError."""
    root = find(arguments.workspace)
    return root, settings.load(root)
