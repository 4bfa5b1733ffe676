"""Questions about a workspace that a test writes down."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from codeanvil.answers.ask import Answer, ask
from codeanvil.settings import Settings
from codeanvil.workspace.index.build import build_index
from codeanvil.workspace.location import index_path
from codeanvil.workspace.store import Store


@contextmanager
def asking(root: Path, sources: Mapping[str, str]) -> Iterator[Callable[[str], Answer]]:
    """What answers questions from the index alone, on a workspace at `root` with the text of each path in `sources`."""
    for path, text in sources.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    build_index(root, Settings())
    with Store(index_path(root, Settings())) as store:
        yield lambda question: ask(question, store, root=root)
