"""`train`, `resume`, `pause` and `stop`: a run is started in the background and, unless told otherwise, followed."""

import argparse
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from codeanvil import settings as all_settings
from codeanvil.cli.index import brought_up_to_date
from codeanvil.cli.output import Output
from codeanvil.cli.run_bar import RunBar
from codeanvil.cli.workspace import opened
from codeanvil.errors import CodeAnvilError, RunError, SettingsError, UsageError
from codeanvil.runs import control
from codeanvil.runs.active import adopt_finished
from codeanvil.runs.crash import crash_words
from codeanvil.runs.follow import follow
from codeanvil.runs.forecast import Workload, forecast, tokens_of
from codeanvil.runs.launch import launch
from codeanvil.runs.plan import Asked, RunPlan, configure, data_of
from codeanvil.runs.progress import Progress, advance
from codeanvil.runs.run import Run, going_or_named, newest_or_named
from codeanvil.runs.status import run_row
from codeanvil.settings import Settings
from codeanvil.workspace.dataset import write_dataset
from codeanvil.workspace.index.workers import Workers

DATA_SET_NICENESS = 15
"""Below the run's own priority."""

BEGUN_SECONDS = 10.0
"""Longest wait for the first event of a detached run: its process must load before it says anything."""


def train(arguments: argparse.Namespace, out: Output) -> None:
    """Bring the index up to date, plan a run, start it, and follow it unless --detach."""
    root, settings = opened(arguments)
    try:
        overrides = all_settings.from_pairs(arguments.pairs)
    except SettingsError as error:
        raise UsageError(str(error)) from error
    brought_up_to_date(root, settings, out)
    adopt_finished(root, settings)
    asked = Asked(arguments.preset, arguments.base_model, overrides, since_last=arguments.since_last)
    made = configure(root, settings, asked)
    planned = RunPlan(made.config, data_of(root, settings, made), made.gpu, made.notes)
    work = Workload(len(planned.data.train), tokens_of(planned.data.train), counted=True)
    for sentence in forecast(root, settings, made, work, measure=False)["summary"]:
        out.say(sentence)
    run = launch(root, settings, planned)
    data_set = _data_set_meanwhile(root, settings, out)
    seen_to_its_end = True
    try:
        seen_to_its_end = _go_on(root, settings, run, out, detach=arguments.detach)
    finally:
        if seen_to_its_end:
            data_set.join()


def _data_set_meanwhile(root: Path, settings: Settings, out: Output) -> threading.Thread:
    """Write the workspace's data set while the run goes: a large project's is long in the making, and no run waits
    for it. Whoever breaks off does not wait for the thread either."""

    def write() -> None:
        try:
            with Workers(1, niceness=DATA_SET_NICENESS) as workers:
                write_dataset(root, settings, workers)
        except CodeAnvilError as error:
            out.notice(str(error))

    thread = threading.Thread(target=write, daemon=True)
    thread.start()
    return thread


def resume(arguments: argparse.Namespace, out: Output) -> None:
    """Go on with the newest or a named run."""
    root, settings = opened(arguments)
    run = control.resume(newest_or_named(root, settings, arguments.run), settings)
    _go_on(root, settings, run, out, detach=arguments.detach)


def stop(arguments: argparse.Namespace, out: Output) -> None:
    """Stop the run that goes on, or a named one."""
    _end(arguments, out, control.stop, "stopped")


def pause(arguments: argparse.Namespace, out: Output) -> None:
    """Have the run that goes on, or a named one, give its memory back until it is resumed."""
    _end(arguments, out, control.pause, "paused")


def _end(arguments: argparse.Namespace, out: Output, end: Callable[[Run], Run], state: str) -> None:
    root, settings = opened(arguments)
    run = going_or_named(root, settings, arguments.run)
    with out.working("The trainer saves a checkpoint and ends"):
        end(run)
    after = "go on with it by `codeanvil resume`" if run.state == state else f"it is {run.state}"
    words = "has stopped" if state == "stopped" else "is paused"
    out.say(f"Run {run.id} {words} at step {run.progress().step}: {after}.")
    out.document(run_row(run))


def _go_on(root: Path, settings: Settings, run: Run, out: Output, *, detach: bool) -> bool:
    """Follow the run to its end, or tell that it has begun; False where the user broke off."""
    if detach:
        row = _begun(run)
        out.say(f"Run {run.id} goes on in the background: see `codeanvil status`, end it with `codeanvil stop`.")
        if row["place"]:
            out.say(row["text"])
        out.document(row)
        return True
    try:
        _show(run, out)
    except KeyboardInterrupt:
        out.notice(f"Run {run.id} goes on in the background: see `codeanvil status`, end it with `codeanvil stop`.")
        out.document(run_row(run))
        return False
    _tell_end(root, settings, run, out)
    return True


def _begun(run: Run) -> dict[str, Any]:
    """The run's row once it has told whether it goes or waits, so that a place in the queue is told at once."""
    deadline = time.monotonic() + BEGUN_SECONDS
    while not run.folder.events.exists() and run.is_alive and time.monotonic() < deadline:
        time.sleep(0.05)
    return run_row(run)


def _show(run: Run, out: Output) -> None:
    progress = Progress()
    with RunBar(out.notices) as bar:
        for event in follow(run):
            progress = advance(progress, event)
            bar.show(event, progress)


def _tell_end(root: Path, settings: Settings, run: Run, out: Output) -> None:
    state, progress = run.state, run.progress()
    if state == "failed":
        raise RunError(progress.text or f"Run {run.id} failed; {run.folder.log} says why.")
    if state == "crashed":
        raise RunError(crash_words(run))
    if state == "finished":
        in_use = adopt_finished(root, settings)
        out.say(f"Run {run.id} has finished{_losses(progress)}.")
        out.say(str(run.report.get("gate", {}).get("why", "")))
        if in_use and in_use.run == run.id:
            out.say('It is in use now: ask with `codeanvil ask "..."`, measure it with `codeanvil evaluate`.')
    else:
        words = "is paused" if state == "paused" else "has stopped"
        out.say(f"Run {run.id} {words} at step {progress.step}: go on with it by `codeanvil resume`.")
    out.document(run_row(run))


def _losses(progress: Progress) -> str:
    if progress.first_loss is None or progress.loss is None:
        return ""
    held_out = f", {progress.validation_loss:.3f} on held-out facts" if progress.validation_loss is not None else ""
    wording = f", {progress.wording_loss:.3f} in new wordings" if progress.wording_loss is not None else ""
    return f": loss {progress.first_loss:.3f} at first, {progress.loss:.3f} at last{held_out}{wording}"
