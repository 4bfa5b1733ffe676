"""How a step is cut into forward passes: decided from the memory that is free, then proved on the worst of them.

The effective batch never depends on it: the gradient of a step is that of all its rows, however they are grouped.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import torch

from codeanvil.contract import RunConfig, RunFolder, write_atomic
from codeanvil_trainer.errors import TrainerError
from codeanvil_trainer.footprint.fitting import Way, training_of, ways, wish_of
from codeanvil_trainer.footprint.memory import MOMENT_BYTES, Moments
from codeanvil_trainer.footprint.shapes import Shape
from codeanvil_trainer.machine.device import release_memory
from codeanvil_trainer.tokens.packing import Row, Step

SPARE = 0.95
"""Share of the free memory that may be used: what is freed is not always in one piece."""


@dataclass(slots=True)
class Passes:
    """How this run makes its steps: tokens of a forward pass, checkpointing, the optimizer's moments.

    Kept in `passes.json`, since a resumed run must round as it did before and its moments have one form.
    """

    tokens: int
    checkpointing: bool
    moments: Moments

    def save(self, folder: RunFolder) -> None:
        """Write it into the run folder. Raises OSError."""
        write_atomic(_path(folder), json.dumps(asdict(self)))

    @classmethod
    def of(cls, folder: RunFolder) -> "Passes | None":
        """What stands in the run folder; None where there is nothing to read."""
        try:
            return cls(**json.loads(_path(folder).read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            return None


def _path(folder: RunFolder) -> Path:
    return folder.path / "passes.json"


def group(step: Step, lengths: Sequence[int], tokens: int) -> Step:
    """The rows of `step` in forward passes of at most `tokens` tokens; a longer row is halved until its parts fit.

    `lengths` are those of all samples. A single sample is a pass of its own however long it is.
    """
    passes: Step = []
    longest = 0
    for row in [part for batch in step for whole in batch for part in _parts(whole, lengths, tokens)]:
        size = sum(lengths[index] for index in row)
        longest = max(longest, size)
        if not passes or longest * (len(passes[-1]) + 1) > tokens:  # as padded rows, where they are not laid flat
            passes.append([])
            longest = size
        passes[-1].append(row)
    return passes


def halve(step: Step, lengths: Sequence[int], tokens: int) -> int | None:
    """Fewer tokens for a forward pass, so that `step` takes more of them; None where each is a single sample."""
    before = group(step, lengths, tokens)
    if all(len(rows) == 1 and len(rows[0]) == 1 for rows in before):
        return None
    while group(step, lengths, tokens) == before:
        tokens //= 2
    return tokens


def _parts(row: Row, lengths: Sequence[int], tokens: int) -> list[Row]:
    if len(row) == 1 or sum(lengths[index] for index in row) <= tokens:
        return [row]
    middle = (len(row) + 1) // 2
    return [*_parts(row[:middle], lengths, tokens), *_parts(row[middle:], lengths, tokens)]


def worst(steps: Iterable[Step], lengths: Sequence[int], tokens: int) -> list[Row]:
    """The forward pass with the most tokens that a run over `steps` would make."""
    every = (rows for step in steps for rows in group(step, lengths, tokens))
    return max(every, key=lambda rows: sum(lengths[index] for row in rows for index in row))


@dataclass(frozen=True, slots=True)
class Choice:
    """The ways that fit by the estimate, quickest first, and the bytes that were free."""

    ways: tuple[Way, ...]
    free: int


def choose(shape: Shape | None, config: RunConfig, lengths: Sequence[int], free: int, *, on_gpu: bool) -> Choice:
    """Which ways of training `config` fit into `free` bytes. Raises TrainerError, with what would fit, where none does.

    `lengths` are the samples' in tokens.
    """
    if config.memory_gb is not None:
        free = min(free, int(config.memory_gb * 2**30))
    run = training_of(config, on_gpu=on_gpu, parameters=shape.parameters if shape else None)
    every = tuple(ways(shape, run, wish_of(config, max(lengths), on_gpu=on_gpu)))
    fitting = tuple(way for way in every if way.needs is None or way.needs.total <= free * SPARE)
    if not fitting:
        raise TrainerError(_refusal(config, every, free, on_gpu=on_gpu))
    return Choice(fitting, free)


def _refusal(config: RunConfig, every: Sequence[Way], free: int, *, on_gpu: bool) -> str:
    least = min(way.needs.total for way in every if way.needs is not None)
    where = "the GPU" if on_gpu else "this machine"
    smaller = "--preset small-gpu, a smaller --base-model" if on_gpu else "a smaller --base-model (embedded fits)"
    freer = "Close what else uses it, or take" if least <= 2 * free else "Take"
    return (
        f"The preset {config.preset} with the base model {config.base_model} needs {least / 2**30:.1f} GiB at the "
        f"least, and {where} has {free / 2**30:.1f} GiB free. {freer} {smaller} or a shorter --set max_length."
    )


def probe(choice: Choice, trial: Callable[[Way], int]) -> tuple[Way, int]:
    """The first way whose `trial` (the worst pass, which returns the bytes it took at its peak) stays within memory.

    Raises TrainerError where none does.
    """
    for way in choice.ways:
        try:
            peak = trial(way)
        except torch.OutOfMemoryError:
            peak = None  # handled outside: the error's frames hold the tensors that must go
        if peak is not None and peak <= choice.free:
            return way, peak
        release_memory()
    raise TrainerError(
        f"Not even the smallest forward pass fits into the {choice.free / 2**30:.1f} GiB of memory that are free: take "
        "--preset small-gpu, a smaller --base-model or a shorter --set max_length."
    )


def moments_bytes(way: Way, trained: Iterable[torch.nn.Parameter]) -> int:
    """Bytes that AdamW's moments of `trained` will take; they are made at the first step only."""
    return int(sum(parameter.numel() for parameter in trained) * MOMENT_BYTES[way.moments])
