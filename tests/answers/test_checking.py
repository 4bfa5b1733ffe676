"""What a model says is looked up: what is false is struck, what is true is left alone."""

import random

import pytest

from codeanvil.answers.ask import ask
from codeanvil.answers.checking.check import check, strike_prose
from codeanvil.answers.checking.lookup import Lookup
from codeanvil.answers.understanding.link import link

TRUE = [
    "`Ferry` derives from `Vessel` and is defined in core/vessel.py.",
    "Ferry is a class in `core/vessel.py` at line 35; it inherits from Vessel.",
    "The `Vessel` class has the methods `draught` and `fits`.",
    "`FloatGauge` implements `Sensor`; its methods are read and calibrate.",
    "`tide::FloatGauge::calibrate` takes `double zero` and `double scale`.",
    "`Sensor` is the base class of `FloatGauge` and `RadarGauge`.",
    "BerthPlanner assigns a Berth to each vessel with `assign()`.",
    "`CargoVessel` inherits `fits` from `Vessel`.",
    "Build it with CMake; Python 3.10 and C++20 are needed. See the README on GitHub.",
    "The field `history_` holds the levels, and MAX_DRAUGHT limits the depth.",
    "`PlanningError` derives from `ValueError`.",
    "Use `std::vector<double>` for the levels. The Observer may be e.g. a Python script.",
    "The method `tow` belongs to `Tug`.",
    "`CargoVessel` is a class. It derives from `Vessel`. Its methods are `draught` and `unload`.",
    "It does input/output in the usual way, and/or logs it.",
    "`Ferry` is a `Vessel`; `class Ferry(Vessel)` is its head, and it has a draught method.",
    "`tow()` is declared by `Tug`, which offers `tow` and inherits `fits` from `Vessel`.",
    "`class FloatGauge : public Sensor` is how it begins; a FloatGauge is a kind of Sensor.",
    "`Vessel` is an abstract base class (see `ABC`), which `Tug`, `Ferry` and `CargoVessel` extend.",
]


@pytest.mark.parametrize("text", TRUE)
def test_true_statements_are_left_alone(harbour, text):
    struck, names, _ = strike_prose(text, Lookup(harbour))
    assert (struck, names) == (text, [])


FALSE = [
    ("`Ferry` derives from `Boat`.", ["Boat"]),
    ("`Ferry` derives from `Tug`.", ["Tug"]),
    ("The class Ferry inherits from Watercraft and Vessel.", ["Watercraft"]),
    ("`Vessel` has the methods `draught`, `fits` and `sinkShip`.", ["sinkShip"]),
    ("`Ferry` has the methods `draught` and `tow`.", ["tow"]),
    ("Its base class is `Tug`.", ["Tug"]),
    ("`Sensor` is the base of `FloatGauge` and `Ferry`.", ["Ferry"]),
    ("`Tug` is small. It derives from `Vessel`. Its methods are `tow` and `unload`.", ["unload"]),
    ("It calls `dredge_channel()` first.", ["dredge_channel()"]),
    ("See `core/pilot.py` for more.", ["core/pilot.py"]),
    ("It is defined in harbour/berths.py.", ["harbour/berths.py"]),
    ("`Ferry` is defined in `core/berth.py`.", ["core/berth.py"]),
    ("`Ferry` is defined at core/vessel.py:99.", ["99"]),
    ("`Ferry` is defined on line 99.", ["99"]),
    ("It hands the result to the Frobnicator at once.", ["Frobnicator"]),
    ("Frobnicator derives from `Vessel`.", ["Frobnicator"]),
    ("`FloatGauge::dispose` frees the port.", ["FloatGauge::dispose"]),
    ("Call tide::SonarGauge::ping to start.", ["tide::SonarGauge::ping"]),
    ("Run `make install-harbour` to build it.", ["make install-harbour"]),
    ("The method `tow` belongs to `Ferry`.", ["Ferry"]),
    ("`Ferry` extends `Vessel` and is extended by `Hydrofoil`.", ["Hydrofoil"]),
    ("`Ferry` is a `Tug`.", ["Tug"]),
    ("Ferry is a kind of Tug.", ["Tug"]),
    ("The class `Ferry` inherits `Tug`.", ["Tug"]),
    ("`class Ferry(Tug)` is its head.", ["Tug"]),
    ("It begins with `class FloatGauge : public Tug`.", ["Tug"]),
    ("`Ferry` offers `tow` and `draught`.", ["tow"]),
    ("`Ferry` defines `tow`.", ["tow"]),
    ("`tow` is a method of `Ferry`.", ["Ferry"]),
    ("`tow()` is declared by `Ferry`.", ["Ferry"]),
    ("Ferry has a tow method.", ["tow"]),
]


@pytest.mark.parametrize(("text", "false"), FALSE, ids=[row[0] for row in FALSE])
def test_false_names_are_struck_and_nothing_else(harbour, text, false):
    struck, names, _ = strike_prose(text, Lookup(harbour), "Ferry")
    assert names == false
    for name in false:
        assert f"~~{name}~~" in struck or f"~~`{name}`~~" in struck
    assert struck.replace("~~", "") == text


def test_links_of_the_model_are_reduced_to_their_labels(harbour):
    linked = link("What is Ferry?", harbour)
    checked = check("See [Ferry](https://evil.example/x) at https://evil.example/y.", harbour, linked)
    assert "evil" not in checked.text
    assert "Ferry" in checked.text


@pytest.mark.parametrize(
    "text", ["`Ferry` is a class. " + "`Ferry`, " * 30, "`Ferry` has " + "`Fery`, `Ferry`, `draught`, `Fry`, " * 9]
)
def test_a_model_that_goes_round_in_circles_is_not_believed(harbour, text):
    assert not check(text, harbour, link("What is Ferry for?", harbour)).holds


def test_a_block_of_code_that_is_opened_twice_is_opened_once(harbour):
    linked = link("How is it built?", harbour)
    text = check("Run:\n\n```bash\n```bash\necho tide\n```", harbour, linked).text
    assert text == "Run:\n\n```bash\necho tide\n```"


def test_code_is_kept_and_unknown_names_are_told_after_it(harbour):
    linked = link("How do I use FloatGauge?", harbour)
    text = "Use `FloatGauge`:\n\n```cpp\ntide::FloatGauge gauge;\ngauge.selfDestruct();\n```\n"
    checked = check(text, harbour, linked)
    assert "gauge.selfDestruct();" in checked.text
    assert "~~`selfDestruct`~~" in checked.text
    assert checked.struck == ("selfDestruct",)


def test_code_of_the_file_asked_about_is_left_alone(harbour, harbour_root):
    linked = link("Show me tide/gauge.cpp", harbour)
    text = f"```cpp\n{(harbour_root / 'tide' / 'gauge.cpp').read_text()}```"
    assert check(text, harbour, linked).struck == ()


def test_commands_must_be_those_of_the_build(harbour):
    linked = link("How do I build this?", harbour)
    text = "Run:\n\n```bash\ncmake -S . -B build\nsudo rm -rf /\n```"
    checked = check(text, harbour, linked, evidence="build CMakeLists.txt (CMake)\nconfigure: cmake -S . -B build")
    assert checked.struck == ("sudo rm -rf /",)


def test_an_answer_that_lacks_the_fact_asked_for_falls_back_to_the_facts(harbour, told):
    answer = ask("What does Ferry inherit from?", harbour, told("`Ferry` is a lovely class in core/vessel.py."))
    assert answer.model is None
    assert "`Vessel`" in answer.answer
    assert answer.unverified == ()


def test_an_answer_that_denies_what_is_there_falls_back_to_the_facts(harbour, told):
    answer = ask("What is Ferry for?", harbour, told("There is no class `Ferry` in this workspace."))
    assert answer.found
    assert "passengers" in answer.answer


def test_an_answer_of_inventions_falls_back_to_the_facts(harbour, told):
    lie = "`Ferry` wraps `HydroEngine` and `WaveCutter` for the `DockBroker`."
    answer = ask("What is Ferry for?", harbour, told(lie))
    assert answer.model is None
    assert not any(name in answer.answer for name in ("HydroEngine", "WaveCutter", "DockBroker"))


def test_an_answer_to_another_question_falls_back_to_the_facts(harbour, told):
    answer = ask("What is Ferry for?", harbour, told("`Ferry` derives from `Vessel` and defines `draught`."))
    assert answer.model is None
    assert "carries passengers" in answer.answer


def test_a_good_answer_with_one_invention_is_kept_with_that_struck(harbour, told):
    text = "`Ferry` is a `Vessel` that carries passengers on a timetable and is steered by `HelmBot`."
    answer = ask("What is Ferry for?", harbour, told(text))
    assert answer.model == "told"
    assert answer.unverified == ("HelmBot",)
    assert "~~`HelmBot`~~" in answer.answer
    assert "[core/vessel.py:" in answer.answer


def test_the_stream_holds_no_unmarked_invention(harbour, told):
    pieces: list[str] = []
    text = "`Ferry` derives from `Vessel`. It asks `HelmBot` and the Frobnicator in `core/pilot.py`.\n\nDone."
    ask("What is Ferry for?", harbour, told(text), on_delta=pieces.append)
    streamed = "".join(pieces)
    assert streamed.replace("~~", "") == text
    for name in ("`HelmBot`", "Frobnicator", "`core/pilot.py`"):
        assert f"~~{name}~~" in streamed
    assert streamed.count("~~") == 6


def _statements(store, rng):
    """True statements out of the facts, in a few wordings."""
    types = [s for row in store.files() for s in store.symbols_in(row.path) if s.is_type]
    while True:
        symbol = rng.choice(types)
        shapes = [f"`{symbol.name}` is a {symbol.kind} defined in `{symbol.file}` at line {symbol.line}."]
        shapes.append(f"{symbol.name} is in {symbol.file}:{symbol.line}.")
        for base in symbol.bases:
            shapes += [f"`{symbol.name}` derives from `{base}`.", f"The base class of `{symbol.name}` is `{base}`."]
            shapes.append(f"{base} is the base class of {symbol.name}.")
        if symbol.methods:
            listed = ", ".join(f"`{name}`" for name in symbol.methods)
            shapes += [f"`{symbol.name}` has the methods {listed}.", f"The methods of {symbol.name} are {listed}."]
            shapes.append(f"The method `{symbol.methods[0]}` belongs to `{symbol.name}`.")
        yield symbol, rng.choice(shapes)


def test_no_true_statement_is_struck_in_500(harbour):
    statements = _statements(harbour, random.Random(1))
    lookup = Lookup(harbour)
    wrong = [
        (text, names) for _, text in (next(statements) for _ in range(500)) if (names := strike_prose(text, lookup)[1])
    ]
    assert wrong == []


SYLLABLES = ("Quor", "Velt", "Zam", "Brix", "Plo", "Dru", "Mant", "Fex")
ENDS = ("Manager", "Driver", "Loader", "Table", "Codec", "Bridge", "")


def test_no_invention_passes_unmarked_in_500(harbour):
    rng = random.Random(2)
    statements = _statements(harbour, rng)
    lookup = Lookup(harbour)
    passed = []
    for _ in range(500):
        symbol, text = next(statements)
        camel = "".join(rng.sample(SYLLABLES, 2)) + rng.choice(ENDS)
        invented = rng.choice(
            [camel, camel[0].lower() + camel[1:], "_".join(rng.sample(SYLLABLES, 2)).lower(), camel.capitalize()]
        )
        lie = rng.choice(
            [
                text.replace(symbol.name, invented),
                f"`{symbol.name}` derives from `{invented}`.",
                f"{symbol.name} inherits from {camel}.",
                f"`{symbol.name}` has the methods `{invented}` and `{invented}Again`.",
                f"{text} It uses `{invented}` inside.",
                f"{text} It also calls {invented}() at the end.",
                f"The class {camel} does the work, see src/{invented}.cpp.",
                f"`{symbol.name}` is defined in `{invented}/{invented}.py`.",
            ]
        )
        struck = strike_prose(lie, lookup)[0]
        rest = struck.split("~~")[::2]
        if any(invented in part or camel in part for part in rest):
            passed.append((lie, struck))
    assert passed == []
