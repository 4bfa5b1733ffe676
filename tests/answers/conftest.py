"""A small workspace of vessels and tides, indexed once, and a writer that says what it is told."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from codeanvil.settings import Settings
from codeanvil.workspace.index.build import build_index
from codeanvil.workspace.location import index_path
from codeanvil.workspace.store import Store

HERE = Path(__file__).parent


class Told:
    """A writer whose words are given, streamed in pieces of three characters."""

    name = "told"
    revision: str | None = "abc"
    learned: Mapping[str, str] = {}

    def __init__(self, text: str) -> None:
        self.text = text
        self.asked: list[tuple[str, str]] = []

    def write(
        self,
        instruction: str,
        evidence: str,
        on_delta: Callable[[str], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> str:
        self.asked.append((instruction, evidence))
        for at in range(0, len(self.text), 3):
            if on_delta:
                on_delta(self.text[at : at + 3])
        return self.text


@pytest.fixture
def told() -> type[Told]:
    return Told


@pytest.fixture(scope="session")
def harbour_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("answers") / "harbour"
    shutil.copytree(HERE / "harbour", root)
    build_index(root, Settings())
    return root


@pytest.fixture(scope="session")
def harbour(harbour_root: Path) -> Iterator[Store]:
    with Store(index_path(harbour_root, Settings())) as store:
        yield store


@pytest.fixture
def own_harbour(harbour_root: Path, tmp_path: Path) -> Iterator[tuple[Path, Store]]:
    """A copy of its own, for tests that change files."""
    root = tmp_path / "harbour"
    shutil.copytree(harbour_root, root)
    with Store(index_path(root, Settings())) as store:
        yield root, store
