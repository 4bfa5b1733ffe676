"""Folders that are whole or absent."""

import os
import shutil
from pathlib import Path

SEED_FOLDER = Path(__file__).parent / "seed"
"""The demonstration model."""


def replace_folder(partial: Path, final: Path) -> None:
    """Put the finished folder `partial` in the place of `final`, on the same disk. Raises OSError.

    After a crash `final` is the old folder, the new one, or (between two renames) absent; never a part.
    """
    for path in [*partial.rglob("*"), partial]:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    old = final.with_name(f".{final.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if final.exists():
        final.rename(old)
    partial.rename(final)
    shutil.rmtree(old, ignore_errors=True)
