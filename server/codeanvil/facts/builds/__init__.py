"""What build files say: one module per build system, chosen by the file's path."""

import re
from collections.abc import Callable
from functools import lru_cache

from codeanvil.facts.builds import pyproject
from codeanvil.facts.builds.cmake import lists as cmake
from codeanvil.facts.builds.combine import combine
from codeanvil.facts.builds.make import makefile
from codeanvil.facts.model import BuildFacts

__all__ = ["combine", "is_build_file", "read_build"]

Reader = Callable[[str, bytes], BuildFacts]

_READERS: tuple[tuple[str, Reader], ...] = (
    (r"CMakeLists\.txt", cmake.read),
    (r"(?:[Mm]akefile|GNUmakefile|.*\.mk)", makefile.read),
    (r"pyproject\.toml", pyproject.read),
)
"""Expression for the last part of the path, or for all of it where it holds a '/', and who reads such files."""

_COMPILED = tuple((re.compile(rf"(?:.*/)?{expression}"), read) for expression, read in _READERS)


def is_build_file(path: str) -> bool:
    """Whether `read_build` reads files at such a path (relative to the workspace, '/')."""
    return _reader_of(path) is not None


def read_build(path: str, source: bytes) -> BuildFacts:
    """What the build file at `path` says.

    Never raises for any bytes: what hinders is one sentence in `problem`. `path` must be one that
    `is_build_file` knows (KeyError).
    """
    reader = _reader_of(path)
    if reader is None:
        raise KeyError(path)
    return reader(path, source)


@lru_cache(maxsize=65_536)
def _reader_of(path: str) -> Reader | None:
    return next((read for expression, read in _COMPILED if expression.fullmatch(path)), None)
