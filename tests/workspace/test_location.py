"""Where a workspace may be, and where its own files go."""

from pathlib import Path

import pytest

from codeanvil.errors import WorkspaceError
from codeanvil.settings import Settings
from codeanvil.workspace.location import find, index_path, make_data_folder


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


def test_homes_and_the_root_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    for folder in (tmp_path, Path("/"), Path("~")):
        with pytest.raises(WorkspaceError, match="open the folder of a project inside it"):
            find(folder)
    (tmp_path / "project").mkdir()
    assert find(tmp_path / "project") == tmp_path / "project"


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
