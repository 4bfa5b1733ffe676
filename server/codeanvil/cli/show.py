"""`prepare --show` and `prepare --source`: samples of the data set, to be read by people."""

import argparse
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from codeanvil.cli.output import Output
from codeanvil.errors import UsageError
from codeanvil.settings import Settings
from codeanvil.workspace.rows_of_file import Row, read_rows, rows_of_file


def show(root: Path, settings: Settings, data_set: Path, arguments: argparse.Namespace, out: Output) -> None:
    """Print the rows of `data_set` of the kind `arguments.show` that were made from the file `arguments.source`.

    Either may be None, which asks for all. Raises UsageError for a kind that the data set lacks, WorkspaceError where
    there is nothing to show.
    """
    rows = read_rows(data_set)
    if arguments.source is not None:
        rows = rows_of_file(root, settings, rows, arguments.source)
    if arguments.show is not None:
        rows = _of_kind(rows, arguments.show)
    for number, row in enumerate(rows, 1):
        if out.as_json:
            out.line(row)
        else:
            out.say(_text(row, f"{number:,} of {len(rows):,}"))


def _of_kind(rows: Sequence[Row], kind: str) -> list[Row]:
    found = [row for row in rows if row["kind"] == kind]
    if not found:
        counts = sorted(Counter(row["kind"] for row in rows).items())
        kinds = ", ".join(f"{name} ({count:,})" for name, count in counts)
        raise UsageError(f"There is no sample of the kind '{kind}'; there are: {kinds}.")
    return found


def _text(row: Row, place: str) -> str:
    """A row for people, with an empty line at its end; what has several lines is indented."""
    parts = [("Question", row["instruction"]), ("Evidence", row["input"]), ("Answer", row["output"])]
    parts.append(("Source", row["source"] or "the whole project"))
    lines = [f"{row['kind']}, {place}"]
    for name, text in parts:
        if "\n" in text:
            lines += [f"  {name}:", *(f"    {line}".rstrip() for line in text.splitlines())]
        elif text:
            lines.append(f"  {name + ':':<9} {text}")
    return "\n".join(lines) + "\n"
