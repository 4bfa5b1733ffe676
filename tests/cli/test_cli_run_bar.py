"""A run's progress as a person sees it."""

import io

import pytest
from rich.console import Console

from codeanvil.cli.run_bar import RunBar, duration, figures
from codeanvil.contract import Event, EventKind
from codeanvil.runs.progress import Progress, advance

EVENTS: list[tuple[EventKind, dict]] = [
    ("phase", {"text": "loading the base model"}),
    ("started", {"steps": 40, "trainable_parameters": 12_000, "total_parameters": 90_000, "train_samples": 7,
                 "train_tokens": 350}),
    *(("step", {"step": n, "steps": 40, "loss": 4 / n, "tokens_per_second": 1234.5, "eta_seconds": 40.0 - n})
      for n in range(1, 41)),
    ("validation", {"step": 40, "loss": 0.5}),
    ("notice", {"text": "Stopped early: [held-out] questions have not got better."}),
    ("finished", {"step": 40}),
]  # fmt: skip


def shown(*, terminal: bool) -> str:
    file = io.StringIO()
    progress = Progress()
    with RunBar(Console(file=file, force_terminal=terminal, highlight=False, width=110)) as bar:
        for kind, data in EVENTS:
            event = Event(kind=kind, data=data)
            progress = advance(progress, event)
            bar.show(event, progress)
    return file.getvalue()


def test_in_a_file_there_are_a_dozen_plain_lines() -> None:
    lines = shown(terminal=False).splitlines()
    assert lines[0] == "loading the base model"
    assert lines[1] == "12,000 trainable parameters of 90,000, 7 samples, 350 tokens an epoch, 40 steps"
    assert lines[2] == "step 1 of 40, loss 4.000, 1,234 tokens/s, 39 s left"
    assert "Stopped early: [held-out] questions have not got better." in lines
    assert len(lines) <= 15
    assert "\x1b" not in "".join(lines)


def test_in_a_terminal_there_is_a_live_bar_and_what_must_be_read_stays() -> None:
    text = shown(terminal=True)
    assert "\x1b[" in text
    assert "100%" in text
    assert "Stopped early: [held-out] questions have not got better." in text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 s"), (59.4, "59 s"), (59.6, "1 min 0 s"), (200, "3 min 20 s"), (3600, "1 h 0 min"), (7505, "2 h 5 min")],
)
def test_durations_are_as_coarse_as_they_are_long(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_nothing_known_is_nothing_said() -> None:
    assert figures(Progress()) == ""
