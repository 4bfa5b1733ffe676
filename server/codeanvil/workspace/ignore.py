"""Which entries of a workspace its ignore files leave out, as git decides it.

Two layers, each with git's rules (the last matching line wins, deeper files win over higher ones, nothing can be
taken back inside an ignored folder). The lower layer is git's own: the user's file for all repositories, then
`.git/info/exclude`, then every `.gitignore` from the repository's top down; a repository inside another one, a
submodule for instance, has rules of its own only. Upon it lie the `index.exclude` setting and the `.codeanvilignore`
files, which may also take back (`!name`) what git ignores.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from codeanvil.workspace.expressions import Expression, whole
from codeanvil.workspace.repository import exclude_files, is_top, read_plain, repository_top
from codeanvil.workspace.wildmatch import Pattern, patterns

GIT_IGNORE = ".gitignore"
OWN_IGNORE = ".codeanvilignore"
FILE_NAMES = frozenset({GIT_IGNORE, OWN_IGNORE})
"""Files whose change may bring in or leave out any other file."""


@dataclass(frozen=True, slots=True)
class _Rule:
    """One line of an ignore file, compiled."""

    matches: Expression
    pattern: Pattern


@dataclass(frozen=True, slots=True)
class _RuleFile:
    """The rules of one ignore file, last line first, since the last match wins.

    `cut` is the length of its folder's path in front of an entry's path. `matches_any` matches what any of its rules
    matches: most entries are none of its business.
    """

    cut: int
    rules: tuple[_Rule, ...]
    matches_any: Expression

    def verdict(self, path: bytes, name: bytes, *, folder: bool) -> bool | None:
        """Whether the entry at `path` is ignored; None where no rule speaks about it."""
        below = path[self.cut :]
        if self.matches_any.search(below):
            for rule in self.rules:
                if rule.pattern.folders_only and not folder:
                    continue
                if rule.matches.search(name if rule.pattern.by_name else below):
                    return rule.pattern.ignore
        return None


class IgnoreRules:
    """The ignore rules of the workspace at `root`; each ignore file is read once, when it is first needed."""

    def __init__(self, root: Path, exclude: Sequence[str] = ()) -> None:
        self._top = _rules_top(root)
        self._prefix = b"" if self._top == root else os.fsencode(root.relative_to(self._top)) + b"/"
        own = _rule_files(len(self._prefix), "\n".join(exclude).encode(errors="surrogateescape"))
        self._base = {GIT_IGNORE: _outside(self._top, 0), OWN_IGNORE: own}
        self._chains: dict[tuple[bytes, str], tuple[_RuleFile, ...]] = {}

    def ignored(self, path: str, *, folder: bool) -> bool:
        """Whether the entry at `path` (relative to the root) is left out, given that its parents are not."""
        entry = self._prefix + os.fsencode(path)
        own = self._verdict(OWN_IGNORE, entry, folder=folder)
        return bool(self._verdict(GIT_IGNORE, entry, folder=folder)) if own is None else own

    def _verdict(self, file_name: str, entry: bytes, *, folder: bool) -> bool | None:
        parent, _, name = entry.rpartition(b"/")
        for rule_file in self._chain(parent, file_name):
            verdict = rule_file.verdict(entry, name, folder=folder)
            if verdict is not None:
                return verdict
        return None

    def _chain(self, folder: bytes, file_name: str) -> tuple[_RuleFile, ...]:
        """The rule files that speak about entries of `folder` (relative to the top), the strongest first."""
        known = self._chains.get((folder, file_name))
        if known is not None:
            return known
        cut = len(folder) + 1 if folder else 0
        place = self._top / os.fsdecode(folder)
        if not folder:
            above = self._base[file_name]
        elif file_name == GIT_IGNORE and is_top(place):
            above = _outside(place, cut)
        else:
            above = self._chain(folder.rpartition(b"/")[0], file_name)
        chain = (*_rule_files(cut, read_plain(place / file_name)), *above)
        self._chains[folder, file_name] = chain
        return chain


def _outside(top: Path, cut: int) -> tuple[_RuleFile, ...]:
    """The rules of the repository at `top` that are not in its tree."""
    return tuple(rules for path in exclude_files(top) for rules in _rule_files(cut, read_plain(path)))


def _rule_files(cut: int, content: bytes) -> tuple[_RuleFile, ...]:
    """The rules of an ignore file's content; none where it has none."""
    found = patterns(content)
    if not found:
        return ()
    rules = tuple(_Rule(whole(pattern.expression), pattern) for pattern in reversed(found))
    any_of = (rb"(?:.*/)?" * pattern.by_name + pattern.expression for pattern in found)
    return (_RuleFile(cut, rules, whole(b"|".join(any_of))),)


def _rules_top(root: Path) -> Path:
    """The repository's top at or above `root`, whose rules apply here too; `root` where it ignores `root` itself."""
    top = repository_top(root)
    if top is None or top == root:
        return root
    outer = IgnoreRules(top)
    inside = root.relative_to(top)
    parts = [inside, *inside.parents][:-1]
    return root if any(outer.ignored(part.as_posix(), folder=True) for part in parts) else top
