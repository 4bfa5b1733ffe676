"""Ignore rules: as git has them, which git itself is asked about."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codeanvil.workspace.ignore import IgnoreRules


def write(root: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(text.encode())


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


def kept_by_git(root: Path, home: Path) -> set[str]:
    listed = git("ls-files", "-z", "--others", "--exclude-standard", root=root, home=home)
    return {path for path in listed.split("\0") if path and "ignore" not in path and not path.endswith("/")}


def git(*words: str, root: Path, home: Path) -> str:
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "GIT_CONFIG_NOSYSTEM": "1"}
    done = subprocess.run(["git", *words], cwd=root, check=True, capture_output=True, env=environment)
    return os.fsdecode(done.stdout)


FOLDERS = ["", "b", "b/c", "a.d", "a.d/b", "b/c/a.d", "sp ace"]
NAMES = ["a", "ab", "a.b", "x.py", "a b", "#a", "!a", "c]", "[a]", "\\a", "a ", "é", "A", "*", "a*b", "3", "-", "^"]
PIECES = [
    *(
        "a",
        "b",
        "c",
        "x.py",
        "a.d",
        "sp ace",
        "é",
        "A",
        "3",
        "*",
        "**",
        "/",
        "?",
        "[ab]",
        "[!a]",
        "[^a]",
        "[a-c]",
        "[]]",
    ),
    *(
        "[",
        "]",
        "[[:alpha:]]",
        "[[:digit:]-]",
        "[[:nonsense:]]",
        "[a\\-c]",
        "!",
        "\\",
        "#",
        " ",
        "\\ ",
        "\t",
        "\r",
        "\x0c",
    ),
    *(".", "*.py", "**/", "/**", "-", "^"),
]
LINE = st.lists(st.sampled_from(PIECES), min_size=1, max_size=5).map("".join)
LINES = st.lists(LINE, min_size=1, max_size=3).map("\n".join)
IGNORE_FILE = st.tuples(LINES, st.sampled_from(["", "\n", "\r\n"])).map("".join)
USERS_OWN = "../home/.config/git/ignore"
PLACES = [".gitignore", "b/.gitignore", "b/c/.gitignore", "a.d/.gitignore", ".git/info/exclude", USERS_OWN]


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository of files with names that are hard on patterns, and a home beside it."""
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    root = tmp_path_factory.mktemp("git") / "repository"
    (root.parent / "home").mkdir()
    root.mkdir()
    git("init", "-q", root=root, home=root.parent / "home")
    write(root, {f"{folder}/{name}".lstrip("/"): "" for folder in FOLDERS for name in NAMES})
    return root


@settings(max_examples=150, deadline=None)
@given(ignore=st.dictionaries(st.sampled_from(PLACES), IGNORE_FILE, max_size=3))
def test_keeps_what_git_keeps(repository: Path, ignore: dict[str, str]) -> None:
    home = repository.parent / "home"
    for place in PLACES:
        (repository / place).unlink(missing_ok=True)
    write(repository, ignore)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(home))
        patch.delenv("XDG_CONFIG_HOME", raising=False)
        assert kept(repository) == kept_by_git(repository, home)


@pytest.mark.parametrize(
    ("configuration", "expected"),
    [
        ("[core]\n\texcludesFile = ~/mine\n", {"a.py"}),
        ('[CORE] ExcludesFile = ~/"mi"ne ; comment\n', {"a.py"}),
        ('[core]\nexcludesfile = "~/mine" # comment\n', {"a.py"}),
        ('[core "sub"]\nexcludesfile = ~/mine\n', {"a.py", "drop.py"}),
        ("[other]\nexcludesfile = ~/mine\n[core]\n", {"a.py", "drop.py"}),
    ],
)
def test_the_users_own_ignore_file_is_found_as_git_finds_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, configuration: str, expected: set[str]
) -> None:
    home, root = tmp_path / "home", tmp_path / "root"
    write(tmp_path, {"home/.gitconfig": configuration, "home/mine": "drop.py\n", "root/a.py": "", "root/drop.py": ""})
    monkeypatch.setenv("HOME", str(home))
    git("init", "-q", root=root, home=home)
    assert kept(root) == kept_by_git(root, home) == expected


def test_a_repository_inside_another_has_rules_of_its_own(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            ".git/HEAD": "",
            ".gitignore": "*.c\n/sub/b.py\n",
            ".codeanvilignore": "never.py\n",
            "a.c": "",
            "sub/.git": "gitdir: ../.git/modules/sub\n",
            ".git/modules/sub/info/exclude": "d.py\n",
            "sub/.gitignore": "c.py\n",
            **{f"sub/{name}": "" for name in ("a.c", "b.py", "c.py", "d.py", "never.py", "deep/d.py", "deep/e.c")},
        },
    )
    assert kept(tmp_path) - {"sub/.git"} == {"sub/a.c", "sub/b.py", "sub/deep/e.c"}


def test_git_agrees_about_a_repository_inside_another(tmp_path: Path) -> None:
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    write(tmp_path, {"top/.gitignore": "*.c\n", "top/in/.gitignore": "*.h\n", "top/in/a.c": "", "top/in/a.h": ""})
    for folder in ("top", "top/in"):
        git("init", "-q", root=tmp_path / folder, home=tmp_path)
    inside = {path.removeprefix("in/") for path in kept(tmp_path / "top") if path.startswith("in/")}
    assert inside == kept_by_git(tmp_path / "top/in", tmp_path) == {"a.c"}


@pytest.mark.parametrize("make", [os.mkfifo, Path.mkdir, lambda path: path.symlink_to("real")])
def test_what_is_no_plain_ignore_file_hangs_nobody(tmp_path: Path, make: Callable[[Path], None]) -> None:
    write(tmp_path, {"real": "a.py\n", "a.py": ""})
    make(tmp_path / ".gitignore")
    assert kept(tmp_path) >= {"a.py"}


def test_no_pattern_takes_long(tmp_path: Path) -> None:
    write(tmp_path, {".gitignore": "*a" * 40 + "b\n" + "**/a" * 20 + "/b\n", "a" * 250: "", "a/" * 40 + "x.py": ""})
    assert len(kept(tmp_path)) == 2


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
