"""A run's progress in the terminal: one live line there, plain lines where the output is a file."""

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, TaskProgressColumn, TextColumn
from rich.progress import Progress as Bar

from codeanvil.contract import Event
from codeanvil.runs.progress import Progress

_PLAIN_SHARE = 0.1
"""In a file, a line at each such share of the run."""


class RunBar:
    """Shows events as they come. Use as a context manager."""

    def __init__(self, console: Console) -> None:
        """Show on `console`."""
        self._console = console
        self._live = console.is_terminal
        self._next_share = 0.0
        self._bar = Bar(
            TextColumn("{task.description}"),
            BarColumn(bar_width=28),
            TaskProgressColumn(),
            TextColumn("{task.fields[figures]}"),
            console=console,
            disable=not self._live,
            transient=True,
        )
        self._task = self._bar.add_task("starting", total=None, figures="")

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._bar.stop()

    def show(self, event: Event, progress: Progress) -> None:
        """One more event, and the progress after it."""
        if event.kind in {"notice", "waiting"}:
            self._console.print(progress.text, markup=False)
        if event.kind == "started":
            self._console.print(_started(event), markup=False)
        self._bar.update(
            self._task,
            description=progress.phase or "starting",
            total=progress.steps,
            completed=progress.step,
            figures=figures(progress),
        )
        if not self._live:
            self._plain(event, progress)

    def _plain(self, event: Event, progress: Progress) -> None:
        share = progress.step / progress.steps if progress.steps else 0.0
        if event.kind == "phase":
            self._console.print(progress.phase, markup=False)
        elif event.kind == "step" and share >= self._next_share:
            self._next_share = share + _PLAIN_SHARE
            self._console.print(f"step {progress.step} of {progress.steps}, {figures(progress)}", markup=False)


def _started(event: Event) -> str:
    data = event.data
    return (
        f"{data.get('trainable_parameters', 0):,} trainable parameters of {data.get('total_parameters', 0):,}, "
        f"{data.get('train_samples', 0):,} samples, {data.get('train_tokens', 0):,} tokens an epoch, "
        f"{data.get('steps', 0):,} steps"
    )


def figures(progress: Progress) -> str:
    """Losses, speed and time left, as far as they are known."""
    known = []
    if progress.loss is not None:
        known.append(f"loss {progress.loss:.3f}")
    if progress.wording_loss is not None:
        known.append(f"new wordings {progress.wording_loss:.3f}")
    if progress.validation_loss is not None:
        known.append(f"held-out facts {progress.validation_loss:.3f}")
    if progress.tokens_per_second is not None:
        known.append(f"{progress.tokens_per_second:,.0f} tokens/s")
    if progress.eta_seconds is not None:
        known.append(f"{duration(progress.eta_seconds)} left")
    return ", ".join(known)


def duration(seconds: float) -> str:
    """`45 s`, `3 min 20 s`, `2 h 5 min`."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60} h {minutes % 60} min"
