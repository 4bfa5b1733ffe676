"""General coding instructions: correct, diverse, and none of them held out."""

import ast
import importlib.resources
import json
import re
from collections import Counter

import pytest

from codeanvil.samples.general import general_samples, heldout
from codeanvil.settings import SampleSettings

TEXT = importlib.resources.files("codeanvil.samples.general").joinpath("training.jsonl").read_text("utf-8")
ROWS = [json.loads(line) for line in TEXT.splitlines()]
LANGUAGES = ("Python", "JavaScript", "TypeScript", "C++", "Java ", "C#", "Go ", "Rust", "SQL", "shell", "git")
CODE = {row["instruction"]: row["output"] for row in ROWS}


def words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text.lower()))


def test_there_are_enough_and_none_is_there_twice() -> None:
    assert 150 <= len(ROWS) <= 300
    assert len({row["instruction"] for row in ROWS}) == len({row["output"] for row in ROWS}) == len(ROWS)
    assert all(set(row) == {"instruction", "output"} and row["output"].strip() for row in ROWS)
    assert max(len(row["output"]) for row in ROWS) < 700


def test_they_are_about_many_things() -> None:
    named = Counter(language for row in ROWS for language in LANGUAGES if language in row["instruction"] + " ")
    assert all(count >= 4 for count in named.values())
    assert set(named) == set(LANGUAGES)
    assert named["Python"] < len(ROWS) / 3


def test_none_is_held_out_in_other_words() -> None:
    held = [json.loads(line) for line in heldout().splitlines()]
    for row in ROWS:
        for other in held:
            asked, known = words(row["instruction"]), words(other["instruction"])
            assert len(asked & known) / len(asked | known) < 0.75, (row["instruction"], other["instruction"])
            assert row["output"] != other["output"]


@pytest.mark.parametrize("row", [row for row in ROWS if row["instruction"].startswith("Write a Python")], ids=str)
def test_code_in_python_is_python(row: dict[str, str]) -> None:
    ast.parse(row["output"])


@pytest.mark.parametrize(
    ("instruction", "expression", "value"),
    [
        ("counts the vowels", 'count_vowels("Umbrella")', 3),
        ("second largest", "second_largest([3, 1, 3, 2])", 2),
        ("anagrams", 'are_anagrams("listen", "silent")', True),
        ("flattens", "flatten([[1], [], [2, 3]])", [1, 2, 3]),
        ("factorial", "[factorial(n) for n in (0, 1, 5)]", [1, 1, 120]),
        ("is prime", "[n for n in range(20) if is_prime(n)]", [2, 3, 5, 7, 11, 13, 17, 19]),
        ("first letter.", 'by_first_letter(["ab", "b", "ac"])', {"a": ["ab", "ac"], "b": ["b"]}),
        ("most common", 'most_common("abcb")', "b"),
        ("chunks", "chunks([1, 2, 3], 2)", [[1, 2], [3]]),
        ("transposes", "transpose([[1, 2], [3, 4]])", [[1, 3], [2, 4]]),
        ("greatest common", "gcd(12, 18)", 6),
        ("binary digits", "to_binary(6)", "110"),
        ("punctuation", 'without_punctuation("a, b!")', "a b"),
        ("each word occurs", 'dict(word_counts("A b a"))', {"a": 2, "b": 1}),
        ("largest and the smallest", "spread([4, 9, 1])", 8),
        ("capitalizes", 'capitalize_words("a big day")', "A Big Day"),
        ("rotates", "[rotate([1, 2, 3], 4), rotate([], 1)]", [[2, 3, 1], []]),
        ("brackets", '[balanced(t) for t in ("([])", "(]", "(", ")")]', [True, False, False, False]),
        ("point in the plane", "Point(0, 0).distance(Point(3, 4))", 5.0),
        ("counts down", "list(Countdown(3))", [3, 2, 1]),
        ("retries", "retried(lambda: 7)", 7),
        ("camelCase", 'camel_case("to_be_read")', "toBeRead"),
        ("indexes of all", "indexes([1, 2, 1], 1)", [0, 2]),
        ("sums the digits", "digit_sum(-305)", 8),
        ("running totals", "running_totals([1, 2, 3])", [1, 3, 6]),
    ],
)
def test_code_in_python_does_what_was_asked(instruction: str, expression: str, value: object) -> None:
    (code,) = [output for asked, output in CODE.items() if instruction in asked]
    names: dict[str, object] = {"__name__": "answer"}
    exec(compile(code, instruction, "exec", dont_inherit=True), names)
    assert eval(expression, names) == value


@pytest.mark.parametrize(
    ("beside", "share", "count"), [(0, 0.1, 0), (980, 0.02, 20), (100, 0.0, 0), (90_000, 0.1, len(ROWS))]
)
def test_a_share_of_them_is_taken(beside: int, share: float, count: int) -> None:
    settings = SampleSettings(general_share=share)
    taken = general_samples(beside, settings)
    assert len(taken) == count
    assert len({sample.id for sample in taken}) == count
    assert general_samples(beside + 100, settings)[:count] == taken
    assert general_samples(beside, SampleSettings(leave_out=["general"])) == []
