"""Forward and backward over one optimizer step, in passes that fit into memory."""

from collections.abc import Callable

import torch

from codeanvil_trainer.errors import TrainerError
from codeanvil_trainer.machine.device import release_memory
from codeanvil_trainer.models.loss import summed_loss
from codeanvil_trainer.tokens.packing import Step, collate
from codeanvil_trainer.training.passes import group, halve
from codeanvil_trainer.training.setup import Setup


class BrokenOffError(Exception):
    """A step was asked to end between two of its passes; none of it counts."""


def accumulate_gradients(
    setup: Setup,
    step: Step,
    told: Callable[[str], object] = str,
    break_off: Callable[[], bool] = lambda: False,
) -> tuple[float, int]:
    """Forward and backward over the micro-batches of one step: (mean loss per label token, tokens read).

    Each micro-batch's summed loss is divided by the label tokens of the whole step, so that accumulation
    gives the gradient of one large batch. Where memory runs out, the step is begun again in smaller passes, which is
    the same step; later ones are made likewise and `told` gets a sentence. Raises TrainerError where a single
    sample is too much, and BrokenOffError where `break_off` says so between two passes.
    """
    every = [setup.samples[index] for batch in step for row in batch for index in row]
    labels = sum(sample.label_count for sample in every)
    share = setup.group.share(step)
    while True:
        passes = group(share, setup.lengths, setup.passes.tokens)
        try:
            loss = _accumulate(setup, passes, labels, break_off)
            break
        except torch.OutOfMemoryError:
            pass  # handled outside: the error's frames hold the tensors that must go
        setup.optimizer.zero_grad(set_to_none=True)
        release_memory()
        fewer = halve(share, setup.lengths, setup.passes.tokens)
        if fewer is None:
            raise TrainerError(
                "Even one sample alone is too much for the memory that is free. Take a shorter --set max_length, a "
                "smaller base model, or --preset small-gpu."
            )
        setup.passes.tokens = fewer
        told(
            f"Memory ran out: a forward pass has at most {fewer} tokens from now on; the effective batch is as before."
        )
    setup.group.add_gradients(setup.trained)
    return setup.group.add(loss, setup.device), sum(len(sample.ids) for sample in every)


def _accumulate(setup: Setup, step: Step, labels: int, break_off: Callable[[], bool]) -> float:
    """Gradients of the summed loss over `labels`, and that loss."""
    total = torch.zeros((), dtype=torch.float64, device=setup.device)
    for number, rows in enumerate(step):
        if number and break_off():
            raise BrokenOffError
        batch = collate(rows, setup.samples, setup.tokenizer.pad_token_id)
        loss = summed_loss(setup.model, batch) / max(labels, 1)
        torch.autograd.backward(loss)
        total += loss.detach()
    return float(total)  # the one time in a step that the GPU is waited for
