"""The data card of a run: what was taught, what was left out, and how long it is."""

import json
from pathlib import Path
from typing import Any

import pytest

from codeanvil.contract import TOKENS_UNKNOWN, RunFolder, add_tokens
from codeanvil.runs.card import card, markdown, with_index
from codeanvil.runs.data import gather
from codeanvil.samples.model import Question, Sample
from codeanvil.settings import SampleSettings, Settings
from codeanvil.workspace.index.build import build_index
from codeanvil.workspace.index.report import IndexReport


def sample(number: int, kind: str, *, evidence: str = "", output: str = "") -> Sample:
    return Sample(
        str(number), kind, "A", "a.py", f"{kind}:{number // 2}", f"Q{number}?", evidence, output or f"A{number // 2}"
    )


TRAIN = [
    sample(0, "where"),
    sample(1, "where"),
    sample(2, "bases", evidence="Facts:\nx"),
    sample(3, "bases"),
    sample(4, "bases"),
]
HELD = [sample(9, "where")]
ASKED = [Question("q", "Q?", "where", (("a",),))]


def made() -> dict[str, Any]:
    report = IndexReport("rev1", {"python": 3}, {}, {}, {"ignored": 2}, {"GitHub Token": 1}, {})
    return with_index(card(TRAIN, HELD, ASKED, SampleSettings(), {"samples": 7, "files": 0}), report)


def test_it_counts_what_is_taught_and_what_is_not() -> None:
    found = made()
    assert found["code_revision"] == "rev1"
    assert found["rows"] == {"train": 5, "validation": 1, "questions": 1}
    assert list(found["kinds"].items()) == [
        ("bases", {"train": 3, "validation": 0}),
        ("where", {"train": 2, "validation": 1}),
    ]
    assert (found["facts"], found["sources"], found["with_evidence"]) == (3, 1, 1)
    assert found["exposures"] == {"mean": 1.3, "most": 2}
    assert found["left_out"] == {"samples": 7, "files": 0}
    assert (found["files_not_read"], found["secrets"]) == ({"ignored": 2}, {"GitHub Token": 1})
    assert found["settings"]["general_share"] == SampleSettings().general_share
    assert found == json.loads(json.dumps(found))


def test_people_read_the_same() -> None:
    text = markdown(made())
    for line in ("| bases | 3 | 0 |", "| samples | 7 |", "| ignored | 2 |", "| GitHub Token | 1 |", TOKENS_UNKNOWN):
        assert line in text.splitlines()
    assert "| files | 0 |" not in text


@pytest.mark.parametrize(("lengths", "mean", "median"), [([10, 30, 20], 20.0, 20), ([10, 40], 25.0, 25)])
def test_the_trainer_adds_the_tokens_once(tmp_path: Path, lengths: list[int], mean: float, median: float) -> None:
    folder = RunFolder(tmp_path)
    folder.card.write_text(json.dumps(made()))
    folder.card_text.write_text(markdown(made()))
    add_tokens(folder, lengths, cut=1, dropped=2, most=512)
    add_tokens(folder, [1], cut=0, dropped=0, most=1)
    found = json.loads(folder.card.read_text())["tokens"]
    assert (found["total"], found["mean"], found["median"], found["max"]) == (sum(lengths), mean, median, max(lengths))
    assert (found["cut"], found["dropped"], found["limit"]) == (1, 2, 512)
    text = folder.card_text.read_text()
    assert TOKENS_UNKNOWN not in text
    assert f"{sum(lengths)} in all; {mean:g} a row on average, median {median:g}, at most {max(lengths)}." in text


def test_a_run_without_a_card_is_no_trouble(tmp_path: Path) -> None:
    add_tokens(RunFolder(tmp_path), [3], cut=0, dropped=0, most=9)
    assert list(tmp_path.iterdir()) == []


def test_the_card_tells_the_truth_about_the_rows_of_a_run(tmp_path: Path) -> None:
    root = tmp_path / "shop"
    root.mkdir()
    (root / "README.md").write_text(
        "# Shop\n\nSells many things to many people.\n\n## Setup\n\nRun the installer first.\n"
    )
    for n in range(6):
        (root / f"m{n}.py").write_text(f'class Part{n}:\n    """Part number {n}."""\n    def work(self): ...\n')
    (root / "logo.png").write_bytes(b"\x89PNG")
    settings = Settings()
    build_index(root, settings)
    data = gather(root, settings, seed=1)
    found = data.card
    assert found["rows"]["train"] == len(data.train) == sum(each["train"] for each in found["kinds"].values())
    assert found["rows"]["questions"] == len(data.questions) > 10
    assert found["code_revision"] == data.revision
    assert found["exposures"]["most"] <= settings.samples.wordings
    assert {"docs", "general", "where"} <= set(found["kinds"])
    assert sum(found["files_not_read"].values()) == 1
