"""The gate, both ways: better by more than chance and nothing forgotten, or the shelf with the reason."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeanvil.runs.gate import ABLE, CHANCE, decide, sign_test

CALM = [1.0, 1.2, 0.9, 1.1, 1.0, 1.3]


def answers(right: int, of: int = 100) -> list[bool]:
    return [number < right for number in range(of)]


@pytest.mark.parametrize(
    ("new", "current", "better", "words"),
    [
        (answers(80), answers(60), True, "right on 80% of 100 held-out questions, what was in use on 60%"),
        (answers(60), answers(80), False, "no better"),
        (answers(70), answers(70), False, "no better"),
        (answers(73), answers(70), False, "no more than chance (12%)"),
        (answers(75), answers(70), True, "75%"),
        (answers(0), answers(0), False, "no better"),
        ([], [], False, "no held-out questions"),
    ],
)
def test_only_what_is_better_by_more_than_chance_is_put_to_use(new, current, better, words) -> None:
    verdict = decide(new, current, CALM, CALM)
    assert verdict.better is better and words in verdict.why


def test_a_model_that_forgot_general_coding_stays_on_the_shelf_however_well_it_answers() -> None:
    verdict = decide(answers(90), answers(10), [loss + 0.5 for loss in CALM], CALM)
    assert not verdict.better
    assert "loss on general coding rose from 1.08 to 1.58" in verdict.why and "fewer epochs" in verdict.why


@pytest.mark.parametrize(
    ("new", "current"),
    [
        ([loss + 0.1 for loss in CALM], CALM),  # less than the margin
        ([1.0, 1.0, 1.0, 1.0, 1.0, 3.0], [1.0] * 6),  # one instruction alone, which may be chance
        ([6.0] * 6, [ABLE + 1] * 6),  # it never could
        ([], []),
        ([5.0], [1.0]),  # one instruction says nothing
    ],
)
def test_a_loss_that_rose_little_or_by_chance_or_was_high_before_is_not_forgetting(new, current) -> None:
    assert decide(answers(90), answers(10), new, current).better


def test_the_sign_test_is_the_binomials_tail() -> None:
    assert sign_test(5, 0) == pytest.approx(1 / 32)
    assert sign_test(3, 3) == pytest.approx(42 / 64)
    assert sign_test(0, 0) == 1.0


@given(st.lists(st.tuples(st.booleans(), st.booleans()), max_size=60))
def test_never_both_ways(pairs: list[tuple[bool, bool]]) -> None:
    new, current = [a for a, _ in pairs], [b for _, b in pairs]
    there, back = decide(new, current, CALM, CALM), decide(current, new, CALM, CALM)
    assert not (there.better and back.better)
    gained = sum(a and not b for a, b in pairs)
    lost = sum(b and not a for a, b in pairs)
    assert there.better == (gained > lost and sign_test(gained, lost) <= CHANCE)
