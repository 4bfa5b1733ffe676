"""The command line of a comparison: a folder, seeds, tokens, what is compared, and where trials are kept."""

import argparse
import json
import tempfile
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any

from scripts.compare_samples.trial import TOKENS

WORKSPACE = Path(__file__).parents[2] / "tests" / "workspaces" / "dicom-viewer"

Compare = Callable[[Path, Path, Sequence[str], Sequence[int], int], dict[str, Any]]
"""Figures of a workspace, with a folder to work in, of these things, with these seeds and so many tokens."""


def run(name: str, told: str, things: tuple[str, Collection[str]], compare: Compare, table: Callable[..., str]) -> int:
    """Read the command line, compare, print. `things`: the option for what is compared, and its values."""
    option, values = things
    parser = argparse.ArgumentParser(prog=f"scripts/{name}", description=told)
    parser.add_argument("folder", nargs="?", type=Path, default=WORKSPACE)
    parser.add_argument("--seeds", type=int, default=3, help="runs of each (default 3)")
    parser.add_argument("--tokens", type=int, default=TOKENS, help=f"tokens a run trains (default {TOKENS:,})")
    parser.add_argument(
        f"--{option}", dest="things", nargs="+", choices=list(values), default=list(values), help="default all"
    )
    parser.add_argument("--work", type=Path, help="folder where trials are kept and found again")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    asked = parser.parse_args()
    if not asked.folder.is_dir():
        parser.error(f"there is no folder {asked.folder}")
    with tempfile.TemporaryDirectory(prefix=f"{name}-") as temporary:
        work: Path = asked.work or Path(temporary)
        figures = compare(asked.folder, work, asked.things, range(asked.seeds), asked.tokens)
    print(json.dumps(figures) if asked.json else table(figures))
    return 0
