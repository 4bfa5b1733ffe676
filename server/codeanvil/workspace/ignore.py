"""Which entries of a workspace its ignore files leave out, as git decides it.

Two layers, each with git's rules (the last matching line wins, deeper files win over higher ones, nothing can be
taken back inside an ignored folder). The lower layer is git's own: `.git/info/exclude`, then every `.gitignore`
from the repository's top down. Upon it lie the `index.exclude` setting and the `.codeanvilignore` files, which
may also take back (`!name`) what git ignores.
"""

import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

GIT_IGNORE = ".gitignore"
OWN_IGNORE = ".codeanvilignore"
FILE_NAMES = frozenset({GIT_IGNORE, OWN_IGNORE})
"""Files whose change may bring in or leave out any other file."""


@dataclass(frozen=True, slots=True)
class _Rule:
    """One line of an ignore file, matched against one entry at a time (never through its parents)."""

    regex: re.Pattern[str]
    ignore: bool
    by_name: bool

    def matches(self, path: str, name: str) -> bool:
        """`path` relative to the ignore file's folder, `name` its last part; both end with '/' for folders."""
        subject = name if self.by_name else path
        match = self.regex.search(subject)
        if match is None:
            return False
        mark = match.end("ps_d") if "ps_d" in self.regex.groupindex else -1
        return mark in (-1, len(subject))  # otherwise a parent matched, and the parent was not left out


@dataclass(frozen=True, slots=True)
class _RuleFile:
    """The rules of one ignore file; `cut` is the length of its folder's path in front of an entry's path."""

    cut: int
    rules: tuple[_Rule, ...]


class IgnoreRules:
    """The ignore rules of the workspace at `root`; each ignore file is read once, when it is first needed."""

    def __init__(self, root: Path, exclude: Sequence[str] = ()) -> None:
        self._top = _rules_top(root)
        self._prefix = "" if self._top == root else f"{root.relative_to(self._top).as_posix()}/"
        excluded = _git_exclude_file(self._top)
        below = _rules(_lines(excluded)) if excluded else ()
        self._base = {
            GIT_IGNORE: (_RuleFile(0, below),) if below else (),
            OWN_IGNORE: (_RuleFile(len(self._prefix), _rules(exclude)),) if exclude else (),
        }
        self._chains: dict[tuple[str, str], tuple[_RuleFile, ...]] = {}

    def ignored(self, path: str, *, folder: bool) -> bool:
        """Whether the entry at `path` (relative to the root) is left out, given that its parents are not."""
        entry = f"{self._prefix}{path}{'/' if folder else ''}"
        own = self._verdict(OWN_IGNORE, entry, path)
        return bool(self._verdict(GIT_IGNORE, entry, path)) if own is None else own

    def _verdict(self, file_name: str, entry: str, path: str) -> bool | None:
        parent, _, name = f"{self._prefix}{path}".rpartition("/")
        name = f"{name}/" if entry.endswith("/") else name
        for rule_file in self._chain(parent, file_name):
            subject = entry[rule_file.cut :]
            for rule in rule_file.rules:
                if rule.matches(subject, name):
                    return rule.ignore
        return None

    def _chain(self, folder: str, file_name: str) -> tuple[_RuleFile, ...]:
        """The rule files that speak about entries of `folder` (relative to the top), the strongest first."""
        known = self._chains.get((folder, file_name))
        if known is not None:
            return known
        above = self._chain(folder.rpartition("/")[0], file_name) if folder else self._base[file_name]
        rules = _rules(_lines(self._top / folder / file_name))
        chain = (_RuleFile(len(folder) + 1 if folder else 0, rules), *above) if rules else above
        self._chains[folder, file_name] = chain
        return chain


def _rules(lines: Iterable[str]) -> tuple[_Rule, ...]:
    """The rules of an ignore file, last line first, since the last match wins."""
    rules: list[_Rule] = []
    for line in lines:
        try:
            pattern = GitIgnoreSpecPattern(line)
        except (ValueError, re.error):  # as git does with a line it cannot read
            continue
        if pattern.include is None or pattern.regex is None:
            continue
        by_name = "/" not in line.strip().removeprefix("!").removesuffix("/")
        rules.append(_Rule(pattern.regex, pattern.include, by_name))
    return tuple(reversed(rules))


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text("utf-8-sig", errors="surrogateescape").splitlines()
    except OSError:
        return []


def _rules_top(root: Path) -> Path:
    """The repository's top at or above `root`, whose rules apply here too; `root` where it ignores `root` itself."""
    top = next((folder for folder in (root, *root.parents) if os.path.lexists(folder / ".git")), root)
    if top == root:
        return root
    outer = IgnoreRules(top)
    inside = root.relative_to(top)
    parts = [inside, *inside.parents][:-1]
    return root if any(outer.ignored(part.as_posix(), folder=True) for part in parts) else top


def _git_exclude_file(top: Path) -> Path | None:
    """`info/exclude` of the repository, also where `.git` is the pointer file of a worktree or a submodule."""
    git = top / ".git"
    if git.is_dir():
        return git / "info" / "exclude"
    for line in _lines(git):
        if line.startswith("gitdir:"):
            folder = top / line.removeprefix("gitdir:").strip()
            common = _lines(folder / "commondir")
            return (folder / common[0].strip() if common else folder) / "info" / "exclude"
    return None
