"""Disks that cannot be written, are full, or hold a store that nobody can trust."""

import os
import random
import re
import resource
import sqlite3
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from tests.workspace.store_content import content

from codeanvil.errors import StoreError, WorkspaceError
from codeanvil.settings import Settings
from codeanvil.workspace.index.build import build_index
from codeanvil.workspace.index.workers import child_environment
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


KILLED = """
import os, sys
from pathlib import Path
from codeanvil.settings import Settings
from codeanvil.workspace.index.build import build_index
def told(done, total):
    if done and done == total:
        os.kill(os.getpid(), 9)
build_index(Path(sys.argv[1]), Settings(), progress=told)
"""
"""A build that is killed when all is written and the store is not closed yet."""


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


def test_files_that_may_not_grow_are_told_and_nothing_of_before_is_lost(codeanvil: Any, project: Any) -> None:
    """As a full disk, where nobody may mount one: no file of the process may have more than so many bytes."""
    project.write({"a.py": "class First: ...\n"})
    assert codeanvil("prepare", project.root).code == 0
    noise = random.Random(7)
    project.write({f"m{n}.py": f"class Part{n}: ...\n" + noise.randbytes(9_000).hex("\n", 40) for n in range(200)})
    codeanvil.at_start = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (600_000, 600_000))
    assert re.search(r"cannot be written .*check the disk's space", codeanvil("prepare", project.root).sentence)
    assert "First" in project.names()
    codeanvil.at_start = None
    assert codeanvil("prepare", project.root, "--json").json["index"]["files"] == {"python": 201}


@pytest.mark.parametrize("damage", ["its log is gone", "its log is garbage", "garbage in its middle"])
def test_a_store_whose_writer_was_killed_and_that_was_damaged_then_is_whole_after_the_next_build(
    project: Any, damage: str
) -> None:
    project.write({f"m{n}.py": f"class Part{n}: ...\n" * 20 for n in range(60)})
    project.index()
    path = index_path(project.root, project.settings)
    whole = content(path)
    log = path.with_name(f"{path.name}-wal")
    project.write({f"m{n}.py": f"class Part{n}: ...\n" * 20 + "# changed\n" for n in range(60)})
    with subprocess.Popen([sys.executable, "-c", KILLED, project.root], env=child_environment()) as writer:
        writer.wait()
    assert log.stat().st_size > 0, "the writer has left nothing in its log: this test shows nothing"
    if damage == "its log is gone":
        log.unlink()
    elif damage == "its log is garbage":
        log.write_bytes(random.Random(3).randbytes(log.stat().st_size))
    else:
        with path.open("r+b") as file:
            file.seek(path.stat().st_size // 2)
            file.write(random.Random(3).randbytes(40_000))
    project.write({f"m{n}.py": f"class Part{n}: ...\n" * 20 for n in range(60)})
    project.index()
    assert content(path) == whole


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
