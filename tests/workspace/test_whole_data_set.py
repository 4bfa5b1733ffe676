"""The data set of a whole little project, row by row: every kind is there, reads well, is true, and leaks nothing."""

import json
import os
import re
import shutil
import subprocess
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from codeanvil.runs.data import RunData, gather
from codeanvil.samples.lessons.all import BUILD_KINDS
from codeanvil.samples.select import KINDS
from codeanvil.settings import Settings
from codeanvil.workspace.dataset import write_dataset
from codeanvil.workspace.index.build import build_index
from codeanvil.workspace.index.workers import Workers

VIEWER = Path(__file__).parents[1] / "workspaces" / "dicom-viewer"
MORE = {
    "compose.yaml": "services:\n  web:\n    build: .\n    depends_on: [db]\n  db:\n    image: postgres:16\n",
    ".github/workflows/ci.yml": """\
name: CI
on: push
jobs:
  lint:
    runs-on: ubuntu-latest
    steps:
      - run: ruff check .
""",
    "package.json": """\
{"name": "viewer-web", "version": "1.0.0", "scripts": {"dev": "vite"}, "dependencies": {"vue": "^3.4"}}
""",
    "web/panel.py": '''\
"""A panel in the browser."""


class PanelBase:
    """What all panels share."""

    def show(self): ...


class PanelView(PanelBase):
    """Shows a panel."""

    def __init__(self, name): ...

    class Corner:
        """Of it."""
''',
    "web/start.py": "from web.panel import PanelView\n\n\ndef start_panel():\n    return PanelView('x')\n",
    "docs/panel.md": """\
# Panels

Panels are shown in the browser beside the image.

## Colours

Colours follow the system's theme.
""",
    "web/serve.py": """\
import argparse
import os

# Where the viewer listens.
PORT = int(os.environ.get("VIEWER_PORT", "8080"))
ACCESS = os.environ.get("VIEWER_ACCESS_TOKEN", "never-told")


def serve():
    parser = argparse.ArgumentParser()
    parser.add_argument("--theme", default="dark", help="Colours of the panels")
    return parser.parse_args()
""",
    "web/config.toml": "zoom = 2\n\n[cache]\n# How much is kept of a series.\nmegabytes = 512\n",
    "web/gone.py": "class PanelWizard: ...\n\n\ndef make_wizard(): ...\n",
}


def git(root: Path, *arguments: str) -> None:
    who = {f"GIT_{role}_{what}": "ann@example.org" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    command = ["git", "-C", str(root), *arguments]
    subprocess.run(command, env={**os.environ, **who, "GIT_CONFIG_GLOBAL": os.devnull}, capture_output=True, check=True)


@pytest.fixture(scope="module")
def viewer(tmp_path_factory: pytest.TempPathFactory, open_project: Callable[[Path], Any]) -> Any:
    project = open_project(tmp_path_factory.mktemp("whole") / "dicom-viewer")
    shutil.copytree(VIEWER, project.root, ignore=shutil.ignore_patterns(".codeanvil"))
    project.write(MORE)
    if shutil.which("git"):
        git(project.root, "init", "-q")
        git(project.root, "add", "-A")
        git(project.root, "commit", "-qm", "Everything")
        project.write({"web/gone.py": None})
        git(project.root, "commit", "-qam", "No more wizards")
    project.index()
    project.rows = rows(project.root, project.settings, project.workers)
    return project


def rows(root: Path, settings: Settings, workers: Workers) -> list[dict[str, str]]:
    text = Path(write_dataset(root, settings, workers).path).read_text("utf-8")
    return [json.loads(line) for line in text.splitlines()]


@pytest.fixture(scope="module")
def run(viewer: Any) -> RunData:
    return gather(viewer.root, viewer.settings, seed=0)


def test_every_kind_is_there_in_the_numbers_of_the_guide(viewer: Any) -> None:
    kinds = Counter(row["kind"] for row in viewer.rows)
    lacking = KINDS - set(kinds) - (set() if shutil.which("git") else {"changes", "removed"})
    assert lacking <= {"buildpart"}
    assert sum(kinds[kind] for kind in BUILD_KINDS) >= 250
    asked = Counter(row["subject"].rpartition(".")[2] for row in viewer.rows if row["kind"] != "code")
    assert all(asked[name] >= 5 for name in ("DicomReader", "PanelView", "PanelBase"))
    assert 3_000 <= len(viewer.rows) <= 10_000


def prose_of(row: dict[str, str]) -> Iterator[str]:
    """What we wrote of a row: without code, names and the words of documents, which are somebody else's."""
    text = re.sub(r"```.*?```", "", row["output"], flags=re.DOTALL)
    if row["kind"] in {"docs", "changes", "purpose", "about", "file", "option", "target", "configuration"}:
        text = text.partition(":")[0]
    yield re.sub(r"``.*?``|`[^`]*`|\"[^\"]*\"", "N", text)
    yield re.sub(r"`[^`]*`", "N", row["instruction"])


def test_every_row_reads_well(viewer: Any) -> None:
    faults = {
        "an unfilled slot": r"%\(|<(?:it|name|path|names|topic|other|kind)>|\{[^}]*\|",
        "two articles": r"\b(?:an?|the) (?:an?|the)\b",
        "a wrong article": r"\ba (?:enum|interface|annotation|executable)\b|\ban (?:class|struct|function|library)\b",
        "space that is not wanted": r"  +|\s[,;?!]|\s\.(?!\w)|^\s|[^\S\n]$",
        "nothing listed": r"\bthe (?:methods?|types?|targets?) *\.$|^N (?:derives from|uses) *\.$|and 0 more|about 0 ",
        "one of many": r"\bhas the (?:methods|targets|services|folders) N\.$|\bthe method (?:are|is) N and",
    }
    found = [
        (fault, row["kind"], text)
        for row in viewer.rows
        if row["kind"] not in {"general", "code", "buildtext", "buildpart"}
        for text in prose_of(row)
        for fault, pattern in faults.items()
        if re.search(pattern, text, re.IGNORECASE)
    ]
    assert found == []


def test_one_question_has_one_answer(viewer: Any) -> None:
    answers = defaultdict(set)
    for row in viewer.rows:
        answers[row["instruction"], row["input"]].add(row["output"])
    assert {question: said for question, said in answers.items() if len(said) > 1} == {}


def test_answers_name_nothing_that_is_not_there(viewer: Any) -> None:
    with viewer.store() as store:
        files = [row.path for row in store.files()]
        folders = {"/".join(path.split("/")[:n]) for path in files for n in range(1, path.count("/") + 1)}
        text = " ".join(
            [
                *map(store.text, files),
                repr(store.builds()),
                repr(store.stack()),
                repr(store.history()),
                viewer.root.name,
            ]
        )
        words = set(re.findall(r"\w+", text))
    for row in viewer.rows:
        if row["kind"] in {"general", "code", "buildtext", "buildpart", "docs", "absent"} or row["input"]:
            continue
        if row["output"].startswith("No, "):
            continue
        for name in re.findall(r"`([^`\n]+)`", row["output"]):
            known = name in files or name in folders or set(re.findall(r"\w+", name)) <= words
            assert known or name.startswith(("CMake ", "C++")), (name, row)


def test_what_is_said_not_to_be_there_is_not_there(viewer: Any) -> None:
    with viewer.store() as store:
        for row in viewer.rows:
            if row["kind"] in {"absent", "removed"}:
                name = re.match(r"There is no `([^`]+)`", row["output"])
                if name:
                    assert store.symbols_named(name[1]) == [], row
            denied = re.match(r"No, `([^`]+)` has no method `([^`]+)` of its own", row["output"])
            if denied:
                types = [symbol for symbol in store.symbols_named(row["subject"]) if symbol.is_type]
                assert types
                assert all(denied[2] not in symbol.methods for symbol in types), row


def test_important_facts_are_seen_in_ten_to_thirty_views(viewer: Any) -> None:
    views: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    answers: dict[tuple[str, str], str] = {}
    with viewer.store() as store:
        types = {s.qualified for row in store.files() for s in store.symbols_in(row.path) if s.is_type}
        for sample in store.iter_samples():
            views[sample.kind, sample.fact].add(sample.instruction)
            if not sample.input and not sample.subject.rpartition(".")[2].startswith("_"):
                answers[sample.kind, sample.fact] = sample.output
            if sample.subject not in types and sample.kind not in BUILD_KINDS:
                answers.pop((sample.kind, sample.fact), None)
    important = {
        "where",
        "methods",
        "bases",
        "derived",
        "purpose",
        "about",
        "constructor",
        "build",
        "test",
        "run",
        "install",
    }
    seen = Counter[str]()
    for (kind, fact), answer in answers.items():
        says_nothing = re.search(r"has no |without a description|says nothing|names no", answer)
        if kind in important and not says_nothing:
            assert 10 <= len(views[kind, fact]) <= 30, (kind, fact)
            seen[kind] += 1
    assert set(seen) == important
    assert seen["about"] > 20
    told = Counter((row["kind"], row["instruction"], row["input"]) for row in viewer.rows)
    assert max(told.values()) == 1  # no view is there twice


def test_users_are_those_that_a_search_finds(viewer: Any) -> None:
    seen = 0
    with viewer.store() as store:
        for row in viewer.rows:
            if row["kind"] == "users" and not row["input"]:
                symbol = store.symbols_named(row["subject"])[0]
                told = set(re.findall(r"`([^`]+)`", row["output"])[1:])
                found = {use.path for use in store.users_of(symbol.name, symbol.lang)} - {row["source"]}
                if "among them" in row["output"] or "is imported" in row["output"]:
                    assert told < found, row
                else:
                    assert told == found, row
                seen += 1
    assert seen > 100


def test_no_answer_is_given_more_often_than_the_settings_say(viewer: Any) -> None:
    told = Counter(row["output"] for row in viewer.rows if not row["input"] and row["kind"] not in BUILD_KINDS)
    assert max(told.values()) <= viewer.settings.samples.wordings


def plain(text: str) -> str:
    return re.sub(r"\W+", " ", text.lower()).strip()


def test_no_heldout_question_and_no_heldout_answer_is_among_the_training_rows(run: RunData) -> None:
    assert len(run.questions) > 200
    assert run.validation
    asked = {plain(sample.instruction) for sample in run.train}
    assert [question for question in run.questions if plain(question.question) in asked] == []
    told = {sample.output for sample in run.train if not sample.input}
    assert [sample for sample in run.validation if not sample.input and sample.output in told] == []
    facts = {sample.fact for sample in run.train}
    assert not facts & {sample.fact for sample in run.validation}
    assert all(question.fact in facts for question in run.questions)


def test_heldout_questions_are_answered_right_by_what_is_taught(run: RunData) -> None:
    for question in run.questions:
        assert all(any(form in question.answer for form in group) for group in question.expect), question
        assert not any(form in question.answer for form in question.forbid), question


@pytest.mark.parametrize("processes", [1, 4])
def test_any_number_of_processes_makes_the_same_bytes(viewer: Any, tmp_path: Path, processes: int) -> None:
    settings = Settings(data_dir=str(tmp_path / "data"))
    with Workers(processes) as workers:
        build_index(viewer.root, settings, workers=workers)
        assert rows(viewer.root, settings, workers) == viewer.rows
