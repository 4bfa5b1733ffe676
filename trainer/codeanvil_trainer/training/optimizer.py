"""AdamW, its moments in fp32 or, where memory is short, in 8 bits."""

from collections.abc import Sequence

import torch
from torch import nn

from codeanvil.contract import OptimizerConfig
from codeanvil_trainer.footprint.memory import Moments


def make_optimizer(trained: Sequence[nn.Parameter], config: OptimizerConfig, moments: Moments) -> torch.optim.Optimizer:
    """AdamW over the parameters that train.

    One kernel for all of them with fp32 moments; with 8 bits (arXiv 2110.02861) paged on a GPU, so that a peak pushes
    them out into RAM and does not end the run.
    """
    if moments == "8bit":
        import bitsandbytes as bnb

        kind = bnb.optim.PagedAdamW8bit if trained[0].is_cuda else bnb.optim.AdamW8bit
        made: torch.optim.Optimizer = kind(
            trained,
            lr=config.learning_rate,
            betas=config.betas,
            eps=config.eps,
            weight_decay=config.weight_decay,
        )
        return made
    return torch.optim.AdamW(
        trained,
        lr=config.learning_rate,
        betas=config.betas,
        eps=config.eps,
        weight_decay=config.weight_decay,
        fused=True,
    )
