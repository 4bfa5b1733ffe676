import json
from pathlib import Path

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as st
from tests.checkout import REPOSITORY, as_interpreter, import_path

from codeanvil.answers.evaluation.evaluate import evaluate
from codeanvil.answers.evaluation.picture import drawn
from codeanvil.answers.evaluation.report import ARMS, EvaluationReport, Verdict, arm_report, forgetting
from codeanvil.answers.evaluation.words import in_words
from codeanvil.contract import RunConfig
from codeanvil.errors import ModelError, UsageError
from codeanvil.runs.run import find
from codeanvil.runs.scoring import is_right, mean_of, read_questions, score, wilson
from codeanvil.samples.model import Question
from codeanvil.settings import Settings, TrainSettings

FAKE_HOST = Path(__file__).with_name("fake_host.py")
QUESTIONS = [
    Question("1", "What does Ferry inherit from?", "inheritance", (("Vessel",),)),
    Question("2", "Is Ferry a Vessel?", "inheritance", (("Vessel", "Ship"), ("derives", "Yes"))),
    Question("3", "Where is QuayCrane?", "negative", (("here is no",),), ("defined in",)),
]


def test_wilson_agrees_with_published_values():
    # Newcombe 1998, Statistics in Medicine 17: 857-872, table I, method 3.
    for (correct, n), expected in {
        (81, 263): (0.2553, 0.3662),
        (15, 148): (0.0624, 0.1605),
        (0, 20): (0, 0.1611),
    }.items():
        assert wilson(correct, n) == pytest.approx(expected, abs=5e-5)


@given(st.integers(0, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_holds_the_share_and_stays_within_0_and_1(pair):
    correct, n = pair
    low, high = wilson(correct, n)
    assert 0 <= low <= (correct / n if n else 0.5) + 1e-12
    assert (correct / n if n else 0.5) - 1e-12 <= high <= 1


def test_a_score_of_nothing_is_wide():
    assert score([]).row() == {"n": 0, "correct": 0, "accuracy": 0.0, "low": 0.0, "high": 1.0}


@pytest.mark.parametrize(
    ("answer", "right"),
    [
        ("`Ferry` derives from `Vessel`.", True),
        ("Yes, a Ship.", True),
        ("`Ferry` derives from `vessel`.", False),
        ("`Ferry` derives from ~~`Vessel`~~.", False),
        ("Vessel", False),
    ],
)
def test_right_is_one_alternative_of_every_group_in_this_case_and_not_struck(answer, right):
    assert is_right(answer, QUESTIONS[1]) is right


def test_a_forbidden_word_makes_wrong():
    assert is_right("There is no QuayCrane", QUESTIONS[2])
    assert not is_right("There is no QuayCrane; it is defined in x.py", QUESTIONS[2])


def test_questions_are_read_as_documented(tmp_path):
    path = tmp_path / "q.jsonl"
    path.write_text(
        '{"id": 7, "question": "Where?", "category": "where", "expect": [["a", "b"], ["c"]], "forbid": ["d"]}\n\n'
        '{"question": "What?", "expect": ["x"]}\n'
    )
    first, second = read_questions(path)
    assert (first.id, first.expect, first.forbid) == ("7", (("a", "b"), ("c",)), ("d",))
    assert (second.id, second.category, second.expect, second.forbid) == ("2", "other", (("x",),), ())


@pytest.mark.parametrize(
    "line", ["[]", "{", '{"id": 1}', '{"question": "x", "expect": [[1]]}', '{"question": "x", "forbid": "y"}', ""]
)
def test_a_bad_file_of_questions_is_told_by_its_name(tmp_path, line):
    path = tmp_path / "q.jsonl"
    path.write_text(line)
    with pytest.raises(UsageError, match=r"q\.jsonl"):
        read_questions(path)
    with pytest.raises(UsageError, match="missing"):
        read_questions(tmp_path / "missing.jsonl")


@pytest.fixture
def trained(own_harbour, tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", import_path(REPOSITORY))
    trainer = as_interpreter(FAKE_HOST, tmp_path / "fake_host")
    root, _ = own_harbour
    folder = root / ".codeanvil" / "runs" / "20260101-000000-aaaa"
    (folder / "merged").mkdir(parents=True)
    (folder / "data").mkdir()
    (folder / "manifest.json").write_text("{}")
    (folder / "config.json").write_text(RunConfig().model_dump_json())
    (folder / "report.json").write_text('{"train": {"loss": 1}}')
    (folder / "data" / "general.jsonl").write_text('{"instruction": "Sort.", "output": "sorted"}\n' * 5)
    (folder / "data" / "questions.jsonl").write_text("".join(json.dumps(q.row()) + "\n" for q in QUESTIONS))
    settings = Settings(train=TrainSettings(python=str(trainer)))
    return root, settings, find(root, settings, "20260101")


def test_every_arm_is_scored_and_written_to_the_run(trained):
    root, settings, run = trained
    told: list[tuple[int, int]] = []
    report = evaluate(root, settings, progress=lambda done, total: told.append((done, total)))
    row = report.row()
    assert list(row) == ["run", "base_model", "code_revision", "questions", "seconds", "arms", "forgetting"]
    assert list(row["arms"]) == list(ARMS)
    correct = {name: arm["overall"]["correct"] for name, arm in row["arms"].items()}
    assert correct == {"base": 0, "tuned": 2, "base+index": 3, "tuned+index": 3, "index": 3}
    assert set(row["arms"]["index"]["categories"]) == {"inheritance", "negative"}
    assert row["arms"]["tuned"]["own_words"] is None
    assert row["arms"]["tuned+index"]["own_words"] == 0.5  # "derives" is no yes
    assert told[-1] == (10, 10)  # two models, three questions closed book, two with evidence
    written = json.loads(run.folder.report.read_text())
    assert written["train"] == {"loss": 1}
    assert written["evaluation"] == row
    lines = [json.loads(line) for line in (run.folder.path / "evaluation.jsonl").read_text().splitlines()]
    assert len(lines) == 15
    assert row["forgetting"] == {"base": 1.0, "tuned": 1.25, "rise": {"n": 5, "mean": 0.25, "low": 0.25, "high": 0.25}}
    claims = {name: arm["false_claims"]["mean"] for name, arm in row["arms"].items()}
    assert claims["base"] == 1.0, "a Boat is invented in each answer"
    assert claims["tuned"] == claims["index"] == 0.0
    abstention = {name: arm["abstention"] for name, arm in row["arms"].items()}
    assert abstention["index"]["right"]["accuracy"] == 1.0 and abstention["tuned"]["right"]["accuracy"] == 0.0
    assert abstention["index"]["wrong"] == score([False, False]).row()
    words = (run.folder.path / "evaluation.md").read_text()
    assert "![Right answers by arm and category](evaluation.svg)" in words and "1.000 before, 1.250 after" in words
    assert (run.folder.path / "evaluation.svg").read_text().startswith("<svg")


def test_a_mean_has_an_interval_that_holds_it_and_narrows_with_more_values():
    few, many = mean_of([0.0, 1.0] * 5), mean_of([0.0, 1.0] * 200)
    assert few.low < few.mean == 0.5 < few.high
    assert many.high - many.low < (few.high - few.low) / 3
    assert mean_of([0.0, 1.0] * 5) == few, "the same each time"
    assert mean_of([]).row() == {"n": 0, "mean": 0.0, "low": 0.0, "high": 0.0}


def verdict(category: str, *, right: bool = True, claims: int = 0, abstains: bool = False) -> Verdict:
    return Verdict(Question("1", "?", category, (("x",),)), "index", "x", right, claims, abstains)


def test_abstention_is_right_of_what_is_not_there_and_wrong_of_the_rest():
    arm = arm_report(
        [
            verdict("negative", abstains=True),
            verdict("negative", right=False, claims=3),
            verdict("where", abstains=True, right=False),
            verdict("where"),
            verdict("methods", claims=1),
        ]
    )
    assert (arm.abstains_rightly.correct, arm.abstains_rightly.n) == (1, 2)
    assert (arm.abstains_wrongly.correct, arm.abstains_wrongly.n) == (1, 3)
    assert arm.false_claims.mean == pytest.approx(0.8)


def test_forgetting_needs_the_losses_of_both():
    assert forgetting([1.0, 2.0], []) is None and forgetting([], []) is None
    found = forgetting([1.0, 2.0], [1.5, 2.5])
    assert found and found.row()["rise"]["mean"] == 0.5


def test_the_picture_is_well_formed_and_has_a_bar_for_each_arm_of_each_category():
    odd = [verdict("a<b>&c", right=False), verdict("where")]
    arms = {"index": arm_report(odd), "tuned+index": arm_report(odd[:1])}
    report = EvaluationReport("run", "base", "0" * 64, 2, 1.0, arms)
    picture = fromstring(drawn(report))
    bars = list(picture.iter("{http://www.w3.org/2000/svg}g"))
    assert len(bars) == 2 + 2 + 1
    width, height = (float(value) for value in picture.attrib["viewBox"].split()[2:])
    for rect in picture.iter("{http://www.w3.org/2000/svg}rect"):
        assert 0 <= float(rect.attrib["x"]) + float(rect.attrib["width"]) <= width
        assert 0 <= float(rect.attrib["y"]) <= height
    assert "a<b>&c" in "".join(picture.itertext())
    assert "| all |" in in_words(report) and "Forgetting" not in in_words(report)


def test_a_report_goes_to_a_folder_of_ones_choice(own_harbour, tmp_path):
    root, _ = own_harbour
    report = evaluate(root, Settings(), QUESTIONS, out=tmp_path / "out")
    assert json.loads((tmp_path / "out" / "evaluation.json").read_text()) == report.row()
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == ["evaluation.json", "evaluation.jsonl", "evaluation.md", "evaluation.svg"]


def test_chosen_arms_and_questions_only(trained):
    root, settings, _ = trained
    report = evaluate(root, settings, QUESTIONS[:1], ["tuned"])
    assert {name: arm.overall.n for name, arm in report.arms.items()} == {"tuned": 1}
    assert evaluate(root, settings, QUESTIONS, ["index"], most=2).questions == 2


def test_without_a_run_the_index_is_evaluated_alone(own_harbour):
    root, _ = own_harbour
    report = evaluate(root, Settings(), QUESTIONS)
    assert (report.run, report.base_model, list(report.arms)) == (None, None, ["index"])
    with pytest.raises(UsageError, match="codeanvil train"):
        evaluate(root, Settings(), QUESTIONS, ["tuned"])
    with pytest.raises(UsageError, match="--questions"):
        evaluate(root, Settings())
    with pytest.raises(UsageError, match="there are base"):
        evaluate(root, Settings(), QUESTIONS, ["bse"])


def test_a_model_that_cannot_be_loaded_is_told(trained):
    root, settings, run = trained
    run.folder.config.write_text(RunConfig(base_model="broken").model_dump_json())
    with pytest.raises(ModelError, match="no such weights"):
        evaluate(root, settings)
