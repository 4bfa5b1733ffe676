"""What git tells of the last commits: read safely, told truly, and the same each time."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from tests.workspace.secrets.fakes import TOKENS

from codeanvil.facts.model import Commit, Removed
from codeanvil.workspace.dataset import write_dataset
from codeanvil.workspace.history import HistoryJob, head_of, read_history

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


def git(folder: Path, *arguments: str) -> str:
    day = "2026-11-20T12:00:00 +0000"
    who = {f"GIT_{role}_{what}": "ann@example.org" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    days = {"GIT_AUTHOR_DATE": day, "GIT_COMMITTER_DATE": day, "GIT_CONFIG_GLOBAL": os.devnull}
    command, environment = ["git", "-C", str(folder), *arguments], {**os.environ, **who, **days}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.strip()


def commit(folder: Path, subject: str) -> str:
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "--allow-empty", "-m", subject)
    return git(folder, "rev-parse", "HEAD")[:10]


@pytest.fixture
def harbor(project: Any) -> Any:
    """Three commits: two types and a function, of which the second takes one type and the third a whole file."""
    git(project.root, "init", "-q")
    project.write({"ship.py": "class ShipYard: ...\n\n\nclass Ferry: ...\n", "old.py": "def sail_home(): ...\n"})
    commit(project.root, "Ships, yards and the way home")
    project.write({"ship.py": "class Ferry: ...\n", "new.py": "class Crane: ...\n"})
    project.second = commit(project.root, "Yards are gone; cranes come")
    project.write({"old.py": None})
    project.third = commit(project.root, "Nobody sails home: 100% sure")
    return project


def history(project: Any) -> Any:
    return read_history(HistoryJob(project.root, head_of(project.root)))


def answers(project: Any, kind: str) -> set[str]:
    with project.store() as store:
        return {sample.output for sample in store.samples(kind)}


def test_commits_come_newest_first_with_what_they_touched(harbor: Any) -> None:
    found = history(harbor)
    assert found.commits[0] == Commit(harbor.third, "2026-11-20", "Nobody sails home: 100% sure", (("D", "old.py"),), 1)
    assert found.commits[1].files == (("A", "new.py"), ("M", "ship.py"))
    assert len(found.commits) == 3
    assert found == history(harbor)


def test_names_that_commits_took_out_are_told_with_the_commit(harbor: Any) -> None:
    assert history(harbor).removed == (
        Removed("sail_home", "function", "old.py", harbor.third, "2026-11-20"),
        Removed("ShipYard", "class", "ship.py", harbor.second, "2026-11-20"),
    )


def test_they_are_taught(harbor: Any) -> None:
    harbor.index()
    harbor.make_samples()
    gone = "There is no `{}` in this workspace any more: commit `{}` of 2026-11-20 removed it from `{}`."
    assert answers(harbor, "removed") == {
        gone.format("sail_home", harbor.third, "old.py"),
        gone.format("ShipYard", harbor.second, "ship.py"),
    }
    told = answers(harbor, "changes")
    assert (
        f"The last commits of `project` are:\n\n- 2026-11-20, `{harbor.third}`: Nobody sails home: 100% sure\n"
        f"- 2026-11-20, `{harbor.second}`: Yards are gone; cranes come\n"
    ) in next(text for text in told if text.startswith("The last commits"))
    assert (
        f'`ship.py` was last changed on 2026-11-20 by commit `{harbor.second}`: "Yards are gone; cranes come".' in told
    )
    assert not [text for text in told if text.startswith("`old.py` was last")]


def test_a_name_that_is_back_is_not_said_to_be_gone(harbor: Any) -> None:
    harbor.write({"back.py": "class ShipYard: ...\n"})
    harbor.index()
    harbor.make_samples()
    assert not [text for text in answers(harbor, "removed") if "ShipYard" in text]


def test_samples_follow_when_a_commit_is_made_and_no_file_changes(harbor: Any) -> None:
    harbor.index()
    harbor.make_samples()
    harbor.write({"notes.txt": "Not indexed.\n"})
    last = commit(harbor.root, "Tugs")
    assert "" in harbor.index("nothing.py").regenerated
    assert any(f"`{last}`: Tugs" in text for text in answers(harbor, "changes"))


def test_of_a_folder_in_a_repository_only_its_own_commits_and_paths_are_told(harbor: Any, open_project: Any) -> None:
    harbor.write({"lib/deep.py": "def deep(): ...\n"})
    mine = commit(harbor.root, "Something deep")
    found = history(open_project(harbor.root / "lib"))
    assert [(each.id, each.files) for each in found.commits] == [(mine, (("A", "deep.py"),))]


@pytest.mark.parametrize("state", ["no repository", "no commit", "broken", "no git"])
def test_without_history_there_is_no_trouble(project: Any, state: str, monkeypatch: pytest.MonkeyPatch) -> None:
    project.write({"a.py": "class A: ...\n"})
    if state != "no repository":
        git(project.root, "init", "-q")
    if state == "broken":
        commit(project.root, "One")
        (project.root / ".git/HEAD").write_bytes(b"\xff\xfe")
    if state == "no git":
        commit(project.root, "One")
        monkeypatch.setenv("PATH", "/nowhere")
    assert head_of(project.root) == ""
    project.index()
    project.make_samples()
    assert answers(project, "changes") == set()


def test_nothing_that_a_repository_configures_is_run(harbor: Any, tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {tmp_path}/sprung\n")
    trap.chmod(0o755)
    for key in ("core.fsmonitor", "core.pager", "gpg.program", "diff.external", "diff.x.textconv", "core.sshCommand"):
        git(harbor.root, "config", key, str(trap))
    git(harbor.root, "config", "log.showSignature", "true")
    git(harbor.root, "config", "filter.x.smudge", str(trap))
    harbor.write({".gitattributes": "*.py diff=x filter=x\n"})
    assert len(history(harbor).commits) == 3
    assert not (tmp_path / "sprung").exists()


def test_subjects_and_old_versions_are_screened(harbor: Any) -> None:
    token = TOKENS["GitHub Token"]
    harbor.write({"ship.py": "class Ferry: ...\n\n\n" + f"class Key:\n    '''{token}'''\n"})
    commit(harbor.root, f"The key is {token}")
    harbor.write({"ship.py": "class Ferry: ...\n"})
    commit(harbor.root, "No key")
    assert token[4:24] not in repr(history(harbor))
    assert "The key is <secret>" in repr(history(harbor))
    harbor.index()
    data = Path(write_dataset(harbor.root, harbor.settings, harbor.workers).path).read_text("utf-8")
    assert "The key is <secret>" in data
    assert token[4:24] not in data


def test_the_data_set_is_the_same_wherever_the_repository_lies(harbor: Any, open_project: Any, tmp_path: Path) -> None:
    elsewhere = open_project(tmp_path / "other" / "project")
    shutil.copytree(harbor.root, elsewhere.root)
    made = []
    for each in (harbor, elsewhere):
        each.index()
        made.append(Path(write_dataset(each.root, each.settings, each.workers).path).read_bytes())
    assert made[0] == made[1]
