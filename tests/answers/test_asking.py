"""Answers without a model, and the shape of an answer."""

import pytest

from codeanvil.answers.ask import ask
from codeanvil.errors import ModelError, UsageError


def test_the_row_has_the_documented_shape(harbour, harbour_root, told):
    row = ask("Where is Ferry?", harbour, told("`Ferry` is in core/vessel.py."), root=harbour_root).row()
    assert list(row) == ["answer", "citations", "found", "unverified", "model", "revision", "timings"]
    assert row["citations"] == [{"path": "core/vessel.py", "line": 35, "symbol": "Ferry"}]
    assert row["model"] == "told"
    assert row["revision"] == {"code": harbour.revision(), "adapter": "abc", "stale": []}
    assert list(row["timings"]) == ["link", "evidence", "model", "check", "total"]


def test_without_a_model_no_model_and_no_adapter_is_named(harbour):
    row = ask("Where is Ferry?", harbour).row()
    assert (row["model"], row["revision"]["adapter"]) == (None, None)


HOLDS = [
    ("Where is Ferry defined?", ["`Ferry` is a class", "[core/vessel.py:35](core/vessel.py#L35)"]),
    ("Where is FloatGauge::calibrate?", ["tide/gauge.cpp:9", "declared in [tide/gauge.h:19]"]),
    ("What methods does BerthPlanner have?", ["`assign`", "`release`", "`_next`", "Give a berth back."]),
    ("What does RadarGauge inherit from?", ["derives from `Sensor` ([tide/gauge.h:8]"]),
    ("What does PlanningError derive from?", ["`ValueError`", "outside this workspace"]),
    ("What derives from Vessel?", ["`CargoVessel`", "`Ferry`", "`Tug`"]),
    ("What derives from ABC?", ["`Vessel`"]),
    ("Does Tug inherit from Vessel?", ["Yes, `Tug`"]),
    ("Does Tug inherit from Berth?", ["No, `Tug`", "derives from `Vessel`"]),
    ("Does Vessel inherit from Tug?", ["No, `Vessel`", "the other way round"]),
    ("Is Vessel a base class of Tug?", ["Yes, `Tug`"]),
    ("Does Tug have a method tow?", ["Yes, `Tug`", "core/vessel.py"]),
    ("Does Tug have a method fits?", ["Yes, `Tug`", "inherits `fits`", "Vessel.fits"]),
    ("Which class has a method called tow?", ["Tug.tow"]),
    ("What does Ferry do?", ["A vessel that carries passengers on a timetable."]),
    ("What does Tug do?", ["without a description", "`tow`"]),
    ("What is the signature of calibrate?", ["double zero, double scale"]),
    ("Who uses load_berths?", ["is used in [tools/plan.py:3](tools/plan.py#L3)", "There `main` mentions it"]),
    ("Who calls Vessel?", ["core/berth.py:3", "There `BerthPlanner.assign` mentions it"]),
    ("Where is Tug used?", ["is mentioned in no other file"]),
    ("Is there a class called Ferry?", ["Yes, `Ferry` is a class"]),
    ("Where is Report?", ["2 classes named `Report`", "tools/plan.py:6", "tools/report.py:1"]),
    ("What is in tide/gauge.h?", ["`Sensor`", "`FloatGauge`", "`RadarGauge`"]),
    ("What is in the file berth.py?", ["`Berth`", "`load_berths`", "Where vessels lie"]),
    ("Where is the BerthPlaner?", ["Taking `BerthPlaner` as `BerthPlanner`", "core/berth.py"]),
    ("What is MAX_DRAUGHT?", ["core/vessel.py:5"]),
    ("Does FloatGauge have a member history_?", ["stands in its definition", "tide/gauge.h"]),
    ("What does calibrate of FloatGauge take?", ["double zero"]),
    ("Write out the line that declares FloatGauge's calibrate", ["double zero"]),
    ("What is main in tools/plan.py for?", ["Print the plan of the day."]),
    ("Among the functions of Tug, is one named tow?", ["Yes, `Tug`"]),
    ("Can I pass a Ferry where a Vessel is expected?", ["Yes, `Ferry`"]),
    ("Does Vessel stand above Ferry?", ["Yes, `Ferry`"]),
    ("Which types have the class Vessel as their parent?", ["`CargoVessel`", "`Ferry`", "`Tug`"]),
    ("If I change Vessel, which types derived from it are affected?", ["`CargoVessel`", "`Ferry`", "`Tug`"]),
    ("What problem does the BerthPlanner class solve?", ["Assigns berths"]),
    ("What is in `gauge.cpp`?", ["tide/gauge.cpp"]),
    ("What is in CMakeLists.txt?", ["build file of CMake", "`tide_log`", "HARBOUR_SHARED"]),
    ("How do I build it?", ["cmake -S", "cmake --build"]),
    ("Which options does the build have?", ["HARBOUR_STAMPS", "HARBOUR_SHARED", "CMakeLists.txt:8"]),
    ("What does HARBOUR_STAMPS do?", ["HARBOUR_STAMPS", "ON"]),
    ("Which version of CMake is needed?", ["3.21"]),
    ("Which version of Python is needed?", ["3.10"]),
    ("Which C++ standard?", ["20"]),
    ("What does it depend on?", ["fmt", "attrs", "httpx"]),
    ("What executables are built?", ["tide_log"]),
    ("What languages is it written in?", ["Python", "C++"]),
    ("What version is it?", ["2.4.0"]),
    ("Does it use attrs?", ["attrs"]),
]


@pytest.mark.parametrize(("question", "parts"), HOLDS, ids=[row[0] for row in HOLDS])
def test_facts_answer_without_a_model(harbour, harbour_root, question, parts):
    answer = ask(question, harbour, root=harbour_root)
    assert answer.found
    assert [part for part in parts if part not in answer.answer] == [], answer.answer


ABSENT = [
    ("Where is QuayCrane?", "`QuayCrane`"),
    ("Is there a class BerthManager?", "`BerthManager`"),
    ("Does Tug have a method dive?", "`dive`"),
    ("What does FloatGauge::dispose do?", "`dispose`"),
    ("Does Tug inherit from Submarine?", "`Submarine`"),
    ("Does this project use Kubernetes?", "`Kubernetes`"),
    ("How are payroll taxes refunded?", "`payroll`"),
]


@pytest.mark.parametrize(("question", "name"), ABSENT, ids=[row[0] for row in ABSENT])
def test_what_is_not_there_is_said_not_to_be_there_and_no_model_is_asked(harbour, told, question, name):
    writer = told("It is in core/vessel.py.")
    answer = ask(question, harbour, writer)
    assert not answer.found
    assert name in answer.answer
    assert "here is no" in answer.answer
    assert writer.asked == []


def test_the_model_gets_the_evidence_of_training(harbour, told):
    writer = told("")
    ask("What does RadarGauge inherit from?", harbour, writer)
    ((instruction, evidence),) = writer.asked
    assert instruction == "What does RadarGauge inherit from?"
    assert evidence.startswith("Facts:\nclass RadarGauge (tide/gauge.h:")
    assert "bases: Sensor" in evidence
    assert "class Sensor" in evidence


def test_who_uses_it_is_evidence_where_that_is_asked(harbour, told):
    writer = told("It is used.")
    ask("Who uses BerthPlanner?", harbour, writer)
    ask("Where is BerthPlanner?", harbour, writer)
    users, where = (evidence for _, evidence in writer.asked)
    assert "users: " in users.split("\n\n")[0]
    assert "users: " not in where


def test_a_cited_file_that_changed_is_marked(own_harbour):
    root, store = own_harbour
    path = root / "core" / "vessel.py"
    path.write_text(path.read_text() + "\n# later\n")
    answer = ask("Where is Ferry?", store, root=root)
    assert answer.stale == ("core/vessel.py",)
    assert "Changed since it was indexed: `core/vessel.py`" in answer.answer
    assert ask("Where is Berth?", store, root=root).stale == ()


def test_a_deleted_file_is_not_cited(own_harbour, told):
    root, store = own_harbour
    (root / "core" / "vessel.py").unlink()
    for writer in (None, told("`Ferry` is in core/vessel.py.")):
        answer = ask("Where is Ferry?", store, writer, root=root)
        assert answer.citations == ()
        assert "](core/vessel.py" not in answer.answer
        assert answer.stale == ("core/vessel.py",)


def test_when_the_model_fails_the_facts_answer_and_say_why(harbour, told):
    class Broken(told):
        def write(self, *_):
            raise ModelError("The model ran away.")

    answer = ask("Where is Ferry?", harbour, Broken(""))
    assert "core/vessel.py:35" in answer.answer
    assert (answer.model, answer.notice) == (None, "The model ran away.")


def test_a_cancelled_model_leaves_the_facts(harbour, told):
    answer = ask("Where is Ferry?", harbour, told("`Ferry` is in core/ves"), cancelled=lambda: True)
    assert answer.model is None
    assert "core/vessel.py:35" in answer.answer


@pytest.mark.parametrize("question", ["", "  \n", "x" * 5000])
def test_a_question_that_is_none_is_refused(harbour, question):
    with pytest.raises(UsageError):
        ask(question, harbour)


@pytest.mark.parametrize(
    "question",
    [
        "?",
        "`",
        "```",
        "``",
        "\0",
        "'\"'",
        "a::b::",
        "::",
        "~",
        "[](",
        "§ § §",
        "\\d+(",
        "x" * 3999,
        "Ärger mit Größe?",
        "🚀 where",
    ],
)
def test_any_text_gets_an_answer(harbour, question):
    assert ask(question, harbour).answer
