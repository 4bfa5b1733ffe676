"""Workspaces that the user does not trust: hovers are answered; nothing of theirs is run or written to."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

from codeanvil.errors import UsageError
from codeanvil.settings import Settings, merged, own_folder
from codeanvil.workspace.location import Place


class Trust:
    """Whether the client withholds trust: `trusted` false in its initialization options.

    Then the index is kept in a temporary folder, which `close` removes. No command is carried out, git is not asked,
    no samples are made, and no settings of the workspace count: they name folders and programs.
    """

    def __init__(self) -> None:
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    @property
    def is_withheld(self) -> bool:
        """Whether there is hover only."""
        return self._folder is not None

    def take_options(self, options: object) -> None:
        """Take the client's initialization options, once."""
        if isinstance(options, Mapping) and options.get("trusted") is False:
            self._folder = tempfile.TemporaryDirectory(prefix="codeanvil-", ignore_cleanup_errors=True)

    def needed(self) -> None:
        """Raise UsageError for what is not done in a workspace that is not trusted."""
        if self.is_withheld:
            raise UsageError("Nothing runs until you trust this workspace: trust it in the editor, then try again.")

    def settings_of(self, place: Place) -> Settings:
        """The settings of a workspace that is not trusted. Raises RuntimeError where trust is not withheld."""
        if self._folder is None:
            raise RuntimeError("trust is not withheld")
        folder = Path(self._folder.name, own_folder(place.root).name)
        layer = {"data_dir": str(folder), "editor": {"code_lens": False, "symbols": False}}
        return Settings.model_validate(merged(place.layer, layer))

    def close(self) -> None:
        """Remove what was kept. May be called again and again."""
        if self._folder is not None:
            self._folder.cleanup()
