"""Catalogues: versions that a workspace sets once, and that its packages ask for with `catalog:`."""

from collections.abc import Iterator
from typing import Protocol

from codeanvil.facts.builds.documents import MANAGED_GROUP, Table, table, text
from codeanvil.facts.model import Dependency

SCHEME = "catalog:"


class Lined(Protocol):
    """A document that knows where its keys are."""

    @property
    def root(self) -> Table:
        """What it says."""

    def line(self, *path: str) -> int:
        """Line of a key."""


def catalogued(document: Lined, *path: str) -> Iterator[Dependency]:
    """The entries of the catalogues below `path`, as dependencies for others to take."""
    for keys in _places(table(document.root, *path)):
        for name, version in table(document.root, *path, *keys).items():
            if name and text(version):
                yield Dependency(name, text(version), document.line(*path, *keys, name), MANAGED_GROUP)


def catalogues(owner: Table) -> Iterator[tuple[str, str]]:
    """The same as values: "catalog:react18 react" to its version; the nameless catalogue is "catalog: react"."""
    for keys in _places(owner):
        catalogue = "" if keys[-1] in {"catalog", "default"} else keys[-1]
        for name, version in table(owner, *keys).items():
            if text(version):
                yield f"{SCHEME}{catalogue} {name}", text(version)


def version_of(values: dict[str, str], name: str, asked: str) -> str:
    """The version that `asked`, as in "catalog:react18", means for a package; `asked` itself where none is known."""
    catalogue = asked.removeprefix(SCHEME).strip()
    return values.get(f"{SCHEME}{'' if catalogue == 'default' else catalogue} {name}", asked)


def _places(owner: Table) -> Iterator[tuple[str, ...]]:
    if table(owner, "catalog"):
        yield ("catalog",)
    yield from (("catalogs", name) for name in table(owner, "catalogs"))
