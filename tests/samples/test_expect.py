"""What a right answer must hold, where the question already holds the name."""

import pytest

from codeanvil.samples.lessons.expect import groups


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("Give a table of contents for the Reader.h file.", False),
        ("What does `src/Reader.h` define?", False),
        ("`src/Reader.h` defines the type `Reader`.", True),
        ("It defines Reader and no more.", True),
    ],
)
def test_a_file_named_after_its_type_is_not_answered_by_its_own_name(text: str, right: bool) -> None:
    (forms,) = groups("Reader", within="src/Reader.h")
    assert any(form in text for form in forms) is right


def test_a_name_of_its_own_may_end_a_sentence() -> None:
    (forms,) = groups("Reader", within="the ReaderPool")
    assert any(form in "It derives from Reader." for form in forms)
