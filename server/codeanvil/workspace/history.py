"""What the last commits changed, as git tells it: a value of HEAD and the workspace's folder, and of nothing else.

git itself is asked, since it reads every form a repository may have (packs, worktrees, partial clones, other hashes),
in a process with little time. Nothing that somebody else's repository or the user has configured is run: neither
pagers, hooks, monitors, filters nor signature checks, and nothing is fetched. Where there is no git or no repository,
or one that git does not trust, there is no history, and no trouble.
"""

import os
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from codeanvil.facts.extract import extract
from codeanvil.facts.languages import language_of
from codeanvil.facts.model import Commit, History, Removed
from codeanvil.workspace.repository import repository_top
from codeanvil.workspace.secrets import is_secret_file, screen

MOST_COMMITS = 20
MOST_FILES = 12
"""Files that are kept of one commit."""

MOST_VERSIONS = 60
"""Changed files of which the names before and after are compared."""

MOST_BYTES = 200_000
"""Size of a version above which it is not looked at."""

MOST_REMOVED = 60
SECONDS = 10.0

_SAFE = (
    "--no-pager", "-c", "core.fsmonitor=false", "-c", f"core.hooksPath={os.devnull}", "-c", "log.showSignature=false",
    "-c", "protocol.allow=never", "-c", "i18n.logOutputEncoding=UTF-8", "-c", "core.quotePath=false",
)  # fmt: skip
_LOG = (
    "log", "--no-merges", f"--max-count={MOST_COMMITS}", "--relative", "--no-renames", "--no-ext-diff", "--no-textconv",
    "--no-show-signature", "--no-mailmap", "--no-notes", "--no-color", "--name-status", "-z",
    "--format=%x1e%H%x1f%cs%x1f%s",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class HistoryJob:
    """The workspace at `root`, whose HEAD is `head`."""

    root: Path
    head: str


def head_of(root: Path) -> str:
    """The commit that the workspace at `root` is at; '' where there is none."""
    if repository_top(root) is None:
        return ""
    return _git(root, "rev-parse", "--verify", "--quiet", "HEAD").decode("ascii", "replace").strip()


def read_history(job: HistoryJob) -> History:
    """The last commits that touched the workspace, newest first, and the names that they removed from its sources.

    Subjects are screened for secrets. Authors are not kept.
    """
    told = list(_commits(_git(job.root, *_LOG, job.head, "--", ".")))
    commits = tuple(
        Commit(sha[:10], date, _clean(subject), tuple(files[:MOST_FILES]), len(files))
        for sha, date, subject, files in told
    )
    return History(job.head, commits, tuple(_removed(job.root, told))[:MOST_REMOVED])


_Told = tuple[str, str, str, list[tuple[str, str]]]


def _commits(log: bytes) -> Iterator[_Told]:
    for record in log.decode("utf-8", "replace").split("\x1e")[1:]:
        head, _, names = record.partition("\0")
        sha, date, subject = [*head.split("\x1f", 2), "", ""][:3]
        parts = [part.lstrip("\n") for part in names.split("\0")]
        files = [(status[:1], path) for status, path in zip(parts[::2], parts[1::2], strict=False) if status and path]
        yield sha, date, subject, [each for each in files if not is_secret_file(each[1])]


def _clean(subject: str) -> str:
    return " ".join(screen("COMMIT_EDITMSG", subject).text.split())


def _removed(root: Path, commits: Sequence[_Told]) -> Iterator[Removed]:
    """Types and functions that a file had before one of the commits and not after it, each name once: the last time."""
    changed = [
        (sha, date, path)
        for sha, date, _, files in commits
        for status, path in files
        if status in {"M", "D"} and language_of(path) and "\n" not in path
    ][:MOST_VERSIONS]
    wanted = [f"{revision}:./{path}" for sha, _, path in changed for revision in (f"{sha}^", sha)]
    versions = _versions(root, wanted)
    seen: set[str] = set()
    for sha, date, path in changed:
        before, after = _names(path, versions.get(f"{sha}^:./{path}")), _names(path, versions.get(f"{sha}:./{path}"))
        for name, kind in before.items():
            if name not in after and name not in seen:
                seen.add(name)
                yield Removed(name, kind, path, sha[:10], date)


def _names(path: str, source: bytes | None) -> dict[str, str]:
    """The types and the free functions of a version, screened as every other file is."""
    lang = language_of(path, (source or b"")[:256])
    if source is None or lang is None:
        return {}
    clean = screen(path, source.decode("utf-8", "replace")).text
    return {
        symbol.name: symbol.kind
        for symbol in extract(path, clean.encode("utf-8", "replace"), lang).symbols
        if not symbol.decl and (symbol.is_type or symbol.kind == "function") and not symbol.name.startswith("_")
    }


def _versions(root: Path, names: Sequence[str]) -> dict[str, bytes]:
    """The contents that git has under names (`commit:path`), of those that it has and that are not too large."""
    sizes = _git(root, "cat-file", "--batch-check=%(objecttype) %(objectsize)", stdin="\n".join([*names, ""]))
    lines = sizes.decode("utf-8", "replace").splitlines()
    fit = [
        name
        for name, line in zip(names, lines, strict=False)
        if (words := line.split())[:1] == ["blob"] and int(words[1]) <= MOST_BYTES
    ]
    data = _git(root, "cat-file", "--batch=%(objectsize)", stdin="\n".join([*fit, ""])) if fit else b""
    found: dict[str, bytes] = {}
    for name in fit:
        size, _, data = data.partition(b"\n")
        if not size.isdigit():
            break
        found[name], data = data[: int(size)], data[int(size) + 1 :]
    return found


def _git(root: Path, *arguments: str, stdin: str = "") -> bytes:
    """What git says, asked in the workspace; nothing where it fails or takes too long."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environment |= {
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_ATTR_NOSYSTEM": "1",
        "LC_ALL": "C",
    }
    try:
        done = subprocess.run(
            ["git", *_SAFE, "-C", str(root), *arguments],
            input=stdin.encode("utf-8", "surrogateescape"),
            capture_output=True,
            env=environment,
            timeout=SECONDS,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return b""
    return done.stdout
