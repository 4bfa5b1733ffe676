"""Questions about configuration, answered from the index with links to the lines that read a setting."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from codeanvil.answers.ask import ask, prepare
from codeanvil.answers.understanding.link import link
from codeanvil.samples.evidence import setting_facts
from codeanvil.settings import Settings
from codeanvil.workspace.index.build import build_index
from codeanvil.workspace.location import index_path
from codeanvil.workspace.store import Store

FILES = {
    "pyproject.toml": '[project]\nname = "harbour"\n',
    "harbour/serve.py": """\
import argparse
import os

# Where the harbour listens.
PORT = int(os.environ.get("HARBOUR_PORT", "8080"))
TIDE = os.getenv("HARBOUR_API_TOKEN", "never-told-to-anyone")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--berth-depth", default=12, help="Depth of the berths in metres")
    return parser.parse_args()
""",
    "harbour/other.py": 'import os\n\nprint(os.environ["HARBOUR_PORT"])\n',
    "harbour/config.toml": "[tide]\n# How often the tide is read.\nminutes = 5\n",
    "tests/test_serve.py": 'import os\n\nos.getenv("ONLY_IN_TESTS")\n',
}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    root = tmp_path_factory.mktemp("configured") / "harbour"
    for path, text in FILES.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    build_index(root, Settings())
    with Store(index_path(root, Settings())) as opened:
        yield opened


PORT_AT = "harbour/serve.py:5"


@pytest.mark.parametrize(
    ("question", "holds"),
    [
        ("What does HARBOUR_PORT do?", ["environment variable", "`8080`", PORT_AT, "other.py:3", "Where the harbour"]),
        ("What is the default of HARBOUR_PORT?", ["`8080`", PORT_AT]),
        ("Where is HARBOUR_PORT read?", [PORT_AT, "harbour/other.py:3"]),
        ("what does --berth-depth do", ["command-line option", "`12`", "harbour/serve.py:11", "Depth of the berths"]),
        ("What is the key tide.minutes for?", ["`tide.minutes`", "harbour/config.toml:3", "set to `5`"]),
        ("Which variable sets the port?", ["`HARBOUR_PORT`", PORT_AT]),
        ("Which setting changes the depth of berths?", ["`--berth-depth`", "harbour/serve.py:11"]),
        ("How is it configured?", ["`HARBOUR_PORT`", "`--berth-depth`", "`harbour/config.toml`", PORT_AT]),
        ("How do I configure this project?", ["`HARBOUR_PORT`", "`--berth-depth`"]),
        ("Which environment variables does it read?", ["`HARBOUR_PORT`", "`HARBOUR_API_TOKEN`", PORT_AT]),
        ("What command-line options are there?", ["`--berth-depth`", "harbour/serve.py:11"]),
        ("Which settings does harbour have?", ["`HARBOUR_PORT`", "`tide.minutes`"]),
    ],
)  # fmt: skip
def test_settings_are_told_with_their_lines(store: Store, question: str, holds: list[str]) -> None:
    answer = ask(question, store)
    assert answer.found
    assert [part for part in holds if part not in answer.answer] == []
    assert all(
        f"{cite.path}:{cite.line}" in answer.answer for cite in answer.citations if cite.path.startswith("harbour/s")
    )


def test_only_what_is_asked_for_is_listed(store: Store) -> None:
    answer = ask("Which environment variables does it read?", store).answer
    assert "--berth-depth" not in answer
    assert "no build options" not in answer
    assert "--berth-depth" not in ask("Which variable sets the port?", store).answer


def test_secrets_and_what_only_tests_read_are_not_told(store: Store) -> None:
    for question in ("How is it configured?", "What does HARBOUR_API_TOKEN do?"):
        answer = ask(question, store).answer
        assert "HARBOUR_API_TOKEN" in answer
        assert "never-told" not in answer
        assert "ONLY_IN_TESTS" not in answer


def test_of_a_name_that_is_no_setting_it_is_said(store: Store) -> None:
    assert not ask("What does HARBOUR_COLOUR do?", store).found
    assert link("What does main do?", store).names[0].settings == ()


def test_a_kind_of_which_there_is_none_is_said_to_be_missing(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("def go(): ...\n")
    build_index(tmp_path, Settings())
    with Store(index_path(tmp_path, Settings())) as empty:
        assert "knows no settings" in ask("How is it configured?", empty).answer
        (tmp_path / "a.py").write_text('import os\nos.getenv("A_B")\n')
    build_index(tmp_path, Settings())
    with Store(index_path(tmp_path, Settings())) as one:
        assert "no command-line options" in ask("Which command-line options are there?", one).answer


def test_the_model_gets_the_facts_in_the_form_of_the_samples(store: Store) -> None:
    places = [setting for setting in store.settings() if setting.name == "HARBOUR_PORT"]
    for question in ("What does HARBOUR_PORT do?", "Which variable sets the port?"):
        assert setting_facts(places) in prepare(question, store).evidence
    evidence = prepare("How is it configured?", store).evidence
    assert "\nconfiguration of harbour\n" in evidence
    assert "environment variables: HARBOUR_PORT and HARBOUR_API_TOKEN" in evidence
    assert "configuration files: harbour/config.toml" in evidence
