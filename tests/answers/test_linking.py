import pytest

from codeanvil.answers.ask import ask
from codeanvil.answers.understanding.link import link

ABOUT = [
    # question, intent, names found (as the workspace spells them)
    ("Where is BerthPlanner defined?", "where", ["BerthPlanner"]),
    ("where's `BerthPlanner`", "where", ["BerthPlanner"]),
    ("BerthPlanner's methods", "methods", ["BerthPlanner"]),
    ("What can I call on a FloatGauge?", "methods", ["FloatGauge"]),
    ("Which class has a method called tow?", "owner", ["tow"]),
    ("what does the tide::FloatGauge do", "purpose", ["FloatGauge"]),
    ("What does FloatGauge::calibrate take?", "signature", ["calibrate"]),
    ("How do I call smooth()?", "signature", ["smooth"]),
    ("What derives from Vessel?", "derived", ["Vessel"]),
    ("Which classes are the children of Vessel?", "derived", ["Vessel"]),
    ("Vessel's subclasses", "derived", ["Vessel"]),
    ("What is RadarGauge derived from?", "inheritance", ["RadarGauge"]),
    ("What is the parent class of RadarGauge?", "inheritance", ["RadarGauge"]),
    ("Which interface does RadarGauge implement?", "inheritance", ["RadarGauge"]),
    ("Does Tug inherit from Vessel?", "is_a", ["Tug", "Vessel"]),
    ("Is Vessel a base class of Tug?", "is_a", ["Vessel", "Tug"]),
    ("Does Tug have a method tow?", "has_member", ["Tug", "tow"]),
    ("Who uses load_berths?", "users", ["load_berths"]),
    ("Where is load_berths called?", "users", ["load_berths"]),
    ("is there a class named Ferry", "exists", ["Ferry"]),
    ("Tell me about the berth planner", "about", ["BerthPlanner"]),
    ("wheres berthplanner", "where", ["BerthPlanner"]),
    ("What are CargoVessels for?", "purpose", ["CargoVessel"]),
    ("Where is the BerthPlaner?", "where", ["BerthPlanner"]),
    ("what does the ferry do", "purpose", ["Ferry"]),
    # Names in plain words, of several words, with slips.
    ("berth planner methods", "methods", ["BerthPlanner"]),
    ("methods of the berht planner", "methods", ["BerthPlanner"]),
    ("radar gauge inherits from?", "inheritance", ["RadarGauge"]),
    ("which classes derive from vessel", "derived", ["Vessel"]),
    ("radargauge - where?", "where", ["RadarGauge"]),
    ("Tug: explain", "about", ["Tug"]),
    ("main?", "about", ["main"]),
    ("who uses main", "users", ["main"]),
    ("what is affected if I change the float gauge", "users", ["FloatGauge"]),
    # Wordings of their own.
    ("FloatGauge - methods pls", "methods", ["FloatGauge"]),
    ("What must a Vessel implement?", "methods", ["Vessel"]),
    ("which member functions exist in FloatGauge", "methods", ["FloatGauge"]),
    ("What class is RadarGauge derived from?", "inheritance", ["RadarGauge"]),
    ("Vessel implementers", "derived", ["Vessel"]),
    ("which classes are based on Vessel", "derived", ["Vessel"]),
    ("In which files is Vessel used?", "users", ["Vessel"]),
    ("What would break if I removed load_berths?", "users", ["load_berths"]),
    ("wot does Tug do", "purpose", ["Tug"]),
    ("show me the code of Tug", "code", ["Tug"]),
    ("How is BerthPlanner implemented?", "code", ["BerthPlanner"]),
    ("which tests cover BerthPlanner", "tests", ["BerthPlanner"]),
    ("tests for Ferry?", "tests", ["Ferry"]),
    ("who raises PlanningError", "users", ["PlanningError"]),
    ("Which methods does Tug inherit?", "inherited", ["Tug"]),
    ("BerthPlanner assign signature", "signature", ["assign"]),
]


@pytest.mark.parametrize(("question", "intent", "names"), ABOUT, ids=[row[0] for row in ABOUT])
def test_names_and_what_is_asked_of_them(harbour, question, intent, names):
    linked = link(question, harbour)
    assert linked.focus == "names"
    assert linked.intent == intent
    assert [name.symbols[0].name for name in linked.names] == names
    assert not linked.missing


TOPICS = [
    ("How do I build this?", ["build"]),
    ("How do I compile it with CMake?", ["build"]),
    ("how to run the tests", ["test"]),
    ("Which options can I set?", ["options"]),
    ("What does it depend on?", ["dependencies"]),
    ("Which version of CMake do I need?", ["minimum"]),
    ("minimum python version", ["minimum"]),
    ("Which C++ standard is used?", ["standard"]),
    ("What executables are built?", ["targets"]),
    ("Where does the program start?", ["entry"]),
    ("What is the folder structure?", ["layout"]),
    ("What languages is it written in?", ["languages"]),
    ("tech stack", ["stack"]),
    ("How do I install it?", ["install"]),
    ("Which test framework is used?", ["test_framework"]),
    ("What version is this?", ["version"]),
    ("What is this project about?", ["overview"]),
]


@pytest.mark.parametrize(("question", "topics"), TOPICS, ids=[row[0] for row in TOPICS])
def test_topics_of_the_project(harbour, question, topics):
    linked = link(question, harbour)
    assert linked.focus == "topics"
    assert list(linked.topics) == topics
    assert not linked.missing


MISSING = [
    ("Where is the class QuayCrane defined?", "QuayCrane"),
    ("What does PilotService do?", "PilotService"),
    ("Is there a function called dredge_channel?", "dredge_channel"),
    ("is there a function frobnicate?", "frobnicate"),
    ("Which classes derive from `Lighthouse`?", "Lighthouse"),
    ("What does Lighthouse do?", "Lighthouse"),
    ("Where is tide::SonarGauge?", "tide::SonarGauge"),
    ("methods of BerthPlanner2", "BerthPlanner2"),
    ("What does FloatGauge::dispose do?", "FloatGauge::dispose"),
    ("Where is core/pilot.py?", "core/pilot.py"),
    ("usages of `Factory`", "Factory"),
    ("I'm looking for QuayCrane, can somebody point me to it?", "QuayCrane"),
    ("which classes are based on QuayCrane", "QuayCrane"),
]


@pytest.mark.parametrize(("question", "name"), MISSING, ids=[row[0] for row in MISSING])
def test_identifiers_that_nothing_bears_are_missing(harbour, question, name):
    assert [missing.name for missing in link(question, harbour).missing] == [name]


NOT_MISSING = [
    "Does this project use CMake or Meson?",
    "Is there a README?",
    "How do I build it with GitHub Actions on Windows?",
    "What is MAX_DRAUGHT?",  # a constant
    "Where is history_ used?",  # a field
    "Where is HARBOUR_STAMPS?",  # an option of the build
    "Which classes derive from ABC?",  # from the standard library
    "What is tide_log?",  # a target
    "Please tell me Where I can find the Documentation of the Project",
    "What does core/vessel.py contain?",
    "What is in gauge.h?",
    "Who calls Sensor.read?",
    "Is it written in TypeScript?",
    "Is harbour a library?",
    "What is in the folder `tide`?",
    "Where does the Directory Layout come from?",
]


@pytest.mark.parametrize("question", NOT_MISSING)
def test_ordinary_words_and_real_things_are_never_missing(harbour, question):
    assert not link(question, harbour).missing


def test_files_on_disk_that_are_not_indexed_are_not_missing(harbour, harbour_root):
    assert not link("Where is README.md?", harbour, harbour_root).missing
    assert not link("What is in ./README.md?", harbour, harbour_root).missing


def test_a_path_cannot_lead_out_of_the_workspace(harbour, harbour_root):
    (harbour_root.parent / "secret.txt").write_text("x")
    assert link("What is in ../secret.txt?", harbour, harbour_root).missing


def test_several_symbols_of_one_name_are_all_linked(harbour):
    linked = link("Where is Report?", harbour)
    assert {symbol.file for symbol in linked.symbols} == {"tools/plan.py", "tools/report.py"}


def test_the_kind_word_chooses_among_symbols_of_one_name(harbour):
    linked = link("Where is the method read of RadarGauge?", harbour)
    read = next(name for name in linked.names if name.name == "read")
    assert {symbol.scope for symbol in read.symbols} == {"tide.RadarGauge"}


def test_nearest_names_are_told_for_missing_ones(harbour):
    (missing,) = link("Where is the class BerthManager?", harbour).missing
    assert "BerthPlanner" in [symbol.name for symbol in missing.nearest]


@pytest.mark.parametrize(
    "question",
    [
        "is there a rotate method in Tug?",
        "does Tug define rotate",
        "has Tug a function called rotate",
        "Does `Tug` offer `rotate()`?",
    ],
)
def test_members_that_a_type_lacks_are_denied_however_they_are_asked_for(harbour, question):
    answer = ask(question, harbour)
    assert not answer.found
    assert answer.answer.startswith("No, there is no method `rotate` in `Tug`")
