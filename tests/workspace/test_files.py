"""Which files are read, and why the others are not."""

import os
from pathlib import Path

import pytest

from codeanvil.settings import IndexSettings
from codeanvil.workspace import contents, files
from codeanvil.workspace.contents import LeftOutError, read
from codeanvil.workspace.files import Tree, scan

SETTINGS = IndexSettings(max_file_bytes=10_000)


def touch(root: Path, *paths: str, content: bytes = b"x = 1\n") -> None:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)


def test_sources_build_files_and_documents_are_found_in_order(tmp_path: Path) -> None:
    touch(tmp_path, "b/z.py", "a.cpp", "b/a.h", "CMakeLists.txt", "b/pyproject.toml", "logo.png", "notes.txt")
    touch(tmp_path, "README.md", "b/INSTALL", "b/guide.rst", "b/book.adoc")
    found = scan(tmp_path, SETTINGS)
    assert found.files == [
        *("CMakeLists.txt", "README.md", "a.cpp", "b/INSTALL", "b/a.h", "b/book.adoc", "b/guide.rst"),
        *("b/pyproject.toml", "b/z.py"),
    ]
    assert found.left_out == {files.OTHER_KIND: 2}


def test_folders_of_tools_count_once_and_are_not_entered(tmp_path: Path) -> None:
    touch(tmp_path, ".git/a.py", ".codeanvil/a.py", "web/node_modules/x/a.py", ".venv/a.py", "__pycache__/a.py")
    touch(
        tmp_path, "env/pyvenv.cfg", "env/lib/a.py", "out/CMakeCache.txt", "out/a.c", "cache/CACHEDIR.TAG", "cache/a.c"
    )
    touch(tmp_path, "venv/a.py", "here/CMakeCache.txt", "here/CMakeLists.txt", "here/a.c")
    found = scan(tmp_path, SETTINGS)
    assert found.files == ["here/CMakeLists.txt", "here/a.c", "venv/a.py"]
    assert found.left_out == {files.TOOL_FOLDER: 6, files.OTHER_KIND: 1}


def test_links_are_not_followed_so_that_none_can_loop(tmp_path: Path) -> None:
    touch(tmp_path, "src/a.py")
    (tmp_path / "src/loop").symlink_to(tmp_path)
    (tmp_path / "again.py").symlink_to("src/a.py")
    (tmp_path / "broken.py").symlink_to("nowhere.py")
    found = scan(tmp_path, SETTINGS)
    assert found.files == ["src/a.py"]
    assert found.left_out == {files.LINK: 3}


def test_what_is_left_out_is_counted_by_reason(tmp_path: Path) -> None:
    touch(tmp_path, "big.py", content=b"#" * 10_001)
    touch(tmp_path, ".gitignore", content=b"gen/\nold.py\n")
    touch(tmp_path, "gen/a.py", "old.py", "jquery.min.py", ".env", "tls.pem")
    os.mkfifo(tmp_path / "pipe.py")
    found = scan(tmp_path, SETTINGS)
    assert found.files == []
    assert found.left_out == {
        contents.TOO_LARGE: 1,
        files.IGNORED: 2,
        contents.MINIFIED: 1,
        files.SECRET: 2,
        contents.NOT_REGULAR: 1,
        files.OTHER_KIND: 1,
    }


def test_names_that_are_not_utf8_are_left_out(tmp_path: Path) -> None:
    touch(tmp_path, *(os.fsdecode(name) for name in (b"caf\xe9.py", b"dir\xff/a.py")))
    touch(tmp_path, "café.py")
    found = scan(tmp_path, SETTINGS)
    assert found.files == ["café.py"]
    assert found.left_out == {files.NOT_UTF8: 2}


def test_scripts_tell_their_language_in_the_first_line(tmp_path: Path) -> None:
    touch(tmp_path, "bin/tool", "bin/data", content=b"#!/usr/bin/env python3\nx = 1\n")
    (tmp_path / "bin/tool").chmod(0o755)
    assert scan(tmp_path, SETTINGS).files == ["bin/tool"]


def test_a_single_path_is_judged_as_in_the_scan(tmp_path: Path) -> None:
    touch(tmp_path, ".gitignore", content=b"gen/\n")
    touch(tmp_path, "gen/a.py", "src/a.py", "src/.venv/b.py", "src/a.txt")
    tree = Tree(tmp_path, SETTINGS)
    reasons = {
        path: tree.reason(path) for path in ("src/a.py", "gen/a.py", "src/.venv/b.py", "src/a.txt", "no.py", "src")
    }
    assert reasons == {
        "src/a.py": None,
        "gen/a.py": files.IGNORED,
        "src/.venv/b.py": files.TOOL_FOLDER,
        "src/a.txt": files.OTHER_KIND,
        "no.py": contents.VANISHED,
        "src": contents.NOT_REGULAR,
    }


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\x7fELF\0\0", contents.BINARY),
        (b"x" * 6_000, contents.MINIFIED),
        (b"x = 1\n" * 2_000, contents.TOO_LARGE),
        (b"#" * 4_000, None),
        ("x = 'é'\n".encode("utf-16"), None),
        (b"", None),
        (b"x = 1\n" * 1_500 + b"\0", None),
    ],
)
def test_content_decides_too(tmp_path: Path, content: bytes, reason: str | None) -> None:
    touch(tmp_path, "a.py", content=content)
    if reason is None:
        assert read(tmp_path, "a.py", 10_000) == content
    else:
        with pytest.raises(LeftOutError, match=reason):
            read(tmp_path, "a.py", 10_000)


def test_a_file_that_changed_since_the_scan_is_left_out_with_the_reason(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.py")
    (tmp_path / "link.py").symlink_to("/etc/passwd")
    (tmp_path / "folder.py").mkdir()
    reasons = {}
    for path in ("gone.py", "gone/a.py", "pipe.py", "link.py", "folder.py", "pipe.py/a.py"):
        with pytest.raises(LeftOutError) as caught:
            read(tmp_path, path, 100)
        reasons[path] = str(caught.value)
    assert reasons == {
        "gone.py": contents.VANISHED,
        "gone/a.py": contents.VANISHED,
        "pipe.py": contents.NOT_REGULAR,
        "link.py": contents.UNREADABLE,
        "folder.py": contents.UNREADABLE,
        "pipe.py/a.py": contents.VANISHED,
    }
