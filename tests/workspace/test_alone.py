"""Data folders of files that were opened alone are cleaned, and nothing else is."""

import os
import time
from pathlib import Path

import pytest

from codeanvil.settings import load, own_folder
from codeanvil.workspace import alone
from codeanvil.workspace.index.build import build_index
from codeanvil.workspace.index.lock import writer_lock
from codeanvil.workspace.location import place

NOW = time.time()


@pytest.fixture(autouse=True)
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for loose files; the user's own files are elsewhere."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "desk").mkdir()
    return tmp_path / "desk"


def opened(file: Path, days: float, size: int = 10, *, gone: bool = False, trained: bool = False) -> Path:
    """The data folder of a file that was read so many days ago."""
    folder = own_folder(file)
    folder.mkdir(parents=True)
    if not gone:
        file.write_text("class A: ...\n")
    with (folder / "index.db").open("wb") as index:
        index.truncate(size)
    if trained:
        (folder / "runs" / "1").mkdir(parents=True)
        (folder / "runs" / "1" / "adapter").write_text("weights")
    alone.note(folder, file)
    aged(folder, days)
    return folder


def aged(folder: Path, days: float) -> None:
    for path in folder.rglob("*"):
        os.utime(path, (NOW - days * alone.DAY,) * 2)


def keep(desk: Path) -> Path:
    return opened(desk / "mine.py", 0)


@pytest.mark.parametrize(
    ("days", "gone", "trained", "goes"),
    [
        (89, False, False, False),
        (91, False, False, True),
        (6, True, False, False),
        (8, True, False, True),
        (91, False, True, False),
        (8, True, True, True),
    ],
)
def test_a_folder_goes_by_age_and_with_its_file_and_runs_stay_while_the_file_does(
    desk: Path, days: float, gone: bool, trained: bool, goes: bool
) -> None:
    folder = opened(desk / "other.py", days, gone=gone, trained=trained)
    assert alone.clean(keep(desk), NOW) == [folder] * goes
    assert folder.exists() is not goes


def test_the_least_recently_read_go_where_all_are_large(desk: Path) -> None:
    third = alone.MOST_BYTES // 3
    new, old, older = (opened(desk / f"{days}.py", days, third) for days in (2, 3, 4))
    opened(desk / "today.py", 0.5, 2 * third)
    assert alone.clean(keep(desk), NOW) == [new, old, older]
    assert own_folder(desk / "today.py").exists()


def test_large_ones_go_until_the_rest_fits(desk: Path) -> None:
    half = alone.MOST_BYTES // 2 - 1000
    opened(desk / "new.py", 2, half)
    opened(desk / "old.py", 3, half)
    older = opened(desk / "older.py", 4, half)
    assert alone.clean(keep(desk), NOW) == [older]


def test_what_is_not_of_a_file_read_alone_is_left(desk: Path, tmp_path: Path) -> None:
    mine = keep(desk)
    workspace = own_folder(tmp_path / "read-only-project")
    workspace.mkdir()
    (workspace / "index.db").write_text("")
    stranger = mine.parent / "notes"
    stranger.mkdir()
    (stranger / alone.FILE_NAME).write_text(str(desk / "gone.py"))
    link = own_folder(desk / "linked.py")
    link.symlink_to(workspace)
    alone.note(workspace, desk / "linked.py")
    aged(mine.parent, 1000)
    assert alone.clean(mine, NOW) == []
    assert (workspace / "index.db").exists() and stranger.exists() and link.is_symlink() and mine.exists()


def test_a_folder_that_is_written_stays(desk: Path) -> None:
    folder = opened(desk / "other.py", 100)
    with writer_lock(folder):
        aged(folder, 100)
        assert alone.clean(keep(desk), NOW) == []
    assert (folder / "index.db").exists()


def test_cleaning_is_done_once_a_day(desk: Path) -> None:
    mine = keep(desk)
    alone.clean(mine, NOW)
    folder = opened(desk / "other.py", 100)
    assert alone.clean(mine, NOW + alone.DAY / 2) == []
    assert alone.clean(mine, NOW + alone.DAY * 1.1) == [folder]


def test_a_place_that_cannot_be_cleaned_is_no_error(desk: Path) -> None:
    assert alone.clean(desk / "nowhere" / "folder", NOW) == []


def test_indexing_a_file_alone_cleans_and_keeps_its_own(desk: Path) -> None:
    gone = opened(desk / "gone.py", 8, gone=True)
    (desk / "here.py").write_text("class Here: ...\n")
    found = place(desk / "here.py")
    build_index(found.root, load(found.root, found.layer))
    assert not gone.exists()
    assert (own_folder(desk / "here.py") / alone.FILE_NAME).read_text() == str(desk / "here.py")


def test_indexing_a_folder_cleans_nothing(desk: Path) -> None:
    folder = opened(desk / "gone.py", 8, gone=True)
    build_index(desk, load(desk))
    assert folder.exists()
