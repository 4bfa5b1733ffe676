"""The git repository around a folder: where its top is, and its ignore files outside of the tree."""

import os
import re
import stat
from pathlib import Path

_SECTION = re.compile(rb"\s*\[\s*([\w.-]+)\s*(\"[^\"]*\")?\s*\]")
_VALUE = re.compile(rb"\s*excludesfile\s*=(.*)", re.IGNORECASE)
_PIECE = re.compile(rb'"((?:[^"\\]|\\.)*)"?|\\(.)|([^"\\#;]+)', re.DOTALL)


def repository_top(folder: Path) -> Path | None:
    """The top of the repository that `folder` lies in, or None."""
    return next((each for each in (folder, *folder.parents) if is_top(each)), None)


def is_top(folder: str | Path) -> bool:
    """Whether a repository begins here: its own, a worktree's or a submodule's."""
    return os.path.lexists(os.path.join(folder, ".git"))  # noqa: PTH118 (once for each folder: Path is slow)


def exclude_files(top: Path) -> tuple[Path, ...]:
    """The ignore files of the repository at `top` that are not in its tree, the strongest first.

    They are its `info/exclude`, also where `.git` is the pointer file of a worktree or a submodule, and the user's
    own file for all repositories (git's `core.excludesFile`). Included configuration files are not looked into.
    """
    folder = _common_folder(top)
    if folder is None:
        return ()
    home = Path("~").expanduser()
    user = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config") / "git"
    configurations = [Path("/etc/gitconfig"), user / "config", home / ".gitconfig", folder / "config"]
    named = [path for path in map(_excludes_file, configurations) if path is not None]
    everywhere = (top / named[-1].expanduser()) if named else user / "ignore"
    return folder / "info" / "exclude", everywhere


def read_plain(path: Path) -> bytes:
    """The bytes of a small regular file; b'' where there is none: no link is followed, no pipe waited for."""
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(fd, "rb") as file:
            return file.read() if stat.S_ISREG(os.fstat(fd).st_mode) else b""
    except OSError:
        return b""


def _common_folder(top: Path) -> Path | None:
    """The folder that all worktrees of the repository share; None where `.git` is not git's."""
    git = top / ".git"
    if git.is_dir():
        return git
    pointer = read_plain(git).strip()
    if not pointer.startswith(b"gitdir:"):
        return None
    folder = top / os.fsdecode(pointer.removeprefix(b"gitdir:").strip())
    common = read_plain(folder / "commondir").strip()
    return folder / os.fsdecode(common) if common else folder


def _excludes_file(configuration: Path) -> Path | None:
    """`core.excludesFile` of one configuration file."""
    found: Path | None = None
    in_core = False
    for line in read_plain(configuration).splitlines():
        section = _SECTION.match(line)
        if section:
            in_core = section[1].lower() == b"core" and not section[2]
        value = _VALUE.match(line, section.end() if section else 0)
        if in_core and value:
            found = Path(os.fsdecode(_unquoted(value[1].strip())))
    return found


def _unquoted(value: bytes) -> bytes:
    pieces: list[bytes] = []
    at = 0
    while (piece := _PIECE.match(value, at)) is not None:
        quoted, escaped, bare = piece.groups()
        pieces.append(re.sub(rb"\\(.)", rb"\1", quoted) if quoted is not None else escaped or bare or b"")
        at = piece.end()
    return b"".join(pieces).strip()
