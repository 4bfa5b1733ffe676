"""What is there under a source's name and cannot be read: counted by reason, and the rest is indexed."""

import os
import socket
from pathlib import Path
from typing import Any

import pytest

from codeanvil.workspace import contents
from codeanvil.workspace.contents import LeftOutError, read
from codeanvil.workspace.files import Tree


def test_links_pipes_sockets_devices_and_folders_with_names_of_sources(project: Any) -> None:
    root: Path = project.root
    project.write({"good.py": "class Good: ...\n", "folder.py/inside.py": "class Inside: ...\n"})
    (root / "broken.py").symlink_to("nowhere.py")
    (root / "itself.py").symlink_to("itself.py")
    (root / "there.py").symlink_to("back.py")
    (root / "back.py").symlink_to("there.py")
    (root / "loop").symlink_to(".")
    (root / "outside.py").symlink_to("/etc/passwd")
    os.mkfifo(root / "pipe.py")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(os.fspath(root / "socket.py"))
    report = project.index()
    assert report.left_out == {"symbolic link": 6, "not a regular file": 2}
    assert report.problems == {}
    assert project.names() == ["Good", "Inside"]


def test_a_file_nobody_may_read_is_counted_and_read_once_it_may_be(
    project: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.write({"closed.py": "class Closed: ...\n", "open.py": "class Open: ...\n"})
    project.work_here()
    real = os.open

    def refuse(path: Any, *arguments: Any, **more: Any) -> int:
        if os.fspath(path).endswith("closed.py"):
            raise PermissionError(13, "Permission denied", path)
        return real(path, *arguments, **more)

    with monkeypatch.context() as patch:
        patch.setattr(os, "open", refuse)
        assert project.index().left_out == {"unreadable": 1}
    assert project.names() == ["Open"]
    assert project.index().left_out == {}
    assert project.names() == ["Closed", "Open"]


def test_a_folder_nobody_may_list_is_counted(project: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    project.write({"closed/a.py": "class Closed: ...\n", "open.py": "class Open: ...\n"})
    real = os.scandir

    def refuse(path: Any) -> Any:
        if os.fspath(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", path)
        return real(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert project.index().left_out == {"unreadable": 1}
    assert project.names() == ["Open"]


def test_a_disk_that_fails_in_the_middle_of_a_file_is_an_unreadable_file(project: Any) -> None:
    # The kernel refuses to read its own memory map at 0 with an I/O error, as a broken disk does.
    broken = Path("/proc/self/mem")
    if not broken.exists():
        pytest.skip("there is no /proc")
    with pytest.raises(LeftOutError, match=contents.UNREADABLE):
        read(broken.parent, broken.name, 100)


def test_a_file_that_is_written_while_it_is_read_is_read_again(project: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    project.write({"a.py": "class Old: ...\n"})
    path = project.root / "a.py"
    real = os.fstat
    looks = 0

    def written(fd: int) -> os.stat_result:
        nonlocal looks
        status = real(fd)
        looks += 1
        if looks == 1:
            path.write_text("class New: ...\n# and more\n")
        return status

    monkeypatch.setattr(os, "fstat", written)
    assert read(project.root, "a.py", 1_000) == b"class New: ...\n# and more\n"


def test_a_file_that_never_comes_to_rest_is_read_as_it_is(project: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    project.write({"log.py": "x = 1\n"})
    real = os.fstat

    def growing(fd: int) -> os.stat_result:
        status = real(fd)
        with (project.root / "log.py").open("a") as file:
            file.write("x = 1\n")
        return status

    monkeypatch.setattr(os, "fstat", growing)
    assert read(project.root, "log.py", 1_000).startswith(b"x = 1\n")


def test_a_loop_of_folders_by_links_ends(tmp_path: Path, project: Any) -> None:
    project.write({"a/b/c.py": "class C: ...\n"})
    (project.root / "a/b/up").symlink_to(project.root / "a")
    (project.root / "a/b/out").symlink_to(tmp_path)
    assert Tree(project.root, project.settings.index).scan().files == ["a/b/c.py"]


def test_what_modes_forbid_is_counted_and_the_rest_is_indexed(project: Any, nobody_special: Any) -> None:
    project.write({"closed.py": "class Closed: ...\n", "shut/inside.py": "class Inside: ...\n", "open.py": "x = 1\n"})
    project.write({"sub/.gitignore": "*.py\n", "sub/a.py": "class A: ...\n"})
    (project.root / "closed.py").chmod(0)
    (project.root / "shut").chmod(0)
    (project.root / "sub/.gitignore").chmod(0)
    report = nobody_special("prepare", project.root, "--json").json["index"]
    assert report["left_out"]["unreadable"] == 2
    assert report["problems"] == {}
    assert project.names() == ["A"], "rules that nobody may read leave out nothing"
    (project.root / "closed.py").chmod(0o644)
    (project.root / "shut").chmod(0o755)
    assert "unreadable" not in nobody_special("prepare", project.root, "--json").json["index"]["left_out"]
    assert project.names() == ["A", "Closed", "Inside"]


def test_a_workspace_nobody_may_write_to_keeps_its_index_among_the_users_own(
    project: Any, nobody_special: Any, tmp_path: Path
) -> None:
    project.write({"a.py": "class A: ...\n"})
    project.root.chmod(0o555)
    done = nobody_special("prepare", project.root, "--json")
    assert done.code == 0
    assert done.err.startswith(
        f"{project.root} cannot be written to, so its index and runs are kept in {tmp_path}/home/"
    )
    assert nobody_special("ask", project.root, "Where is A defined?", "--no-model", "--json").json["found"]
    assert [path.name for path in project.root.iterdir()] == ["a.py"]


def test_a_workspace_nobody_may_open_is_told(project: Any, nobody_special: Any) -> None:
    (project.root / "inner").mkdir()
    project.root.chmod(0)
    sentence = nobody_special("prepare", project.root / "inner").sentence
    assert sentence.startswith(f"{project.root}/inner cannot be opened; ask for the right to read it")
    project.root.chmod(0o755)
