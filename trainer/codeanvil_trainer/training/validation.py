"""Loss on what no training row holds, in mid-run, without touching the run."""

import math
from collections.abc import Sequence

import torch

from codeanvil_trainer.models.loss import summed_loss
from codeanvil_trainer.tokens.data import Encoded
from codeanvil_trainer.tokens.packing import IGNORE, collate, schedule
from codeanvil_trainer.training.setup import Setup


@torch.no_grad()
def mean_loss(setup: Setup, samples: Sequence[Encoded]) -> float | None:
    """Loss per label token over `samples`, or None when there are none. Leaves random state and mode as they were."""
    if not samples:
        return None
    setup.model.eval()
    plan = schedule(
        [len(sample.ids) for sample in samples],
        row_length=setup.config.pack_length,
        rows_per_batch=max(1, setup.passes.tokens // setup.config.pack_length),
        batches_per_step=1,
        epochs=1,
        seed=0,
    )
    total = labels = 0.0
    for step in plan.steps:
        batch = collate(step[0], samples, setup.tokenizer.pad_token_id)
        total += float(summed_loss(setup.model, batch))
        labels += int((batch.labels != IGNORE).sum())
    setup.model.train()
    return total / labels


def evaluate(setup: Setup) -> None:
    """Measure both validation sets, tell it, and note whether this is the best step so far.

    Of several processes the first one does, and the others take its word.

    The best step is judged by trained facts in new wordings; loss on facts that were never taught can only
    be judged where there are no such questions.
    """
    if setup.group.is_first:
        _measure(setup)
    setup.state = setup.group.agree(setup.state)


def _measure(setup: Setup) -> None:
    state = setup.state
    loss = mean_loss(setup, setup.validation)
    wording_loss = mean_loss(setup, setup.wordings)
    judged = wording_loss if wording_loss is not None else loss
    if judged is None:
        return
    best = state.best_loss is None or judged < state.best_loss
    if best:
        state.best_loss, state.best_step, state.evaluations_since_best = judged, state.step, 0
    else:
        state.evaluations_since_best += 1
    state.judged_loss = judged
    setup.tell(
        "validation",
        step=state.step,
        loss=loss,
        perplexity=None if loss is None else math.exp(min(loss, 50)),
        wording_loss=wording_loss,
        best=best,
    )
