"""The peer: `python bare.py ROOT PROCESSES` parses the files of a folder and runs the queries on them, and no more."""

import os
import sys
from collections.abc import Sequence
from multiprocessing import Pool
from pathlib import Path

CHUNK = 32


def main(root: str, processes: int) -> None:
    """Read all source files below `root`."""
    from codeanvil.facts.languages import language_of

    files: list[tuple[str, str]] = []
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if name != ".codeanvil"]
        for name in names:
            path = f"{folder}/{name}"
            if language := language_of(path):  # a header without a look at it is C++
                files.append((path, language))
    with Pool(processes) as pool:
        list(pool.imap_unordered(_read, [files[at : at + CHUNK] for at in range(0, len(files), CHUNK)]))


def _read(files: Sequence[tuple[str, str]]) -> None:
    from codeanvil.facts.languages import LANGUAGES

    for path, name in files:
        language = LANGUAGES[name]
        language.queried(language.parse(Path(path).read_bytes()))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
