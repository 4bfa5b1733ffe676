"""The learning rate as a pure function of the step."""

import math

from codeanvil.contract import OptimizerConfig


def learning_rate(step: int, steps: int, config: OptimizerConfig) -> float:
    """Rate of step `step` (from 1): linear warm-up to the peak, then a cosine to `min_lr_ratio` of it."""
    warmup = round(steps * config.warmup_ratio)
    if step <= warmup:
        return config.learning_rate * step / warmup
    done = (step - warmup) / max(1, steps - warmup)
    low = config.min_lr_ratio
    return config.learning_rate * (low + (1 - low) * 0.5 * (1 + math.cos(math.pi * done)))
