"""The troubles of a finished run, each in a sentence with its remedy (the training guide's "Troubleshooting")."""

import statistics
from collections.abc import Iterator, Sequence
from typing import Any

import torch
from peft.tuners.lora import LoraLayer

from codeanvil_trainer.training.checkpoint import TrainingState

LEAST_STEPS = 20
"""Steps below which a curve says nothing."""

FLAT = 0.98
"""Last losses above this share of the first: nothing was learned."""

OVERFITTED = 1.1
"""Judged loss at the end above so many times the best one: what was learned last was learned by heart."""


def troubles(
    state: TrainingState, losses: Sequence[float], model: Any, *, learning_rate: float, epochs: float
) -> Iterator[str]:
    """Sentences for the user about a run with these losses, one a step, whose last weights are in `model`."""
    if state.step and has_no_effect(model):
        yield (
            "The adapter has no effect: its weights B are still zero, so the model answers as the base does. No step "
            "was taken; see the notices before this one, and start again with a lower --set optimizer.learning_rate."
        )
    elif is_flat(losses):
        yield (
            f"The loss did not fall (from {_mean(losses[: LEAST_STEPS // 4]):.3f} to "
            f"{_mean(losses[-LEAST_STEPS // 4 :]):.3f}), so nothing was learned: raise the rate, for example --set "
            f"optimizer.learning_rate={learning_rate * 3:.1e}, or train more with --set epochs={epochs * 2:g}."
        )
    if state.best_loss and state.judged_loss and state.judged_loss > OVERFITTED * state.best_loss:
        yield (
            f"Overfitting: held-out loss was best at step {state.best_step} ({state.best_loss:.3f}) and rose to "
            f"{state.judged_loss:.3f}. The best weights are kept; fewer --set epochs or a smaller --set lora.r "
            f"would save the time."
        )


def is_flat(losses: Sequence[float]) -> bool:
    """Whether the losses at the end are no lower than those of the beginning."""
    if len(losses) < LEAST_STEPS:
        return False
    part = max(5, len(losses) // 10)
    return _mean(losses[-part:]) > FLAT * _mean(losses[:part])


def has_no_effect(model: Any) -> bool:
    """Whether every LoRA update BA is zero; False for a model without LoRA layers."""
    layers = [module for module in model.modules() if isinstance(module, LoraLayer)]
    updates = [weight for layer in layers for weight in layer.lora_B.values()]
    return bool(updates) and not any(torch.count_nonzero(update.weight) for update in updates)


def _mean(values: Sequence[float]) -> float:
    return statistics.fmean(values) if values else 0.0
