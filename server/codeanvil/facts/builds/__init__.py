"""What build files say: one module per build system, chosen by the file's name."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from codeanvil.facts.builds import cmake, pyproject
from codeanvil.facts.builds.combine import combine
from codeanvil.facts.model import BuildFacts

__all__ = ["combine", "is_build_file", "read_build"]

_READERS: Mapping[str, Callable[[str, bytes], BuildFacts]] = MappingProxyType(
    {"CMakeLists.txt": cmake.read, "pyproject.toml": pyproject.read}
)


def is_build_file(path: str) -> bool:
    """Whether `read_build` reads files of this name."""
    return path.rpartition("/")[2] in _READERS


def read_build(path: str, source: bytes) -> BuildFacts:
    """What the build file at `path` (relative to the workspace, '/') says.

    Never raises for any bytes: what hinders is one sentence in `problem`. `path` must be one that
    `is_build_file` knows (KeyError).
    """
    return _READERS[path.rpartition("/")[2]](path, source)
