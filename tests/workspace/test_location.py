"""Where a workspace may be, and where its own files go."""

import os
from pathlib import Path

import pytest

from codeanvil.errors import WideFolderError, WorkspaceError
from codeanvil.settings import Settings
from codeanvil.workspace.index.build import build_index
from codeanvil.workspace.location import allow_wide, elsewhere, find, index_path, make_data_folder, refuse_wide


def test_a_file_is_refused_with_the_folder_to_open(tmp_path: Path) -> None:
    (tmp_path / "main.py").touch()
    with pytest.raises(WorkspaceError, match=rf"is a file; open the folder .*: {tmp_path}$"):
        find(tmp_path / "main.py")


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="There is no folder"):
        find(tmp_path / "nowhere")


def test_a_loop_of_links_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    with pytest.raises(WorkspaceError, match="There is no folder"):
        find(tmp_path / "a")


def test_homes_and_what_holds_them_are_refused_until_they_are_allowed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "people" / "me"
    (home / "project").mkdir(parents=True)
    monkeypatch.setenv("HOME", str(home))
    for folder in (home, home.parent, tmp_path, Path("/"), Path("/home"), find(Path("~"))):
        with pytest.raises(WideFolderError, match="Open the folder of a project inside it"):
            refuse_wide(folder, Settings())
    refuse_wide(home / "project", Settings())
    allow_wide(home, Settings())
    refuse_wide(home, Settings())
    with pytest.raises(WideFolderError):
        refuse_wide(home.parent, Settings())
    with pytest.raises(WideFolderError):
        build_index(home.parent, Settings())


def test_a_workspace_that_cannot_be_written_keeps_its_files_among_the_users_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "mine"))
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    assert elsewhere(tmp_path / "one", Settings()) == ""
    monkeypatch.setattr(os, "access", lambda path, mode, **_: Path(path).is_relative_to(tmp_path / "mine"))
    folders = {make_data_folder(tmp_path / name, Settings()) for name in ("one", "two", "one")}
    assert len(folders) == 2
    assert all(folder.parent == tmp_path / "mine/codeanvil/workspaces" for folder in folders)
    assert f"{tmp_path / 'one'} cannot be written to, so its index" in elsewhere(tmp_path / "one", Settings())
    assert elsewhere(tmp_path / "one", Settings(data_dir=str(tmp_path / "mine"))) == ""


def test_links_to_a_workspace_lead_to_it(tmp_path: Path) -> None:
    (tmp_path / "project").mkdir()
    (tmp_path / "link").symlink_to("project")
    assert find(tmp_path / "link") == tmp_path / "project"


def test_the_data_folder_ignores_itself(tmp_path: Path) -> None:
    make_data_folder(tmp_path, Settings())
    assert (tmp_path / ".codeanvil/.gitignore").read_text() == "*\n"
    assert index_path(tmp_path, Settings()) == tmp_path / ".codeanvil/index.db"


def test_a_folder_that_cannot_be_written_is_told_with_the_setting_that_helps(tmp_path: Path) -> None:
    for data_dir in ("/proc/codeanvil", str(tmp_path / "file" / "data")):
        (tmp_path / "file").touch()
        with pytest.raises(WorkspaceError, match="set data_dir to a folder that can be written"):
            make_data_folder(tmp_path, Settings(data_dir=data_dir))


def test_data_dir_moves_the_data_folder(tmp_path: Path) -> None:
    settings = Settings(data_dir=str(tmp_path / "elsewhere"))
    make_data_folder(tmp_path / "readonly", settings)
    assert index_path(tmp_path / "readonly", settings) == tmp_path / "elsewhere/index.db"
