"""Disks that cannot be written, are full, or hold a store that nobody can trust."""

import os
import random
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from codeanvil.errors import StoreError, WorkspaceError
from codeanvil.settings import Settings
from codeanvil.workspace.index.build import build_index
from codeanvil.workspace.location import index_path


def test_a_read_only_workspace_is_indexed_among_the_users_own_files(codeanvil: Any, tmp_path: Path, mount: Any) -> None:
    (root := tmp_path / "project").mkdir()
    (root / "a.py").write_text("class Kept: ...\n")
    mount("--bind", str(root), on=root)
    mount("-o", "remount,ro,bind", on=root)
    result = codeanvil("prepare", root)
    assert result.code == 0, result.err
    assert result.err.startswith(f"{root} cannot be written to, so its index and runs are kept in {tmp_path}/home/")
    assert "set data_dir for another place." in result.err
    assert [path.name for path in root.iterdir()] == ["a.py"]
    assert codeanvil("ask", root, "Where is Kept defined?", "--no-model", "--json").json["found"]


@pytest.fixture
def small(tmp_path: Path, mount: Any) -> Path:
    """A disk of one megabyte."""
    (disk := tmp_path / "disk").mkdir()
    mount("-t", "tmpfs", "-o", "size=1m", "none", on=disk)
    return disk


def test_a_full_disk_is_told_and_nothing_of_before_is_lost(project: Any, small: Path) -> None:
    others = small / "others"
    others.write_bytes(b"x" * 500_000)
    project.settings = Settings(data_dir=str(small / "data"))
    project.write({"a.py": "class First: ...\n"})
    project.index()
    noise = random.Random(7)  # it cannot be packed
    project.write({f"m{n}.py": f"class Part{n}: ...\n" + noise.randbytes(9_000).hex("\n", 40) for n in range(100)})
    with pytest.raises((StoreError, WorkspaceError), match=r"cannot be written .*full.*check the disk's space"):
        project.index()
    assert "First" in project.names()
    others.unlink()  # somebody makes room
    project.write({f"m{number}.py": None for number in range(100)})
    project.write({"b.py": "class Second: ...\n"})
    assert project.index().problems == {}
    assert project.names() == ["First", "Second"]


def test_a_disk_that_is_full_from_the_start_is_told(project: Any, small: Path) -> None:
    (small / "filler").write_bytes(b"x" * (os.statvfs(small).f_bavail * os.statvfs(small).f_frsize))
    project.write({"a.py": "class First: ...\n"})
    with pytest.raises((StoreError, WorkspaceError), match=r"cannot (be written|write to)"):
        build_index(project.root, Settings(data_dir=str(small / "data")), workers=project.workers)


@pytest.mark.parametrize("damage", ["garbage", "older", "another's", "a folder's index of a newer version"])
def test_a_store_that_nobody_can_trust_is_made_anew_and_nothing_is_asked(
    codeanvil: Any, project: Any, damage: str
) -> None:
    project.write({"a.py": "class Kept: ...\n"})
    project.index()
    path = index_path(project.root, project.settings)
    if damage == "garbage":
        path.write_bytes(b"no database " * 1_000)
    else:
        if damage == "another's":
            path.unlink()
        with sqlite3.connect(path) as db:
            db.execute("PRAGMA user_version = 1" if damage == "older" else "PRAGMA user_version = 999")
            db.execute("CREATE TABLE theirs(a)")
        db.close()
    asked = codeanvil("ask", project.root, "Where is Kept defined?", "--no-model", "--json")
    assert (asked.code, asked.err) == (0, "")
    assert asked.json["found"]
    assert project.names() == ["Kept"]
