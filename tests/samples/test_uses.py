"""Who uses what, and what it uses itself: what is taught of it."""

from dataclasses import replace

import pytest

from codeanvil.samples.generate import file_samples
from codeanvil.samples.model import Users
from codeanvil.samples.questions import file_questions

PATH = "include/core/image_processor.h"


def told(samples, kind, subject):
    return {s.output for s in samples if s.kind == kind and s.subject == subject and not s.input}


@pytest.mark.parametrize(
    ("users", "answer"),
    [
        (Users(1, ("src/a.cpp",)), "`ImageProcessor` is used in `src/a.cpp`."),
        (Users(2, ("src/a.cpp", "src/b.cpp")), "`ImageProcessor` is used in `src/a.cpp` and `src/b.cpp`."),
        (
            Users(40, ("src/a.cpp", "src/b.cpp")),
            "`ImageProcessor` is used in about 40 files, among them `src/a.cpp` and `src/b.cpp`.",
        ),
        (Users(1, ("src/a.cpp",), imported=True), "`ImageProcessor` is imported and used in `src/a.cpp`."),
        (Users(0), "`ImageProcessor` is used in no other file."),
    ],
)
def test_who_uses_a_type(view, users, answer):
    seen = replace(view, users={"ImageProcessor": users})
    assert told(file_samples(seen), "users", "core.ImageProcessor") == {answer}


def test_who_uses_a_function(view):
    seen = replace(view, users={"makeProcessor": Users(1, ("src/main.cpp",))})
    assert told(file_samples(seen), "users", "core.makeProcessor") == {"`makeProcessor` is used in `src/main.cpp`."}


def test_what_a_type_and_a_file_use(view):
    seen = replace(view, uses={"": ("Palette", "Pixel"), "core.ImageProcessor": ("Pixel",), "core.Mode": ()})
    samples = file_samples(seen)
    assert told(samples, "uses", "core.ImageProcessor") == {"`ImageProcessor` uses `Pixel`."}
    assert told(samples, "uses", PATH) == {f"`{PATH}` uses `Palette` and `Pixel`."}
    assert told(samples, "uses", "core.Mode") == set()


def test_of_what_is_not_known_nothing_is_said(view):
    assert not [s for s in file_samples(view) if s.kind in {"users", "uses"}]


def test_evidence_tells_it_where_the_answer_does(view):
    seen = replace(
        view,
        users={"ImageProcessor": Users(2, ("src/a.cpp", "src/b.cpp")), "makeProcessor": Users(0)},
        uses={"": ("Palette",), "core.ImageProcessor": ("Pixel",)},
    )
    lines = {
        line
        for s in file_samples(seen)
        if s.kind in {"users", "uses"} and s.input and not s.output.startswith("The facts given")
        for line in s.input.splitlines()
        if line.startswith(("users:", "uses:"))
    }
    assert lines >= {"users: src/a.cpp and src/b.cpp", "uses: Pixel"}


def test_heldout_questions_can_be_answered_by_what_is_taught(view):
    seen = replace(
        view,
        users={
            "ImageProcessor": Users(40, ("src/a.cpp", "src/b.cpp")),
            "makeProcessor": Users(0),
            "Mode": Users(1, ("m.h",)),
        },
        uses={"": ("Palette", "Pixel")},
    )  # fmt: skip
    asked = [q for q in file_questions(seen) if q.category == "users"]
    assert len(asked) >= 3
    for question in asked:
        assert all(any(form in question.answer for form in group) for group in question.expect), question
        assert not all(any(form in question.question for form in group) for group in question.expect), question
