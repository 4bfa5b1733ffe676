"""Whether what an answer cites still stands as it was indexed, and as the model in use has learned it.

Looked at only when an answer is given.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from codeanvil.workspace.store import Store


@dataclass(frozen=True, slots=True)
class Freshness:
    """Cited paths whose bytes have `changed` since they were indexed, and those that are `gone`.

    `unlearned` are those that have come or changed since the model that wrote was trained: what is said of them is the
    index's.
    """

    changed: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    unlearned: tuple[str, ...] = ()

    @property
    def stale(self) -> tuple[str, ...]:
        """All of them, sorted."""
        return tuple(sorted({*self.changed, *self.gone, *self.unlearned}))


def freshness(
    paths: Iterable[str], store: Store, root: Path | None, learned: Mapping[str, str] | None = None
) -> Freshness:
    """Compare the index with the disk, where `root` is known, and with what was `learned`: content hashes by path."""
    cited = list(dict.fromkeys(paths))
    indexed = store.shas(cited)
    changed, gone = [], []
    unlearned = tuple(path for path in cited if learned and learned.get(path) != indexed.get(path))
    for path in cited if root else ():
        try:
            now = hashlib.sha256((Path(root or "") / path).read_bytes()).hexdigest()
        except FileNotFoundError:
            gone.append(path)
        except OSError:
            changed.append(path)
        else:
            if now != indexed.get(path, now):
                changed.append(path)
    return Freshness(tuple(changed), tuple(gone), unlearned)


def marked(text: str, state: Freshness) -> str:
    """Markdown without links to files that are gone, and with a line about those that have changed."""
    for path in state.gone:
        text = re.sub(
            rf"\[{re.escape(path)}(:\d+)?\]\({re.escape(quote(path))}#L\d+\)",
            f"`{path}` (deleted since it was indexed)",
            text,
        )
    if state.changed:
        names = ", ".join(f"`{path}`" for path in state.changed)
        text += f"\n\nChanged since it was indexed: {names}."
    if later := [path for path in state.unlearned if path not in state.gone]:
        names = ", ".join(f"`{path}`" for path in later)
        text += f"\n\nChanged since the model was trained, and told as the index has it now: {names}."
    return text
