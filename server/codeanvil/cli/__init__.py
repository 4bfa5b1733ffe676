"""The command line: arguments in, rooms called, words or JSON out. What the verbs do is in the rooms."""

from codeanvil.cli.entry import main

__all__ = ["main"]
