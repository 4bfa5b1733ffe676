"""The watcher tells what the index may be concerned with, soon and together."""

import os
import queue
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from codeanvil.errors import WorkspaceError
from codeanvil.settings import Settings
from codeanvil.workspace.watching import EVERYTHING, HEADS, Watcher


class Seen:
    """What a watcher told."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.told: queue.Queue[set[str]] = queue.Queue()
        self.watcher = Watcher(root, Settings(), self.told.put)
        self.watcher.start()

    def until(self, *paths: str) -> set[str]:
        """All that is told until these paths were."""
        found: set[str] = set()
        deadline = time.monotonic() + 20
        while not found >= set(paths):
            found |= self.told.get(timeout=deadline - time.monotonic())
        return found


@pytest.fixture
def seen(tmp_path: Path) -> Iterator[Seen]:
    (tmp_path / "src").mkdir()
    (tmp_path / ".codeanvil").mkdir()
    (tmp_path / "src/old.py").write_text("x = 1\n")
    (tmp_path / ".gitignore").write_text("gen.py\n")
    seen = Seen(tmp_path)
    yield seen
    seen.watcher.stop()


def test_new_changed_moved_and_deleted_files_are_told(seen: Seen) -> None:
    (seen.root / "src/new.py").write_text("x = 1\n")
    assert seen.until("src/new.py") == {"src/new.py"}
    (seen.root / "src/old.py").write_text("x = 2\n")
    assert seen.until("src/old.py") == {"src/old.py"}
    (seen.root / "src/old.py").rename(seen.root / "moved.py")
    assert seen.until("src/old.py", "moved.py") == {"src/old.py", "moved.py"}
    (seen.root / "moved.py").unlink()
    assert seen.until("moved.py") == {"moved.py"}


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_commits_and_checkouts_are_told_and_nothing_else_of_git(tmp_path: Path) -> None:
    def git(*arguments: str) -> None:
        who = {f"GIT_{role}_{what}": "ann" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        environment = {**os.environ, **who, "GIT_CONFIG_GLOBAL": os.devnull}
        subprocess.run(["git", "-C", str(tmp_path), *arguments], env=environment, capture_output=True, check=True)

    git("init", "-q")
    git("commit", "-q", "--allow-empty", "-m", "One")
    git("branch", "other")
    seen = Seen(tmp_path)
    try:
        git("commit", "-q", "--allow-empty", "-m", "Two")
        assert seen.until(".git/logs/HEAD") <= HEADS
        git("checkout", "-q", "other")
        assert seen.until(".git/HEAD") <= HEADS
    finally:
        seen.watcher.stop()


def test_whole_folders_are_told(seen: Seen) -> None:
    (seen.root / "lib").mkdir()
    (seen.root / "lib/a.py").write_text("x = 1\n")
    assert seen.until("lib") <= {"lib", "lib/a.py"}
    (seen.root / "lib").rename(seen.root / "library")
    seen.until("lib", "library")


def test_changes_close_together_are_told_together(seen: Seen) -> None:
    for number in range(50):
        (seen.root / f"m{number}.py").write_text("x = 1\n")
    told = seen.told.get(timeout=20)
    assert len(told) > 10


def test_what_the_index_does_not_read_is_not_told(seen: Seen) -> None:
    for path in ("photo.png", "gen.py", ".codeanvil/index.db", ".codeanvil/x.py", "src/.env"):
        (seen.root / path).write_text("x")
    (seen.root / "src/old.py").read_text()
    (seen.root / "last.py").write_text("x = 1\n")
    assert seen.until("last.py") == {"last.py"}


def test_ignore_files_and_settings_are_told_and_take_effect(seen: Seen) -> None:
    (seen.root / "codeanvil.toml").write_text("")
    (seen.root / ".gitignore").write_text("other.py\n")
    assert seen.until(".gitignore", "codeanvil.toml") == {".gitignore", "codeanvil.toml"}
    (seen.root / "other.py").write_text("x")
    (seen.root / "gen.py").write_text("x")
    assert seen.until("gen.py") == {"gen.py"}


def test_when_the_system_lost_events_everything_is_told(seen: Seen) -> None:
    from watchdog.observers import inotify_c

    inotify_c.logger.warning("Inotify queue overflowed; filesystem events were lost")
    assert seen.until(EVERYTHING) == {EVERYTHING}


def test_stopping_twice_or_before_the_start_does_nothing(tmp_path: Path) -> None:
    watcher = Watcher(tmp_path, Settings(), lambda paths: None)
    watcher.stop()
    watcher = Watcher(tmp_path, Settings(), lambda paths: None)
    watcher.start()
    watcher.stop()
    watcher.stop()


def test_what_cannot_be_watched_is_told(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="cannot be watched"):
        Watcher(tmp_path / "nowhere", Settings(), lambda paths: None).start()
