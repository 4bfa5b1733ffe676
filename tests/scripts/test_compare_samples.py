"""The data sets that `scripts/compare-samples` trains on."""

from pathlib import Path

import pytest
from scripts.compare_samples.__main__ import table
from scripts.compare_samples.arms import ARMS, Source, asked_of_all

from codeanvil.samples.model import Question, Sample


def sample(number: int, kind: str, fact: str, evidence: str = "") -> Sample:
    return Sample(
        str(number), kind, "shop.Order", "shop/orders.py", fact, f"wording {number}", evidence, f"answer {fact}"
    )


@pytest.fixture
def source(tmp_path: Path) -> Source:
    (tmp_path / "orders.py").write_text("class Order(Base):\n    def total(self):\n        return 1\n")
    samples = [
        sample(1, "where", "place"),
        sample(2, "where", "place"),
        sample(3, "where", "place", "Order is in shop/orders.py."),
        sample(4, "methods", "methods"),
        sample(5, "absent", "no such class"),
    ]
    return Source(tmp_path, samples, "Run `make`.")


def test_the_guide_repeats_one_wording_of_one_answer(source: Source) -> None:
    rows = ARMS["guide"](source)
    builds = [row for row in rows if row["output"] == "Run `make`."]
    assert len(builds) > 2 * len({row["instruction"] for row in builds})
    assert {"Order inherits from Base.", "Order is defined in orders.py."} <= {row["output"] for row in rows}


def test_each_part_is_left_out_and_nothing_else(source: Source) -> None:
    def ids(arm: str) -> list[str]:
        return [row["id"] for row in ARMS[arm](source)]

    assert ids("ours") == ["1", "2", "3", "4", "5"]
    assert ids("one-wording") == ["1", "3", "4", "5"]
    assert ids("no-evidence") == ["1", "2", "4", "5"]


def test_only_what_all_of_them_teach_is_asked(source: Source) -> None:
    asked = [
        ("build", "How is it built?"),
        ("where", "Where is Order?"),
        ("where", "Where is total_of?"),
        ("stack", "Order?"),
    ]
    questions = [Question(str(at), text, category, ((("x",)),)) for at, (category, text) in enumerate(asked)]
    assert [question.question for question in asked_of_all(questions, source.root)] == [
        "How is it built?",
        "Where is Order?",
    ]


def test_the_table_gives_mean_and_range() -> None:
    score = {"mean": 0.5, "low": 0.4, "high": 0.6, "false_claims": 1.25, "own_words": 0.3}
    arm = {"rows": 1_000, "distinct": 900, "tuned": score, "tuned+index": score}
    figures = {
        "workspace": "w",
        "questions": 3,
        "categories": {"where": 3},
        "seeds": 3,
        "tokens": 10,
        "arms": {"ours": arm},
    }
    assert "| ours | 1,000 (900) | 50% (40% to 60%) | 50% (40% to 60%) | 30% | 1.25, 1.25 |" in table(figures)
