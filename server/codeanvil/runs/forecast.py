"""What a training run of a workspace would take, before anybody starts it: samples, memory, time, disk.

    training_plan(root, settings, Asked(preset="guide"))

is what `codeanvil/trainingPlan` answers, what `codeanvil doctor` tells of the workspace, and the line that
`codeanvil train` begins with. Nothing is written and nothing is fetched.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
from pydantic import TypeAdapter

from codeanvil.contract import EstimateRequest, RunConfig, TrainingNeeds
from codeanvil.errors import RunError
from codeanvil.runs import trainer
from codeanvil.runs.data import TOKENS_A_SAMPLE, enough
from codeanvil.runs.plan import Asked, Configured, configure, data_of, in_words
from codeanvil.runs.speed import Speed, known_speed, measured_speed
from codeanvil.samples.focus import CHARACTERS_PER_TOKEN
from codeanvil.samples.model import Sample
from codeanvil.settings import Settings
from codeanvil.workspace.dataset import choose_sources
from codeanvil.workspace.location import index_path
from codeanvil.workspace.store import Store

ESTIMATE_SECONDS = 60.0

TEMPLATE_TOKENS = 12
"""What the chat template adds to a sample."""

_GIB = 2**30

_NEEDS = TypeAdapter(list[TrainingNeeds])


@dataclass(frozen=True, slots=True)
class Workload:
    """How much there is to train on: samples, tokens of one epoch. Not `counted`: samples are still to be made."""

    samples: int
    tokens: int
    counted: bool


def training_plan(root: Path, settings: Settings, asked: Asked, *, measure: bool = True) -> dict[str, Any]:
    """`forecast` of the run that `asked` describes; samples that are not made yet are estimated, not made.

    Raises UsageError, RunError, StoreError.
    """
    made = configure(root, settings, asked)
    return forecast(root, settings, made, workload(root, settings, made), measure=measure)


def forecast(root: Path, settings: Settings, made: Configured, work: Workload, *, measure: bool) -> dict[str, Any]:
    """What a run would take in the workspace at `root`, as JSON values:

    `summary`   sentences for the user, the whole answer in words
    `preset`, `base_model`, `method`, `trainable_parameters`, `parameters` (None: unknown)
    `device`    name of the GPU, or "cpu"
    `weights`   where the base model is: embedded, folder, cached, or hub (then `download_bytes` are fetched first)
    `samples`, `tokens` (of all epochs), `epochs`, `counted` (False: estimated, samples are still to be made)
    `memory`    {needed_bytes (None: unknown), free_bytes, total_bytes, fits (None: unknown)}, of the device
    `disk`      {needed_bytes, free_bytes, fits}
    `time`      {seconds, tokens_per_second, basis, source}: basis `run` is a run of this workspace that was alike,
                `trial` a few real steps on this machine, None not known (then all are None)
    `problems`  [{problem, remedy}]: what keeps the run from starting or from ending; empty where nothing does
    `config`    the RunConfig

    With `measure` the speed is tried where it is not known and the base model is here; that takes seconds on a CPU,
    and once only for each machine and form of run. Raises RunError.
    """
    config = made.config
    (needs,) = needs_of(settings, [config], on_gpu=made.gpu is not None)
    speed = _speed(root, settings, made, needs, measure=measure)
    tokens = round(work.tokens * config.epochs)
    if config.max_tokens is not None:
        tokens = min(tokens, config.max_tokens)
    memory = _memory(needs, made.gpu)
    disk = _disk(root, settings, needs)
    problems = _problems(memory, disk)
    found = {
        "preset": config.preset,
        "base_model": config.base_model,
        "method": config.method,
        "parameters": needs.parameters,
        "trainable_parameters": needs.trainable,
        "device": made.gpu.name if made.gpu else "cpu",
        "weights": needs.weights,
        "download_bytes": needs.download_bytes,
        "samples": work.samples,
        "tokens": tokens,
        "epochs": config.epochs,
        "counted": work.counted,
        "memory": memory,
        "disk": disk,
        "time": {
            "seconds": round(tokens / speed.tokens_per_second) if speed else None,
            "tokens_per_second": speed.tokens_per_second if speed else None,
            "basis": speed.basis if speed else None,
            "source": speed.source if speed else None,
        },
        "problems": problems,
        "config": config.model_dump(mode="json"),
    }
    about = "" if work.counted else "about "
    first = in_words(config, made.gpu, f"{about}{work.samples:,}")
    return {"summary": [first, takes(found), *made.notes, *map(_told, problems)], **found}


def needs_of(settings: Settings, configs: list[RunConfig], *, on_gpu: bool) -> list[TrainingNeeds]:
    """What the trainer says that these runs need. Raises RunError."""
    request = EstimateRequest(configs=configs, on_gpu=on_gpu)
    return trainer.ask(settings, "estimate", request, _NEEDS, ESTIMATE_SECONDS)


def tokens_of(samples: tuple[Sample, ...]) -> int:
    """About how many tokens a model reads of these samples in one epoch."""
    characters = sum(len(sample.instruction) + len(sample.input) + len(sample.output) for sample in samples)
    return characters // CHARACTERS_PER_TOKEN + TEMPLATE_TOKENS * len(samples)


def workload(root: Path, settings: Settings, made: Configured) -> Workload:
    """Counted where every sample wanted is made already, else estimated from those that are."""
    path = index_path(root, settings)
    if not path.exists():
        raise RunError(f"{root} is not indexed yet: run `codeanvil prepare` first.")
    with Store(path, read_only=True) as store:
        choice = choose_sources(store.sources(), settings.samples, enough(made.config.data_tokens))
        made_of = [row.samples for row in store.sources() if row.samples is not None]
        files = len(choice.full)
    if made.since is not None or not choice.lacking:
        data = data_of(root, settings, made)
        return Workload(len(data.train), tokens_of(data.train), True)
    share = 1 - settings.samples.validation_share
    each = sum(made_of) / len(made_of) if made_of else settings.samples.max
    samples = round(min(settings.samples.max, each * max(files, 1)) * share)
    if made.config.data_tokens is not None:
        samples = min(samples, round(made.config.data_tokens * share / TOKENS_A_SAMPLE))
    return Workload(samples, samples * TOKENS_A_SAMPLE, False)


def _speed(root: Path, settings: Settings, made: Configured, needs: TrainingNeeds, *, measure: bool) -> Speed | None:
    known = known_speed(root, settings, made.config, made.gpu)
    if known or not measure or needs.weights == "hub":
        return known
    try:
        return measured_speed(settings, made.config, made.gpu)
    except RunError:
        return None  # what keeps the trial from ending, memory above all, is told as a problem of the run


def _memory(needs: TrainingNeeds, gpu: trainer.Gpu | None) -> dict[str, Any]:
    ram = psutil.virtual_memory()
    free, total = (gpu.free_bytes, gpu.total_bytes) if gpu else (ram.available, ram.total)
    needed = needs.memory_bytes
    fits = None if needed is None else needed <= free
    return {"needed_bytes": needed, "free_bytes": free, "total_bytes": total, "fits": fits}


def _disk(root: Path, settings: Settings, needs: TrainingNeeds) -> dict[str, Any]:
    folder = settings.data_folder(root)
    free = shutil.disk_usage(next(path for path in (folder, *folder.parents) if path.exists())).free
    needed = needs.disk_bytes
    return {"needed_bytes": needed, "free_bytes": free, "fits": None if needed is None else needed <= free}


def _problems(memory: dict[str, Any], disk: dict[str, Any]) -> list[dict[str, str]]:
    problems = []
    if memory["fits"] is False:
        problems.append(
            {
                "problem": f"About {_gib(memory['needed_bytes'])} of memory are needed, and "
                f"{_gib(memory['free_bytes'])} of {_gib(memory['total_bytes'])} are free.",
                "remedy": "Close other programs, or take a smaller model: `codeanvil train --preset small-gpu` or "
                "`--base-model`."
                if memory["needed_bytes"] <= memory["total_bytes"]
                else "Take a smaller model: `codeanvil train --preset small-gpu`, `--preset cpu` or `--base-model`.",
            }
        )
    if disk["fits"] is False:
        problems.append(
            {
                "problem": f"Checkpoints and the merged model take {_gib(disk['needed_bytes'])} of disk, and "
                f"{_gib(disk['free_bytes'])} are free.",
                "remedy": "Free some, or set data_dir in codeanvil.toml to another disk.",
            }
        )
    return problems


def takes(found: dict[str, Any]) -> str:
    """Time, memory, disk and download in one sentence; what is not known is said not to be."""
    time, memory, disk = found["time"], found["memory"], found["disk"]
    parts = [
        f"about {words(time['seconds'])} (at {time['tokens_per_second']:,.0f} tokens/s, known from {time['source']})"
        if time["seconds"] is not None
        else "a time that is known once it trains"
    ]
    parts.append(
        "memory that nothing here tells"
        if memory["needed_bytes"] is None
        else f"{_gib(memory['needed_bytes'])} of memory ({_gib(memory['free_bytes'])} free)"
    )
    if disk["needed_bytes"] is not None:
        parts.append(f"{_gib(disk['needed_bytes'])} of disk ({_gib(disk['free_bytes'])} free)")
    download = f" {_gib(found['download_bytes'])} are fetched first." if found["download_bytes"] else ""
    return f"Takes {', '.join(parts[:-1])} and {parts[-1]}.{download}"


def words(seconds: float) -> str:
    """A rough time: `45 s`, `12 min`, `3.5 h`."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{round(seconds / 60)} min" if seconds < 90 * 60 else f"{seconds / 3600:.1f} h"


def _gib(size: int) -> str:
    return f"{size / _GIB:.1f} GiB"


def _told(problem: dict[str, str]) -> str:
    return f"{problem['problem']} {problem['remedy']}"
