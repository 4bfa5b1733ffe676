"""Secrets: which files are for them, and what of them stands in other files."""

from codeanvil.workspace.secrets.names import is_secret_file
from codeanvil.workspace.secrets.screening import PLACEHOLDER, PRIVATE_KEY, Screened, screen

__all__ = ["PLACEHOLDER", "PRIVATE_KEY", "Screened", "is_secret_file", "screen"]
