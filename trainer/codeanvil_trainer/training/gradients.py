"""Forward and backward over one optimizer step, in passes that fit into memory."""

from collections.abc import Callable
from typing import TypeVar

import torch

from codeanvil_trainer.errors import TrainerError
from codeanvil_trainer.machine.device import release_memory
from codeanvil_trainer.models.loss import summed_loss
from codeanvil_trainer.tokens.packing import Row, Step, collate
from codeanvil_trainer.training.setup import Setup

_Part = TypeVar("_Part", list[Row], Row)


def accumulate_gradients(setup: Setup, step: Step, told: Callable[[str], object] = str) -> tuple[float, int]:
    """Forward and backward over the micro-batches of one step: (mean loss per label token, tokens read).

    Each micro-batch's summed loss is divided by the label tokens of the whole step, so that accumulation
    gives the gradient of one large batch. Where memory runs out, the step is begun again in passes of half the size,
    which is the same step; later ones are cut likewise and `told` gets a sentence. Raises TrainerError where a single
    sample is too much.
    """
    every = [setup.samples[index] for batch in step for row in batch for index in row]
    labels = sum(sample.label_count for sample in every)
    share = setup.group.share(step)
    while True:
        passes = cut(share, setup.recovery.cuts)
        try:
            loss = _accumulate(setup, passes, labels)
            break
        except torch.OutOfMemoryError:
            pass  # handled outside: the error's frames hold the tensors that must go
        setup.optimizer.zero_grad(set_to_none=True)
        release_memory()
        if halved(passes) is None:
            raise TrainerError(
                "Even one sample alone is too much for the memory that is free. Take a shorter --set max_length, a "
                "smaller base model, or --preset small-gpu."
            )
        setup.recovery.cuts += 1
        told("Memory ran out: the forward passes are half as large from here on, the effective batch stays the same.")
    setup.group.add_gradients(setup.trained)
    return setup.group.add(loss, setup.device), sum(len(sample.ids) for sample in every)


def _accumulate(setup: Setup, step: Step, labels: int) -> float:
    """Gradients of the summed loss over `labels`, and that loss."""
    total = 0.0
    for rows in step:
        batch = collate(rows, setup.samples, setup.tokenizer.pad_token_id).to(setup.device)
        loss = summed_loss(setup.model, batch) / max(labels, 1)
        torch.autograd.backward(loss)
        total += float(loss.detach())
    return total


def cut(step: Step, times: int) -> Step:
    """The same step with its micro-batches halved so many times, as far as that goes."""
    for _ in range(times):
        step = halved(step) or step
    return step


def halved(step: Step) -> Step | None:
    """The same rows in micro-batches of half as many rows; where each holds one row, rows of half as many samples.

    None where every micro-batch is a single sample.
    """
    if any(len(batch) > 1 for batch in step):
        return [part for batch in step for part in _halves(batch)]
    if any(len(row) > 1 for batch in step for row in batch):
        return [[part] for batch in step for row in batch for part in _halves(row)]
    return None


def _halves(whole: _Part) -> list[_Part]:
    middle = (len(whole) + 1) // 2
    return [part for part in (whole[:middle], whole[middle:]) if part]
