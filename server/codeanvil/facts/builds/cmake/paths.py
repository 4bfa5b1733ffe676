"""Paths as CMake files write them."""

import posixpath

BUILD = "build"
"""The folder that answers build in."""


def tidy(path: str) -> str:
    """`./src//x.cpp` as src/x.cpp; what begins with a variable stays as it is."""
    return posixpath.normpath(path) if path and not path.startswith("$") else path
