"""How two types relate: what is taught, from which side, and that it is true."""

import pytest

from codeanvil.facts.model import FileFacts, Symbol
from codeanvil.samples.generate import file_samples
from codeanvil.samples.model import FileView
from codeanvil.samples.questions import file_questions

PATH = "src/shapes.py"


def cls(name: str, line: int, bases: tuple[str, ...] = (), scope: str = "") -> Symbol:
    return Symbol(
        "class", "python", name, scope, f"{scope}.{name}" if scope else name, PATH, line, line + 1, bases=bases
    )


def view(*symbols: Symbol, **more) -> FileView:
    return FileView(FileFacts(PATH, "python", "0" * 64, 90, symbols), **more)


def told(seen: FileView) -> set[str]:
    return {s.output for s in file_samples(seen) if s.kind == "relation" and not s.output.startswith("The facts")}


@pytest.mark.parametrize(
    ("symbols", "answers"),
    [
        ([cls("Circle", 1, ("Shape",))], {"`Circle` derives from `Shape`: `Shape` is a base of `Circle`."}),
        (
            [cls("Shape", 1), cls("Circle", 3, ("Shape",))],
            {"`Circle` derives from `Shape`: `Shape` is a base of `Circle`."},
        ),
        ([cls("Shape", 1), cls("Corner", 2, scope="Shape")], {"`Corner` is defined inside `Shape`."}),
        (
            [cls("Shape", 1), cls("Corner", 2, scope="Shape"), cls("Bend", 3, scope="Shape.Corner")],
            {"`Corner` is defined inside `Shape`.", "`Bend` is defined inside `Corner`."},
        ),
        (
            [cls("Circle", 1, ("Shape",)), cls("Square", 3, ("Shape",))],
            {
                "`Circle` derives from `Shape`: `Shape` is a base of `Circle`.",
                "`Square` derives from `Shape`: `Shape` is a base of `Square`.",
                "`Circle` and `Square` both derive from `Shape`.",
            },
        ),
        (
            [cls("Shape", 1), cls("Reader", 3)],
            {
                f"`Shape` and `Reader` are both defined in `{PATH}`; neither is a direct base of the other.",
            },
        ),
        ([cls("Shape", 1, ("Shape",))], set()),
        ([cls("Shape", 1)], set()),
    ],
    ids=["base elsewhere", "base here", "nested", "nested twice", "siblings", "one file", "own name", "alone"],
)
def test_pairs_are_told_truly_and_once(symbols: list[Symbol], answers: set[str]) -> None:
    assert told(view(*symbols)) == answers


def test_questions_name_both_in_either_order() -> None:
    asked = [s.instruction for s in file_samples(view(cls("Circle", 1, ("Shape",)))) if s.kind == "relation"]
    assert len(asked) == 6
    assert all("Circle" in text and "Shape" in text for text in asked)
    assert len({text.index("Circle") < text.index("Shape") for text in asked}) == 2


def test_evidence_holds_both_types_where_the_answer_needs_both() -> None:
    many = view(*(cls(f"Shape{i}", 2 * i + 1) for i in range(12)))
    seen = [s for s in file_samples(many) if s.kind == "relation" and s.input and "both" in s.output]
    assert seen
    for sample in seen:
        first, other = sample.output.split("`")[1], sample.output.split("`")[3]
        assert f"class {first} (" in sample.input
        assert f"class {other} (" in sample.input


def test_a_name_that_other_files_have_too_is_not_paired_without_its_place() -> None:
    shared = view(cls("Shape", 1), cls("Reader", 3), elsewhere={"Reader": (("io.Reader", "src/io.py"),)})
    assert told(shared) == set()


def test_heldout_questions_can_be_answered_by_what_is_taught() -> None:
    seen = view(cls("Shape", 1), cls("Circle", 3, ("Shape",)), cls("Reader", 5), cls("Corner", 6, scope="Shape"))
    asked = [q for q in file_questions(seen) if q.category == "relation"]
    assert len(asked) >= 2
    for question in asked:
        assert all(any(form in question.answer for form in group) for group in question.expect), question
        assert not any(word in question.answer for word in question.forbid)
