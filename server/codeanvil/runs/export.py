"""Take a run's result out of the workspace: the adapter, the merged model, or everything LLaMA-Factory needs."""

import json
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from codeanvil.contract import DEFAULT_QUANTIZATION, EMBEDDED, QUANTIZATIONS, read_json_lines, write_atomic
from codeanvil.errors import RunError, UsageError
from codeanvil.runs import llamafactory, trainer
from codeanvil.runs.active import active_run
from codeanvil.runs.data import gather
from codeanvil.runs.presets import AUTO, PRESETS
from codeanvil.runs.run import Run, find, list_runs
from codeanvil.samples.model import Sample
from codeanvil.settings import Settings

MEASURED = "merge.json"
"""Beside a merged model of several strengths: which, and how far it agrees with base and adapters."""

FORMATS = ("adapter", "merged", "gguf", "llamafactory")


def export(
    root: Path,
    settings: Settings,
    form: str,
    out: Path,
    run_id: str | None = None,
    *,
    quantization: str | None = None,
    strength: float | None = None,
    added: Mapping[str, float] | None = None,
) -> Run | None:
    """Write `form` into the new or empty folder `out`, whole or not at all; returns the run it came from.

    `quantization` is for `gguf` alone, one of QUANTIZATIONS. `strength` and `added` are for `merged` alone: how much of
    what the run learned is taken (1: all), and so much of what other runs learned, by their names; the folder then has
    `merge.json`, which says so and how far the merged model agrees with base and adapters.

    Without `run_id` the run in use is taken, else the newest that finished; `llamafactory` needs no run and then
    takes the index as it is and the guide's preset. Raises UsageError, RunError.
    """
    if form not in FORMATS:
        raise UsageError(f"There is no export format '{form}': take one of {', '.join(FORMATS)}.")
    if quantization and (form != "gguf" or quantization not in QUANTIZATIONS):
        raise UsageError(f"--quantization goes with --format gguf and is one of {', '.join(QUANTIZATIONS)}.")
    if (strength is not None or added) and form != "merged":
        raise UsageError("--strength and --add go with --format merged.")
    run = find(root, settings, run_id) if run_id else active_run(root, settings) or _newest_finished(root, settings)
    if form == "llamafactory":
        _into(out, lambda folder: _write_llamafactory(root, settings, run, folder))
        return run
    if run is None:
        raise RunError("No run of this workspace has finished yet, so there is no model: run `codeanvil train`.")
    if strength is not None or added:
        others = {find(root, settings, name): number for name, number in (added or {}).items()}
        _into(out, lambda folder: _write_sum(run, settings, folder, 1.0 if strength is None else strength, others))
        return run
    if form == "adapter":
        source = run.folder.adapter
        if not source.is_dir():
            raise RunError(f"Run {run.id} has no adapter: it is {run.state}. Name another with --run.")
    else:
        source = _merged(run, settings)
    if form == "gguf":
        _into(out, lambda folder: _write_gguf(run, settings, folder, quantization or DEFAULT_QUANTIZATION))
        return run
    _into(out, lambda folder: shutil.copytree(source, folder, dirs_exist_ok=True))
    return run


def _newest_finished(root: Path, settings: Settings) -> Run | None:
    return next((run for run in list_runs(root, settings) if run.state == "finished"), None)


def _merged(run: Run, settings: Settings) -> Path:
    """The merged model of `run`, which is made now where it is not there yet."""
    if run.folder.merged.is_dir():
        return run.folder.merged
    if not run.folder.adapter.is_dir():
        raise RunError(f"Run {run.id} has no trained model: it is {run.state}. Name another with --run.")
    _run_trainer(settings, f"Run {run.id} could not be merged into its base model", "merge", run.folder.path)
    return run.folder.merged


def _write_gguf(run: Run, settings: Settings, folder: Path, quantization: str) -> None:
    what = f"Run {run.id} could not be written as GGUF"
    _run_trainer(settings, what, "gguf", run.folder.path, folder, "--quantization", quantization)


def _write_sum(run: Run, settings: Settings, folder: Path, strength: float, others: Mapping[Run, float]) -> None:
    """What `run` and `others` learned, each so much of it, merged into their base. Raises UsageError, RunError."""
    chain = [run, *others]
    for one in chain:
        if not one.folder.adapter.is_dir():
            raise RunError(f"Run {one.id} has no adapter: it is {one.state}. Name another.")
        if one.config.base_model != run.config.base_model:
            raise UsageError(
                f"Run {one.id} was trained on {one.config.base_model} and run {run.id} on {run.config.base_model}: "
                "what they learned cannot be added."
            )
        if one.manifest.get("since") in {each.id for each in chain}:
            raise UsageError(
                f"Run {one.id} went on from run {one.manifest['since']} and has learned all that it had: adding them "
                "counts that twice. Name only one of them."
            )
    if len({one.id for one in chain}) < len(chain):
        raise UsageError("A run is added to itself: say --strength instead.")
    merged = folder / "merged"
    words = [f"--add={one.folder.path}={number}" for one, number in others.items()]
    what = f"Run {run.id} could not be merged into its base model"
    said = _run_trainer(settings, what, "merge", run.folder.path, f"--strength={strength}", "--out", merged, *words)
    for path in merged.iterdir():
        path.replace(folder / path.name)
    merged.rmdir()
    runs = {run.id: strength} | {one.id: number for one, number in others.items()}
    measured = json.loads(said) | {"runs": runs}
    write_atomic(folder / MEASURED, json.dumps(measured, indent=2) + "\n")


def _run_trainer(settings: Settings, what_failed: str, *arguments: str | Path) -> str:
    """What the trainer prints. Raises RunError with its last words."""
    done = subprocess.run(trainer.command(settings, *arguments), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        why = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise RunError(f"{what_failed}: {why}")
    return done.stdout


def _write_llamafactory(root: Path, settings: Settings, run: Run | None, folder: Path) -> None:
    train: Iterable[Mapping[str, Any]]
    validation: Iterable[Mapping[str, Any]]
    if run:
        config = run.config
        train, validation = read_json_lines(run.folder.train_data), read_json_lines(run.folder.validation_data)
    else:
        config = PRESETS["guide"]
        if settings.train.base_model != AUTO:
            config = config.model_copy(update={"base_model": settings.train.base_model})
        data = gather(root, settings, seed=config.seed)
        train, validation = map(Sample.row, data.train), map(Sample.row, data.validation)
    if config.base_model == EMBEDDED:
        shutil.copytree(_embedded_base(settings), folder / "base_model")
        config = config.model_copy(update={"base_model": "base_model"})
    llamafactory.write(folder, config, train, validation)


def _embedded_base(settings: Settings) -> Path:
    has = trainer.packages(settings)
    if has.folder is None:
        raise RunError(has.remedy)
    return has.folder / "seed"


def _into(out: Path, write: Callable[[Path], object]) -> None:
    """Let `write` fill a folder beside `out` and move it there when it is whole."""
    out = out.absolute()
    try:
        if out.exists() and (not out.is_dir() or any(out.iterdir())):
            raise UsageError(f"{out} is there already and is not an empty folder: name a new one with --out.")
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}.") as temporary:
            folder = Path(temporary) / "export"
            folder.mkdir()
            write(folder)
            folder.replace(out)
    except OSError as error:
        raise RunError(
            f"The export to {out} failed ({error.strerror or error}): choose a folder with space that can be written."
        ) from error
