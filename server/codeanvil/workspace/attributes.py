"""What a project says itself of its files' roles, in `.gitattributes`, as GitHub's linguist reads it.

`linguist-vendored`, `linguist-generated` and `linguist-documentation`, each set (`linguist-vendored`, `=true`) or taken
back (`-linguist-vendored`, `=false`). For each of them the last line that fits decides, of deeper files before higher
ones, and files of a repository's tree alone count.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from codeanvil.workspace.expressions import Expression, whole
from codeanvil.workspace.repository import is_top, read_plain, repository_top
from codeanvil.workspace.wildmatch import patterns

FILE_NAME = ".gitattributes"
PREFIX = b"linguist-"

_KNOWN = frozenset({"vendored", "generated", "documentation"})
_TRUE = frozenset({b"", b"true", b"yes", b"1"})


@dataclass(frozen=True, slots=True)
class _Line:
    """One line: what it matches (a file's name where `by_name`, else its path from byte `cut` on), and what it says of
    which role."""

    matches: Expression
    by_name: bool
    cut: int
    says: tuple[tuple[str, bool | None], ...]


class Attributes:
    """The attributes of the workspace at `root`; each file of them is read once, when it is first needed."""

    def __init__(self, root: Path) -> None:
        self._top = repository_top(root) or root
        self._prefix = b"" if self._top == root else os.fsencode(root.relative_to(self._top)) + b"/"
        self._chains: dict[bytes, tuple[_Line, ...]] = {}

    def of(self, path: str) -> str:
        """What is said of the file at `path`, relative to the root: words such as `vendored` and `-generated`, sorted
        and parted by blanks; '' for nothing."""
        entry = self._prefix + os.fsencode(path)
        folder, _, name = entry.rpartition(b"/")
        found: dict[str, bool | None] = {}
        for line in self._chain(folder):
            if line.matches.search(name if line.by_name else entry[line.cut :]):
                for role, holds in line.says:
                    found.setdefault(role, holds)
        said = (role if holds else f"-{role}" for role, holds in found.items() if holds is not None)
        return " ".join(sorted(said))

    def _chain(self, folder: bytes) -> tuple[_Line, ...]:
        """The lines that speak about files in `folder` (relative to the top), the strongest first."""
        known = self._chains.get(folder)
        if known is None:
            place = self._top / os.fsdecode(folder)
            above = self._chain(folder.rpartition(b"/")[0]) if folder and not is_top(place) else ()
            content = read_plain(place / FILE_NAME)
            known = (*reversed(_lines(content, len(folder) + 1 if folder else 0)), *above) if content else above
            self._chains[folder] = known
        return known


def _lines(content: bytes, cut: int) -> list[_Line]:
    """The lines that speak about roles. A pattern in quotes may hold blanks, one with '!' before it matches nothing."""
    found: list[_Line] = []
    for line in content.removeprefix(b"\xef\xbb\xbf").splitlines():
        text = line.strip()
        if text.startswith(b'"'):
            pattern, _, rest = text[1:].partition(b'"')
        else:
            pattern, _, rest = text.replace(b"\t", b" ").partition(b" ")
        says = tuple(filter(None, map(_said, rest.split())))
        if not says or pattern.startswith(b"!"):
            continue
        files = (each for each in patterns(pattern) if not each.folders_only)
        found += [_Line(whole(each.expression), each.by_name, cut, says) for each in files]
    return found


def _said(word: bytes) -> tuple[str, bool | None] | None:
    """The role and whether it holds, None where that is left to the conventions again; None for another attribute."""
    taken = word.startswith(b"-")
    name, _, value = word.lstrip(b"-!").partition(b"=")
    role = name.removeprefix(PREFIX).decode(errors="replace")
    if not name.startswith(PREFIX) or role not in _KNOWN:
        return None
    return role, None if word.startswith(b"!") else not taken and value.lower() in _TRUE
