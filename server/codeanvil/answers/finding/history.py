"""What git tells of the files that a question is about."""

from collections.abc import Iterable

from codeanvil.facts.model import Commit
from codeanvil.workspace.store import Store


def last_changes(paths: Iterable[str], store: Store) -> list[tuple[str, Commit]]:
    """Each of the files with the last commit that touched it, of those that the last commits touched at all."""
    commits = store.history().commits
    found = []
    for path in dict.fromkeys(paths):
        last = next((commit for commit in commits if any(path == touched for _, touched in commit.files)), None)
        if last is not None:
            found.append((path, last))
    return found
