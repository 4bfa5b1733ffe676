"""Ignore rules: as git has them, which git itself is asked about."""

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from codeanvil.workspace.ignore import IgnoreRules

git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


def write(root: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)


def kept(root: Path, *exclude: str) -> set[str]:
    """The files that are left, walking down as a scan does."""
    rules = IgnoreRules(root, exclude)
    found: set[str] = set()

    def walk(folder: Path) -> None:
        for entry in folder.iterdir():
            path = entry.relative_to(root).as_posix()
            if entry.name == ".git" or rules.ignored(path, folder=entry.is_dir()):
                continue
            if entry.is_dir():
                walk(entry)
            else:
                found.add(path)

    walk(root)
    return {path for path in found if "ignore" not in path}


def kept_by_git(root: Path) -> set[str]:
    listed = subprocess.run(
        ["git", "-c", "core.excludesFile=", "ls-files", "-z", "--others", "--exclude-standard"],
        cwd=root,
        check=True,
        capture_output=True,
        text=True,
        env={"PATH": "/usr/bin:/bin:/usr/local/bin", "HOME": "/nonexistent", "GIT_CONFIG_NOSYSTEM": "1"},
    )
    return {path for path in listed.stdout.split("\0") if path and "ignore" not in path}


FOLDERS = ["", "a", "b", "a/b", "a/b/c"]
NAMES = ["x.py", "y.c", "a", "foo.o", "a b.py"]
PATTERNS = [
    "*.py", "a", "/a", "a/", "b/", "a/b", "/a/b/", "**/b", "a/**", "a/*", "*", "*/", "/*", "!*.py", "!a", "!a/", "!*/",
    "!/a/b", "!x.py", "x.*", "?.py", "[xy].*", "[!x].c", "# x.py", "\\!x", "a b.py", "**/c/x.py", "a/**/x.py", "!b/c/",
    "foo.[oa]", " x.py", "x.py   ", "/a/b/c/y.c", "c",
]  # fmt: skip


@git
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(FOLDERS), st.lists(st.sampled_from(PATTERNS), max_size=5), max_size=3))
def test_keeps_what_git_keeps(tmp_path_factory: pytest.TempPathFactory, ignore: dict[str, list[str]]) -> None:
    root = tmp_path_factory.mktemp("repository")
    subprocess.run(["git", "init", "-q", root], check=True)
    for folder in FOLDERS:
        write(root, {f"{folder}/{name}".lstrip("/"): "" for name in NAMES if f"{folder}/{name}".lstrip("/") != "a"})
        if (root / folder / "b").is_file():
            (root / folder / "b").unlink()
    for folder, lines in ignore.items():
        write(root, {f"{folder}/.gitignore".lstrip("/"): "\n".join(lines) + "\n"})
    assert kept(root) == kept_by_git(root)
    shutil.rmtree(root)


def test_deeper_files_win_and_negation_takes_back(tmp_path: Path) -> None:
    write(tmp_path, {".gitignore": "*.py\n", "src/.gitignore": "!keep.py\n", "src/keep.py": "", "src/drop.py": ""})
    assert kept(tmp_path) == {"src/keep.py"}


def test_nothing_is_taken_back_inside_an_ignored_folder(tmp_path: Path) -> None:
    write(tmp_path, {".gitignore": "build/\n!build/keep.py\n", "build/keep.py": "", "a.py": ""})
    assert kept(tmp_path) == {"a.py"}


def test_the_repositorys_own_exclude_file_counts(tmp_path: Path) -> None:
    write(tmp_path, {".git/info/exclude": "secret_plans.py\n", "secret_plans.py": "", "a.py": ""})
    assert kept(tmp_path) == {"a.py"}


def test_the_exclude_file_of_a_worktree_is_that_of_its_repository(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "main/.git/info/exclude": "drop.py\n",
            "main/.git/worktrees/side/commondir": "../..\n",
            "side/.git": "gitdir: ../main/.git/worktrees/side\n",
            "side/drop.py": "",
            "side/a.py": "",
        },
    )
    assert kept(tmp_path / "side") - {".git"} == {"a.py"}


def test_rules_above_the_workspace_apply_up_to_the_repositorys_top(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            ".gitignore": "a.py\n",
            "repo/.git/HEAD": "",
            "repo/.gitignore": "/app/gen/\n*.c\n",
            "repo/app/gen/x.py": "",
            "repo/app/a.py": "",
            "repo/app/a.c": "",
        },
    )
    assert kept(tmp_path / "repo/app") == {"a.py"}


def test_a_workspace_that_its_repository_ignores_is_read_all_the_same(tmp_path: Path) -> None:
    write(tmp_path, {".git/HEAD": "", ".gitignore": "scratch/\n*.c\n", "scratch/a.c": ""})
    assert kept(tmp_path / "scratch") == {"a.c"}


def test_own_ignore_files_come_last_and_may_take_back_what_git_ignores(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            ".gitignore": "gen/\n",
            ".codeanvilignore": "!gen/\nold.py\n",
            "gen/a.py": "",
            "old.py": "",
            "sub/.codeanvilignore": "!old.py\n",
            "sub/old.py": "",
        },
    )
    assert kept(tmp_path) == {"gen/a.py", "sub/old.py"}


def test_excluded_by_settings_unless_an_own_ignore_file_takes_it_back(tmp_path: Path) -> None:
    write(tmp_path, {".codeanvilignore": "!third/keep.py\n", "third/keep.py": "", "third/x.py": "", "a.py": ""})
    assert kept(tmp_path, "third/*", "!a.py") == {"a.py", "third/keep.py"}


@pytest.mark.parametrize("line", ["!", "a[b", "\\", "/", "***", "[z-a]", "\udce9"])
def test_a_line_that_is_no_pattern_changes_nothing(tmp_path: Path, line: str) -> None:
    (tmp_path / ".gitignore").write_bytes(f"{line}\ndrop.py\n".encode(errors="surrogateescape"))
    write(tmp_path, {"a.py": "", "drop.py": ""})
    assert "drop.py" not in kept(tmp_path)
