"""Progress is the fold of a run's events."""

from functools import reduce
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from codeanvil.contract import Event, EventKind
from codeanvil.runs.progress import Progress, advance


def after(*events: tuple[EventKind, dict]) -> Progress:
    return reduce(advance, (Event(kind=kind, data=data) for kind, data in events), Progress())


def test_steps_and_validations_fill_in_what_is_known() -> None:
    progress = after(
        ("phase", {"text": "loading the base model"}),
        ("started", {"steps": 40, "trainable_parameters": 7, "resumed_from": None}),
        ("step", {"step": 1, "steps": 40, "epoch": 0.25, "loss": 3.0, "tokens_per_second": 10.0, "eta_seconds": 39.0}),
        ("validation", {"step": 1, "loss": 2.0}),
        ("step", {"step": 2, "steps": 40, "epoch": 0.5, "loss": 2.5, "tokens_per_second": 11.0, "eta_seconds": 38.0}),
        ("validation", {"step": 2, "loss": 2.2}),
        ("validation", {"step": 2, "loss": None}),
    )
    assert (progress.step, progress.steps, progress.epoch) == (2, 40, 0.5)
    assert (progress.first_loss, progress.loss) == (3.0, 2.5)
    assert (progress.validation_loss, progress.best_validation_loss) == (None, 2.0)
    assert (progress.tokens_per_second, progress.eta_seconds) == (11.0, 38.0)


def test_a_resumed_run_starts_at_its_checkpoint() -> None:
    progress = after(
        ("started", {"steps": 40}),
        ("step", {"step": 12, "loss": 1.0}),
        ("failed", {"text": "The disk is full."}),
        ("started", {"steps": 40, "resumed_from": 10}),
    )
    assert (progress.step, progress.phase, progress.text) == (10, "training", "")


def test_an_ended_run_has_no_time_left() -> None:
    assert after(("step", {"step": 1, "eta_seconds": 5.0}), ("stopped", {"step": 1})).eta_seconds is None


@given(
    st.lists(
        st.tuples(
            st.sampled_from(get_args(EventKind)),
            st.dictionaries(
                st.sampled_from(["step", "steps", "loss", "epoch", "resumed_from", "eta_seconds"]),
                st.none() | st.integers(0, 9) | st.floats(0, 9),
            ),
        )
    )
)
def test_no_order_of_events_breaks_it(events: list[tuple[EventKind, dict]]) -> None:
    progress = after(*events)
    assert progress.step is not None
    assert set(progress.row()) >= {"step", "steps", "loss", "validation_loss", "eta_seconds", "phase"}
