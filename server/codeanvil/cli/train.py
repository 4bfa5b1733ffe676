"""`train`, `resume` and `stop`: a run is started in the background and, unless told otherwise, followed."""

import argparse
from pathlib import Path

from codeanvil import settings as all_settings
from codeanvil.cli.index import brought_up_to_date
from codeanvil.cli.output import Output
from codeanvil.cli.run_bar import RunBar
from codeanvil.cli.workspace import opened
from codeanvil.errors import RunError, SettingsError, UsageError
from codeanvil.runs import control
from codeanvil.runs.active import adopt_finished
from codeanvil.runs.follow import follow
from codeanvil.runs.forecast import Workload, forecast, tokens_of
from codeanvil.runs.launch import launch, refuse_second
from codeanvil.runs.plan import Asked, RunPlan, configure, data_of
from codeanvil.runs.progress import Progress, advance
from codeanvil.runs.run import Run, newest_or_named, running, runs_folder
from codeanvil.runs.status import run_row
from codeanvil.settings import Settings
from codeanvil.workspace.dataset import write_dataset


def train(arguments: argparse.Namespace, out: Output) -> None:
    """Bring the index up to date, plan a run, start it, and follow it unless --detach."""
    root, settings = opened(arguments)
    try:
        overrides = all_settings.from_pairs(arguments.pairs)
    except SettingsError as error:
        raise UsageError(str(error)) from error
    refuse_second(runs_folder(root, settings))  # launch does too; this is before the work
    brought_up_to_date(root, settings, out)
    write_dataset(root, settings)
    adopt_finished(root, settings)
    asked = Asked(arguments.preset, arguments.base_model, overrides, since_last=arguments.since_last)
    made = configure(root, settings, asked)
    planned = RunPlan(made.config, data_of(root, settings, made), made.gpu, made.notes)
    work = Workload(len(planned.data.train), tokens_of(planned.data.train), counted=True)
    for sentence in forecast(root, settings, made, work, measure=False)["summary"]:
        out.say(sentence)
    run = launch(root, settings, planned)
    _go_on(root, settings, run, out, detach=arguments.detach)


def resume(arguments: argparse.Namespace, out: Output) -> None:
    """Go on with the newest or a named run."""
    root, settings = opened(arguments)
    run = control.resume(newest_or_named(root, settings, arguments.run), settings)
    _go_on(root, settings, run, out, detach=arguments.detach)


def stop(arguments: argparse.Namespace, out: Output) -> None:
    """Stop the run that goes on, or a named one."""
    root, settings = opened(arguments)
    run = newest_or_named(root, settings, arguments.run) if arguments.run else running(root, settings)
    if run is None:
        raise RunError("No training run goes on in this workspace, so there is nothing to stop.")
    with out.working("Stopping: the trainer saves a checkpoint"):
        control.stop(run)
    state = run.state
    after = "go on with it by `codeanvil resume`" if state == "stopped" else f"it is {state}"
    out.say(f"Run {run.id} has stopped at step {run.progress().step}: {after}.")
    out.document(run_row(run))


def _go_on(root: Path, settings: Settings, run: Run, out: Output, *, detach: bool) -> None:
    if detach:
        out.say(f"Run {run.id} goes on in the background: see `codeanvil status`, end it with `codeanvil stop`.")
        out.document(run_row(run))
        return
    try:
        _show(run, out)
    except KeyboardInterrupt:
        out.notice(f"Run {run.id} goes on in the background: see `codeanvil status`, end it with `codeanvil stop`.")
        out.document(run_row(run))
        return
    _tell_end(root, settings, run, out)


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
        last = run.last_log_lines(1)
        words = f"its last words in {run.folder.log}: {last[0]}" if last else f"{run.folder.log} is empty"
        raise RunError(f"Run {run.id} broke off; `codeanvil resume` goes on from its last checkpoint; {words}")
    if state == "finished":
        in_use = adopt_finished(root, settings)
        out.say(f"Run {run.id} has finished{_losses(progress)}.")
        out.say(str(run.report.get("gate", {}).get("why", "")))
        if in_use and in_use.run == run.id:
            out.say('It is in use now: ask with `codeanvil ask "..."`, measure it with `codeanvil evaluate`.')
    else:
        out.say(f"Run {run.id} has stopped at step {progress.step}: go on with it by `codeanvil resume`.")
    out.document(run_row(run))


def _losses(progress: Progress) -> str:
    if progress.first_loss is None or progress.loss is None:
        return ""
    held_out = f", {progress.validation_loss:.3f} on held-out facts" if progress.validation_loss is not None else ""
    wording = f", {progress.wording_loss:.3f} in new wordings" if progress.wording_loss is not None else ""
    return f": loss {progress.first_loss:.3f} at first, {progress.loss:.3f} at last{held_out}{wording}"
