"""What a verb says: words for people, or JSON and nothing else on standard output."""

import io
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import IO, Any

from rich.console import Console
from rich.table import Table

_FILE_WIDTH = 10_000

_AS_ESCAPES = "backslashreplace"
"""What cannot be encoded is written as an escape, which in JSON means the same again."""


class Output:
    """Standard output as words (`say`, `show`) or JSON (`document`, `line`); notices on standard error.

    With `as_json` the process's own standard output is moved to standard error, so that no library and no child
    process can write between the JSON.
    """

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):  # a path may hold bytes that are no text
                stream.reconfigure(errors=_AS_ESCAPES)
        self._json: IO[str] = sys.stdout
        if as_json:
            sys.stdout.flush()
            self._json = os.fdopen(os.dup(1), "w", encoding="utf-8", errors=_AS_ESCAPES)
            os.dup2(2, 1)
        self.console = Console(quiet=as_json, highlight=False, soft_wrap=True)
        if not self.console.is_terminal:
            self.console.width = _FILE_WIDTH  # a file has no edge at which tables must be cut
        self.notices = Console(stderr=True, highlight=False, soft_wrap=True)

    def close(self) -> None:
        """Give the file behind the JSON back."""
        if self.as_json:
            self._json.close()

    def document(self, value: Any) -> None:
        """The one JSON document of this call."""
        if self.as_json:
            self._json.write(json.dumps(value, indent=2, ensure_ascii=False) + "\n")
            self._json.flush()

    def line(self, value: Any) -> None:
        """One of this call's JSON lines, in either form of output."""
        self._json.write(json.dumps(value, ensure_ascii=False) + "\n")
        self._json.flush()

    def abandon(self) -> None:
        """Drop what is not written yet: nobody reads any more, and Python would complain once more at its end."""
        os.dup2(os.open(os.devnull, os.O_WRONLY), self._json.fileno())

    def say(self, text: str) -> None:
        """A line for people, as it is."""
        self.console.print(text, markup=False)

    def notice(self, text: str) -> None:
        """A line on standard error, also beside JSON."""
        self.notices.print(text, markup=False)

    def pairs(self, rows: Sequence[tuple[str, str]]) -> None:
        """Names and values in two columns."""
        grid = Table.grid(padding=(0, 2))
        grid.add_column(style="bold")
        grid.add_column(overflow="fold")
        for name, value in rows:
            grid.add_row(name, value)
        self.console.print(grid)

    def table(self, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """A table with a header."""
        made = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
        for column in columns:
            made.add_column(column, no_wrap=True)
        for row in rows:
            made.add_row(*row)
        self.console.print(made)

    @contextmanager
    def working(self, text: str) -> Iterator[Callable[[int, int], None]]:
        """While something long goes on: yields what to call with (done, total). Silent where there is no terminal."""
        with self.notices.status(text) as status:
            yield lambda done, total: status.update(f"{text} {done:,} of {total:,}" if total else text)
