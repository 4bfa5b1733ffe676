"""`prepare` and `facts`: the index and the data set."""

import argparse
from dataclasses import asdict
from pathlib import Path

from codeanvil.cli.output import Output
from codeanvil.cli.show import show
from codeanvil.cli.status import index_lines
from codeanvil.cli.workspace import opened
from codeanvil.facts.model import Symbol
from codeanvil.runs.status import index_row
from codeanvil.settings import Settings
from codeanvil.workspace.dataset import write_dataset
from codeanvil.workspace.index.build import build_index
from codeanvil.workspace.index.report import IndexReport
from codeanvil.workspace.location import elsewhere, index_path, name_of
from codeanvil.workspace.store import Store


def prepare(arguments: argparse.Namespace, out: Output) -> None:
    """Bring the index up to date, write `training_data.jsonl`, and report both or show samples of it."""
    root, settings = opened(arguments)
    brought_up_to_date(root, settings, out)
    with out.working("Writing the data set"):
        data = write_dataset(root, settings)
    if arguments.show is not None or arguments.source is not None:
        show(root, settings, Path(data.path), arguments, out)
        return
    with Store(index_path(root, settings)) as store:
        index = index_row(store.report())
    out.document({"workspace": str(name_of(root, settings)), "index": index, "dataset": asdict(data)})
    tokens = f"about {data.tokens_total:,} tokens (mean {data.tokens_mean:.0f}, median {data.tokens_median:.0f}, "
    out.pairs(
        [
            ("Workspace", str(name_of(root, settings))),
            *index_lines(index),
            ("Data set", f"{data.samples:,} samples in {data.path}"),
            ("", f"{tokens}largest {data.tokens_max:,})"),
            ("", f"{data.left_out:,} samples left out, and {data.files_left_out:,} less important files"),
        ]
    )


def facts(arguments: argparse.Namespace, out: Output) -> None:
    """Every symbol as a JSON line, file by file and by line; the same with and without --json.

    A type that lies in several files has in each what it has in all.
    """
    root, settings = opened(arguments)
    brought_up_to_date(root, settings, out)
    with Store(index_path(root, settings)) as store:
        for file in store.files():
            for symbol in store.symbols_in(file.path):
                out.line(fact(store.whole(symbol)))


def brought_up_to_date(root: Path, settings: Settings, out: Output) -> IndexReport:
    """Read what has changed since the index was made, and return its report."""
    if notice := elsewhere(root, settings):
        out.notice(notice)
    with out.working("Reading the workspace") as counting:
        return build_index(root, settings, progress=counting)


def fact(symbol: Symbol) -> dict[str, object]:
    """One line of `facts --json`."""
    return {
        "kind": symbol.kind,
        "lang": symbol.lang,
        "name": symbol.name,
        "scope": symbol.scope,
        "qualified": symbol.qualified,
        "file": symbol.file,
        "line": symbol.line,
        "end": symbol.end,
        "bases": list(symbol.bases),
        "methods": list(symbol.methods),
        "decl": symbol.decl,
        "doc": symbol.doc,
        "signature": symbol.signature,
    }
