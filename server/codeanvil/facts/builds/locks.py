"""Files by which a tool pins what it has installed: that they are there tells which tool manages the folder."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from codeanvil.facts.builds.documents import begin
from codeanvil.facts.builds.known import Known
from codeanvil.facts.model import BuildFacts

SYSTEM = "lock"
"""What `BuildFacts.system` says of such files, which `combine` leaves out in the end."""

TOOLS: Mapping[str, str] = MappingProxyType(
    {
        "uv.lock": "uv",
        "poetry.lock": "poetry",
        "pdm.lock": "pdm",
        "package-lock.json": "npm",
        "npm-shrinkwrap.json": "npm",
        "yarn.lock": "yarn",
        "pnpm-lock.yaml": "pnpm",
        "bun.lock": "bun",
    }
)
"""Who writes which file."""


def is_lock(path: str) -> bool:
    """Whether the file at `path` is one that a tool writes and nobody reads."""
    return path.rpartition("/")[2] in TOOLS


def read(path: str, source: bytes) -> BuildFacts:
    """That the file is there; nothing of what is in it."""
    return replace(begin(SYSTEM, path, source), name=TOOLS[path.rpartition("/")[2]])


def tool_of(known: Known, folder: str, tools: frozenset[str] | set[str]) -> str:
    """Which of `tools` has its file in the folder; '' where none has."""
    paths = (f"{folder}/{name}" if folder else name for name, tool in TOOLS.items() if tool in tools)
    return next((known.builds[path].name for path in paths if path in known.builds), "")


def join(known: Known) -> None:
    """Leave these files out: to be done last."""
    for build in known.of(SYSTEM):
        known.drop(build)
