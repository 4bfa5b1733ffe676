"""Whether what an answer cites still stands on disk as it was indexed. Looked at only when an answer is given."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from codeanvil.workspace.store import Store


@dataclass(frozen=True, slots=True)
class Freshness:
    """Cited paths whose bytes have `changed` since they were indexed, and those that are `gone`."""

    changed: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()

    @property
    def stale(self) -> tuple[str, ...]:
        """Both, sorted."""
        return tuple(sorted({*self.changed, *self.gone}))


def freshness(paths: Iterable[str], store: Store, root: Path | None) -> Freshness:
    """Compare files on disk with the index; nothing is stale where `root` is not known."""
    if root is None:
        return Freshness()
    cited = list(dict.fromkeys(paths))
    indexed = store.shas(cited)
    changed, gone = [], []
    for path in cited:
        try:
            now = hashlib.sha256((root / path).read_bytes()).hexdigest()
        except FileNotFoundError:
            gone.append(path)
        except OSError:
            changed.append(path)
        else:
            if now != indexed.get(path, now):
                changed.append(path)
    return Freshness(tuple(changed), tuple(gone))


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
    return text
