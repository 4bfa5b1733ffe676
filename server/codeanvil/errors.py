"""Errors a user can act on: what happened, to which file, what to do.

    CodeAnvilError              a sentence for the user; every other error here is one
    ├── UsageError              the call itself is wrong (command line: exit code 2)
    ├── SettingsError           a settings file or value cannot be used
    ├── WorkspaceError          the folder cannot be read, indexed or written to
    │   └── WideFolderError     it holds many projects, and nobody has said that all of it may be read
    ├── StoreError              the store cannot be opened or written
    ├── RunError                a training run cannot be started, found, stopped or resumed
    └── ModelError              the model host cannot start or answer

Whoever shows an error to a user prints `str(error)` and nothing else; the cause stays in the log.
"""


class CodeAnvilError(Exception):
    """A failure told in one sentence that names the remedy."""


class UsageError(CodeAnvilError):
    """The call is wrong; nothing was done."""


class SettingsError(CodeAnvilError):
    """A settings file or value cannot be used."""


class WorkspaceError(CodeAnvilError):
    """The workspace cannot be read or written."""


class WideFolderError(WorkspaceError):
    """The folder is a home, or holds homes; nothing in it was looked at."""


class StoreError(CodeAnvilError):
    """The store cannot be opened or written."""


class RunError(CodeAnvilError):
    """A training run cannot be started, found, stopped or resumed."""


class ModelError(CodeAnvilError):
    """The model cannot be loaded or does not answer."""
