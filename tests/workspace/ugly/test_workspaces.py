"""Workspaces that are no project's folder: nothing, one file, a home, and one that two servers share."""

import asyncio
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from codeanvil.workspace.index.client import IndexProcess


def test_an_empty_workspace_is_prepared_and_asked(codeanvil: Any, tmp_path: Path) -> None:
    (root := tmp_path / "empty").mkdir()
    report = codeanvil("prepare", root)
    assert report.code == 0, report.err
    assert "none that CodeAnvil reads" in report.out
    assert codeanvil("facts", root).out == ""
    asked = codeanvil("ask", root, "Where is Reader defined?", "--no-model", "--json")
    assert asked.json["found"] is False


def test_a_workspace_of_one_file_is_like_any_other(codeanvil: Any, tmp_path: Path) -> None:
    (root := tmp_path / "one").mkdir()
    (root / "lonely.py").write_text('class Lonely:\n    """Alone."""\n')
    assert codeanvil("prepare", root, "--json").json["dataset"]["samples"] > 0
    asked = codeanvil("ask", root, "Where is Lonely defined?", "--no-model", "--json").json
    assert asked["citations"][0] == {"path": "lonely.py", "line": 1, "symbol": "Lonely"}


@pytest.fixture
def lonely(tmp_path: Path) -> Path:
    """A file with others beside it."""
    (tmp_path / "desk").mkdir()
    (tmp_path / "desk" / "other.py").write_text("class Other: ...\n")
    (tmp_path / "desk" / "lonely.py").write_text('class Lonely:\n    """Alone."""\n')
    return tmp_path / "desk" / "lonely.py"


def test_a_file_given_as_the_workspace_is_read_alone_and_nothing_is_written_beside_it(
    codeanvil: Any, lonely: Path, tmp_path: Path
) -> None:
    prepared = codeanvil("prepare", lonely, "--json")
    assert (prepared.json["workspace"], prepared.json["index"]["files"]) == (str(lonely), {"python": 1})
    (data,) = (tmp_path / "home/.local/share/codeanvil/workspaces").iterdir()
    assert prepared.err == f"{lonely} is read alone; its index and runs are kept in {data}.\n"
    assert Path(prepared.json["dataset"]["path"]).is_relative_to(data)
    assert [json.loads(line)["name"] for line in codeanvil("facts", lonely).out.splitlines()] == ["Lonely"]
    asked = codeanvil("ask", lonely, "Where is Lonely defined?", "--no-model", "--json").json
    assert asked["citations"][0] == {"path": "lonely.py", "line": 1, "symbol": "Lonely"}
    assert codeanvil("ask", lonely, "Where is Other defined?", "--no-model", "--json").json["found"] is False
    lonely.write_text("class Changed: ...\n")
    assert json.loads(codeanvil("facts", lonely).out)["name"] == "Changed"
    assert sorted(path.name for path in lonely.parent.iterdir()) == ["lonely.py", "other.py"]


def test_a_file_and_its_folder_are_two_workspaces(codeanvil: Any, lonely: Path) -> None:
    for place, names in (
        (lonely.parent, ["Lonely", "Other"]),
        (lonely, ["Lonely"]),
        (lonely.parent, ["Lonely", "Other"]),
    ):
        assert sorted(json.loads(line)["name"] for line in codeanvil("facts", place).out.splitlines()) == names


def test_a_file_in_a_home_is_read_and_nobody_is_asked_about_the_home(codeanvil: Any, home: Path) -> None:
    assert json.loads(codeanvil("facts", home / "script.py").out)["name"] == "Script"


def test_a_file_that_git_ignores_is_read_when_it_is_named(codeanvil: Any, lonely: Path) -> None:
    (lonely.parent / ".gitignore").write_text("*\n")
    assert json.loads(codeanvil("facts", lonely).out)["name"] == "Lonely"


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("notes.txt", "Notes.\n", "neither source nor build file nor configuration nor document"),
        (".env", "A=b\n", "holds secrets by its name"),
        ("bundle.js", "var a=[1,2,3];" * 1_000, "minified"),
    ],
)
def test_a_file_that_cannot_be_read_alone_is_counted_with_its_reason(
    codeanvil: Any, tmp_path: Path, name: str, content: str, reason: str
) -> None:
    (tmp_path / name).write_text(content)
    report = codeanvil("prepare", tmp_path / name, "--json").json["index"]
    assert (report["files"], report["left_out"]) == ({}, {reason: 1})


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "home").mkdir(exist_ok=True)
    (tmp_path / "home" / "script.py").write_text("class Script: ...\n")
    return tmp_path / "home"


def test_a_home_is_not_read_without_a_terminal_unless_the_call_says_so(home: Path, codeanvil: Any) -> None:
    for verb in (["prepare", home], ["ask", home, "What is Script?"]):
        sentence = codeanvil(*verb).sentence
        assert sentence.startswith(f"{home} is not one project's folder")
        assert sentence.endswith("To read all of it, say so with --yes.")
        assert not (home / ".codeanvil").exists()
    assert codeanvil("prepare", home, "--yes", "--json").json["index"]["files"] == {"python": 1}
    assert codeanvil("prepare", home).code == 0, "it was allowed once"


@pytest.mark.parametrize("says", ["n\n", "\n", "\x04"])
def test_on_a_terminal_the_user_is_asked_and_no_answer_is_no(home: Path, codeanvil: Any, says: str) -> None:
    code, shown = codeanvil.on_terminal("prepare", home, says=says)
    assert code == 1
    assert "Read all of it? [y/N]" in shown
    assert shown.rstrip().endswith("was not read.")
    assert not (home / ".codeanvil").exists()


def test_on_a_terminal_yes_reads_all_of_it(home: Path, codeanvil: Any) -> None:
    code, shown = codeanvil.on_terminal("prepare", home, says="y\n")
    assert code == 0, shown
    assert (home / ".codeanvil" / "index.db").exists()


async def test_two_servers_on_one_workspace_take_turns_and_both_know_all(project: Any) -> None:
    project.write({f"m{number}.py": f"class Part{number}: ...\n" for number in range(30)})
    servers = [IndexProcess(project.root, project.settings) for _ in range(2)]
    try:
        reports = await asyncio.gather(*(server.update() for server in servers))
        assert sorted(len(report.parsed) for report in reports) == [0, 30]
        project.write({"m1.py": "class First: ...\n", "m2.py": "class Second: ...\n"})
        reports = await asyncio.gather(*(server.update(["m1.py", "m2.py"]) for server in servers))
        assert sorted(len(report.parsed) for report in reports) == [0, 2]
        assert len({report.revision for report in reports}) == 1
    finally:
        await asyncio.gather(*(server.close() for server in servers))
    assert {"First", "Second", "Part29"} <= set(project.names())


def git(*words: str | Path, at: Path) -> None:
    own = [
        "-c",
        "user.name=a",
        "-c",
        "user.email=a@b",
        "-c",
        "protocol.file.allow=always",
        "-c",
        "init.defaultBranch=m",
    ]
    subprocess.run(["git", *own, "-C", str(at), *map(str, words)], check=True, capture_output=True)


@pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")
def test_a_submodule_is_part_of_the_workspace_by_its_own_rules(project: Any, tmp_path: Path) -> None:
    (other := tmp_path / "other").mkdir()
    git("init", at=other)
    for name, text in {".gitignore": "made.py\n", "sub.py": "class Sub: ...\n", "out.py": "class Out: ...\n"}.items():
        (other / name).write_text(text)
    git("add", ".", at=other)
    git("commit", "-m", "a", at=other)
    git("init", at=project.root)
    project.write({".gitignore": "out.py\n", "a.py": "class A: ...\n", "out.py": "class Ignored: ...\n"})
    git("submodule", "add", other, "libs/other", at=project.root)
    project.write({"libs/other/made.py": "class Made: ...\n", "libs/empty/.git": "gitdir: ../../nowhere\n"})
    report = project.index()
    assert project.names() == ["A", "Out", "Sub"]
    assert report.left_out["ignored"] == 2
    assert report.problems == {}
    git("worktree", "add", "--detach", tmp_path / "side", at=other)
    with project.store() as store:
        assert {file.path for file in store.files()} == {"a.py", "libs/other/out.py", "libs/other/sub.py"}
    project.root = tmp_path / "side"
    project.index()
    assert project.names() == ["Out", "Sub"]
