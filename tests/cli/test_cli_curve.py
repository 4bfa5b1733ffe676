"""The drawing of a run's loss: high at the left, low at the right, readable at any length."""

import math

from hypothesis import given
from hypothesis import strategies as st

from codeanvil.cli.curve import HEIGHT, WIDTH, curve


def test_a_falling_loss_falls_in_the_drawing() -> None:
    lines = curve([8.0, 7.0, 6.0, 5.0, 4.0, 3.0, 2.0, 1.0], height=4)
    assert lines[0].startswith("       8 │█") and lines[3].startswith("       1 │")
    columns = list(zip(*[line[10:].ljust(8) for line in lines[:4]], strict=True))
    filled = [sum(cell != " " for cell in column) for column in columns]
    assert filled == sorted(filled, reverse=True) and filled[0] == 4 and filled[-1] == 1
    assert lines[-1].strip() == "loss, steps 1 to 8"


def test_a_loss_over_orders_of_magnitude_is_drawn_logarithmically() -> None:
    lines = curve([10.0 * 0.5**step for step in range(20)])
    assert "logarithmic" in lines[-1]
    assert curve([1.0]) == curve([]) == [], "one point is no curve"
    assert "logarithmic" not in curve([3.0, 3.0])[-1]


@given(st.lists(st.floats(0, 1e6) | st.just(math.nan) | st.just(math.inf), max_size=400))
def test_any_losses_fit_the_terminal(losses: list[float]) -> None:
    lines = curve(losses)
    assert len(lines) in (0, HEIGHT + 2)
    assert all(len(line) <= WIDTH + 12 or line is lines[-1] for line in lines)
