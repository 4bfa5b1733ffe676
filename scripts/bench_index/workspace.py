"""A large real workspace, made of what is installed on this machine."""

import os
import shutil
import sysconfig
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

C_SHARE = 0.35
"""Share of C and C++ files, where so many are installed."""

MOST_BYTES = 1_000_000
_PYTHON = frozenset({".py", ".pyi"})
_C = frozenset({".h", ".hpp", ".c", ".cc", ".cpp", ".cuh"})
_NOT_PART = frozenset({"site-packages", "__pycache__"})


def make_workspace(root: Path, files: int) -> None:
    """Copy up to `files` source files into the new folder `root`: the same ones on each call."""
    standard = Path(sysconfig.get_path("stdlib"))
    packages = Path(sysconfig.get_path("purelib"))
    headers = list(islice(_sources(packages, _C, "headers"), int(files * C_SHARE)))
    python = [*_sources(standard, _PYTHON, "library"), *_sources(packages, _PYTHON, "packages")]
    for source, target in [*python[: files - len(headers)], *headers]:
        (root / target).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, root / target)


def _sources(folder: Path, suffixes: frozenset[str], name: str) -> Iterator[tuple[Path, Path]]:
    """The files below `folder` with one of these suffixes, sorted, and where they go: under the folder `name`."""
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(set(folders) - _NOT_PART)
        for file in sorted(names):
            path = Path(parent) / file
            if path.suffix in suffixes and not path.is_symlink() and path.stat().st_size < MOST_BYTES:
                yield path, Path(name) / path.relative_to(folder)
