"""Questions about what changed, answered from what git told the index; and the facts that a model gets beside them."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from codeanvil.answers.ask import ask, prepare
from codeanvil.samples.evidence import changed_facts, file_facts, history_facts
from codeanvil.settings import Settings
from codeanvil.workspace.index.build import build_index
from codeanvil.workspace.location import index_path
from codeanvil.workspace.store import Store
from codeanvil.workspace.store.views import file_view

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


def git(root: Path, *arguments: str) -> None:
    who = {f"GIT_{role}_{what}": "ann@example.org" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    environment = {**os.environ, **who, "GIT_CONFIG_GLOBAL": os.devnull}
    subprocess.run(["git", "-C", str(root), *arguments], env=environment, capture_output=True, check=True)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    root = tmp_path_factory.mktemp("changes") / "fleet"
    root.mkdir()
    git(root, "init", "-q")
    for subject, files in (
        ("The fleet begins", {
            "ship.py": "class Ferry: ...\n\n\nclass RowingBoat: ...\n", "crane.py": "class Crane: ...\n",
        }),
        ("Nobody rows", {"ship.py": "import crane\n\n\nclass Ferry:\n    lifts = crane.Crane()\n"}),
    ):  # fmt: skip
        for path, text in files.items():
            (root / path).write_text(text)
        git(root, "add", "-A")
        git(root, "commit", "-qm", subject)
    build_index(root, Settings())
    with Store(index_path(root, Settings())) as opened:
        yield opened


@pytest.mark.parametrize(
    ("question", "holds", "lacks"),
    [
        ("What was the last commit?", ["Nobody rows", "`ship.py`"], ["The fleet begins"]),
        ("What changed recently?", ["Nobody rows", "The fleet begins"], []),
        ("Show me the latest commits.", ["Nobody rows", "The fleet begins"], []),
        ("When was crane.py last changed?", ["The fleet begins", "(crane.py#L1)"], ["Nobody rows"]),
        ("When was Ferry last changed?", ["Nobody rows", "`ship.py`"], ["The fleet begins"]),
    ],
)
def test_changes_are_told_as_git_tells_them(store: Store, question: str, holds: list[str], lacks: list[str]) -> None:
    answer = ask(question, store)
    assert answer.found
    assert [part for part in holds if part not in answer.answer] == []
    assert [part for part in lacks if part in answer.answer] == []


def test_what_a_commit_removed_is_told_with_the_commit(store: Store) -> None:
    answer = ask("What does RowingBoat do?", store)
    assert not answer.found
    assert store.history().commits[0].id in answer.answer
    assert "removed it from `ship.py`" in answer.answer


def test_the_model_gets_history_in_the_form_of_the_samples(store: Store) -> None:
    commits = store.history().commits
    assert history_facts(commits) in prepare("What changed recently?", store).evidence
    assert changed_facts("project", commits[0]) in prepare("What was the last commit?", store).evidence
    assert changed_facts("file crane.py", commits[1]) in prepare("When was crane.py last changed?", store).evidence


def test_the_model_gets_what_something_uses_in_the_form_of_the_samples(store: Store) -> None:
    view = file_view(store, "ship.py")
    assert view is not None
    assert view.uses == {"": ("Crane",), "Ferry": ("Crane",)}
    assert file_facts(view.facts, uses=view.uses[""]) in prepare("What does ship.py use?", store).evidence
    assert "\nuses: Crane" in prepare("What does Ferry use?", store).evidence
    assert "\nuses:" not in prepare("What uses Ferry?", store).evidence
    assert "\nusers: none" in prepare("What uses Ferry?", store).evidence


def test_without_a_repository_that_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("def go(): ...\n")
    build_index(tmp_path, Settings())
    with Store(index_path(tmp_path, Settings())) as alone:
        assert "knows no commits" in ask("What was the last commit?", alone).answer
