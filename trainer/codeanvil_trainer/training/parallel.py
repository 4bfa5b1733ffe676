"""Several processes, one a GPU, on one run: each does its share of a step's rows, and their gradients are added.

    accelerate launch -m codeanvil_trainer train RUN_FOLDER     (or torchrun)

Every process knows the whole schedule, so nothing is handed around but gradients, a few numbers and what the first
process decides. The sum is the gradient of the whole step: a run of several processes is the run of one, to rounding.
Only the first process writes: events, checkpoints, adapter.
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

import torch
from torch import distributed, nn

from codeanvil_trainer.tokens.packing import Step

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Group:
    """The processes of a run; this one is number `rank` of `size`."""

    rank: int = 0
    size: int = 1

    @property
    def is_first(self) -> bool:
        """Whether this process writes for all."""
        return self.rank == 0

    def share(self, step: Step) -> Step:
        """This process's rows of a step, not yet in forward passes (see `passes.group`)."""
        rows = [row for batch in step for row in batch][self.rank :: self.size]
        return [rows] if rows else []

    def seed(self, seed: int, step: int) -> None:
        """Give each process random numbers of its own for the step; one process alone goes on with what it has."""
        if self.size > 1:
            torch.manual_seed((seed * 1_000_003 + step) * self.size + self.rank)

    def add(self, value: float, device: torch.device) -> float:
        """The sum over all processes."""
        if self.size == 1:
            return value
        total = torch.tensor(value, dtype=torch.float64, device=device)
        distributed.all_reduce(total)
        return float(total)

    def add_gradients(self, parameters: Iterable[nn.Parameter]) -> None:
        """Replace every gradient by the sum over all processes; one that had no rows adds zeros."""
        if self.size == 1:
            return
        for parameter in parameters:
            if parameter.grad is None:
                parameter.grad = torch.zeros_like(parameter)
            distributed.all_reduce(parameter.grad)

    def agree(self, value: _T) -> _T:
        """The first process's `value`, in every process; all of them wait for it."""
        if self.size == 1:
            return value
        values: list[_T] = [value]
        distributed.broadcast_object_list(values, src=0)
        return values[0]


ALONE = Group()


@contextmanager
def joined() -> Iterator[Group]:
    """The group that `accelerate launch` or torchrun started this process in, by its environment; else ALONE."""
    size = int(os.environ.get("WORLD_SIZE", "1"))
    if size == 1:
        yield ALONE
        return
    if torch.cuda.is_available():
        torch.cuda.set_device(int(os.environ.get("LOCAL_RANK", "0")))
    distributed.init_process_group("nccl" if torch.cuda.is_available() else "gloo")
    try:
        yield Group(distributed.get_rank(), distributed.get_world_size())
    finally:
        distributed.destroy_process_group()
