"""What a training run will do, decided and checked before anything starts.

    plan(root, settings, preset="guide", overrides={"epochs": 3, "lora": {"r": 16}})

Preset, base model and data are chosen here; unknown keys and combinations that cannot work are refused with one
sentence each. Nothing is written.
"""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from codeanvil.contract import EMBEDDED, LoraConfig, RunConfig
from codeanvil.errors import RunError, UsageError
from codeanvil.runs import trainer
from codeanvil.runs.active import active_run, model_in_use
from codeanvil.runs.base_models import check_fits, resolved_base
from codeanvil.runs.data import RunData, gather
from codeanvil.runs.presets import AUTO, PRESETS, TIERS, Tier, tier
from codeanvil.runs.run import Run
from codeanvil.settings import Settings, explain, merged


@dataclass(frozen=True, slots=True)
class RunPlan:
    """A run that can be launched: its configuration, its data, the GPU it found, and why it was chosen so."""

    config: RunConfig
    data: RunData
    gpu: trainer.Gpu | None
    notes: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """What will be done, for the user who is about to start it."""
        return in_words(self.config, self.gpu, f"{len(self.data.train):,}")


def in_words(config: RunConfig, gpu: trainer.Gpu | None, samples: str) -> str:
    """What a run does with so many samples, in a sentence."""
    what = "every weight" if config.method == "full" else f"a rank {config.lora.r} adapter"
    where = f"on {gpu.name}" if gpu else "on the CPU"
    return (
        f"Trains {what} of {config.base_model} with {config.method} (preset {config.preset}) {where}, "
        f"for at most {config.epochs:g} epochs over {samples} samples."
    )


@dataclass(frozen=True, slots=True)
class Configured:
    """How a run would be trained, before its data are gathered; `since` is the run it goes on from."""

    config: RunConfig
    gpu: trainer.Gpu | None
    notes: tuple[str, ...]
    since: Run | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What the user wants of a run; what is left out, the settings and the machine decide."""

    preset: str | None = None
    base_model: str | None = None
    overrides: Mapping[str, Any] | None = None
    since_last: bool = False


def plan(
    root: Path,
    settings: Settings,
    *,
    preset: str | None = None,
    base_model: str | None = None,
    overrides: Mapping[str, Any] | None = None,
    since_last: bool = False,
) -> RunPlan:
    """Decide a run of the workspace at `root`, which must be indexed; arguments as in `configure`."""
    made = configure(root, settings, Asked(preset, base_model, overrides, since_last))
    return RunPlan(made.config, data_of(root, settings, made), made.gpu, made.notes)


def data_of(root: Path, settings: Settings, made: Configured) -> RunData:
    """The data of a configured run. Raises RunError, StoreError."""
    config = made.config
    return gather(root, settings, seed=config.seed, tokens=config.data_tokens, since=made.since)


def configure(root: Path, settings: Settings, asked_for: Asked) -> Configured:
    """Decide how a run of the workspace at `root` is trained; its data are not looked at.

    With `since_last` it goes on from the adapter in use and learns what has changed since, in the form in which that
    adapter was trained: neither preset nor base model can be chosen then.

    `preset` and `base_model` go before the settings, whose `auto` asks the machine; `overrides` are nested
    RunConfig keys (`{"lora": {"r": 16}}`) and go before everything. Raises UsageError for what was asked wrongly,
    RunError for what cannot be done here.
    """
    asked = dict(asked_for.overrides or {})
    preset, base_model = asked_for.preset, asked_for.base_model
    _check_keys(asked, RunConfig)
    if "preset" in asked:
        raise UsageError("The preset is not a --set key: name it with --preset.")
    base_model = asked.pop("base_model", None) or base_model or settings.train.base_model
    if fixed := asked.keys() & {"start_from", "compare_with"}:
        raise UsageError(f"{min(fixed)} is not a --set key: it is the model in use, with --since-last to go on from.")
    has = trainer.packages(settings)
    if has.missing:
        raise RunError(has.remedy)
    gpu = trainer.usable_gpu(has)
    if asked_for.since_last:
        chosen_otherwise = preset is not None or base_model not in (None, settings.train.base_model)
        return _since_last(root, settings, asked, gpu, chosen_otherwise=chosen_otherwise)
    machine = tier(gpu.total_bytes if gpu else None)
    chosen = _preset(preset or settings.train.preset, machine)
    values = chosen.model_dump() | {
        "compare_with": model_in_use(root, settings),
        "base_model": resolved_base(root, str(base_model)) if base_model != AUTO else _base_for(chosen, machine),
        "threads": settings.train.threads,
        "only_on_mains": settings.train.only_on_mains,
        "only_when_idle": settings.train.only_when_idle,
    }
    try:
        config = RunConfig.model_validate(merged(values, asked))
    except ValidationError as error:
        raise UsageError(explain(error)) from error
    _check_combination(config, asked)
    check_fits(config, gpu)
    return Configured(config, gpu, _notes(config, chosen, gpu))


def _since_last(
    root: Path, settings: Settings, asked: Mapping[str, Any], gpu: trainer.Gpu | None, *, chosen_otherwise: bool
) -> Configured:
    run = active_run(root, settings)
    if run is None:
        raise RunError("No trained model is in use to go on from: run `codeanvil train` without --since-last first.")
    if chosen_otherwise or asked.keys() & {"lora", "method"}:
        raise UsageError(
            f"--since-last goes on from run {run.id} in the form it was trained in: leave out preset, base model, "
            "method and lora."
        )
    values = run.config.model_dump() | {
        "start_from": str(run.folder.adapter),
        "only_on_mains": settings.train.only_on_mains,
        "only_when_idle": settings.train.only_when_idle,
        "compare_with": model_in_use(root, settings),
    }
    try:
        config = RunConfig.model_validate(merged(values, dict(asked)))
    except ValidationError as error:
        raise UsageError(explain(error)) from error
    check_fits(config, gpu)
    return Configured(config, gpu, (f"Goes on from run {run.id} with what has changed since.",), run)


def _preset(name: str, machine: Tier) -> RunConfig:
    if name == AUTO:
        return PRESETS[machine.preset]
    if name not in PRESETS:
        raise UsageError(f"There is no preset '{name}': take one of {AUTO}, {', '.join(PRESETS)}.")
    return PRESETS[name]


def _base_for(preset: RunConfig, machine: Tier) -> str:
    """The preset's own base model, or the machine's where that one is smaller."""
    bases = [candidate.base_model for candidate in TIERS]
    return bases[max(bases.index(preset.base_model), bases.index(machine.base_model))]


def _check_keys(asked: Mapping[str, Any], model: type[BaseModel], path: str = "") -> None:
    for key, value in asked.items():
        field = model.model_fields.get(key)
        if field is None:
            near = difflib.get_close_matches(key, model.model_fields, n=1)
            known = f"did you mean '{path}{near[0]}'?" if near else f"there are {', '.join(model.model_fields)}."
            raise UsageError(f"There is no training setting '{path}{key}': {known}")
        section = field.annotation if isinstance(field.annotation, type) else None
        if section and issubclass(section, BaseModel):
            if not isinstance(value, Mapping):
                raise UsageError(f"'{path}{key}' is a group of settings: set one of them, for example {_example(key)}.")
            _check_keys(value, section, f"{path}{key}.")
        elif isinstance(value, Mapping):
            raise UsageError(f"'{path}{key}' is one value and has no settings of its own.")


def _example(group: str) -> str:
    return "lora.r=16" if group == "lora" else "optimizer.learning_rate=1e-4"


def _check_combination(config: RunConfig, asked: Mapping[str, Any]) -> None:
    if config.method == "full" and "lora" in asked:
        raise UsageError(
            "method=full trains every weight and has no adapter: leave out the lora settings, or take lora."
        )
    targets = config.lora.target_modules
    if not targets:
        allowed = get_args(LoraConfig.model_fields["target_modules"].annotation)
        raise UsageError(f"lora.target_modules is empty: name modules, or take '{get_args(allowed[-1])[0]}'.")
    if config.max_tokens is not None and config.max_tokens < config.pack_length:
        raise UsageError(
            f"max_tokens ({config.max_tokens}) is less than one row of {config.pack_length} tokens: raise it."
        )


def _notes(config: RunConfig, preset: RunConfig, gpu: trainer.Gpu | None) -> tuple[str, ...]:
    notes = []
    if config.base_model == EMBEDDED:
        notes.append("The embedded base is a demonstration model: name a larger one with --base-model.")
    elif gpu is None:
        notes.append("There is no GPU this trainer can use: a model of this kind trains very slowly on a CPU.")
    if preset.base_model != EMBEDDED and config.base_model == EMBEDDED:
        notes.append(f"The preset {preset.preset} is meant for {preset.base_model}, which needs a GPU.")
    return tuple(notes)
