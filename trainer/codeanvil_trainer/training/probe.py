"""The worst forward and backward pass of a run, tried before the first step: an estimate is no proof."""

from collections.abc import Sequence
from typing import Any

import torch

from codeanvil_trainer.footprint.fitting import Way
from codeanvil_trainer.models import set_checkpointing
from codeanvil_trainer.models.loss import summed_loss
from codeanvil_trainer.tokens.data import Encoded
from codeanvil_trainer.tokens.packing import Step, collate
from codeanvil_trainer.training.passes import moments_bytes, worst


def peak_of(way: Way, model: Any, steps: Sequence[Step], samples: Sequence[Encoded], pad_id: int) -> int:
    """Bytes of the GPU at the peak of the worst pass made in this `way`, the optimizer's moments included; on a CPU,
    where memory cannot be asked, 0. Weights, gradients and random state are as before. Raises OutOfMemoryError.
    """
    device = model.device
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    set_checkpointing(model, on=way.checkpointing)
    rows = worst(steps, [len(sample.ids) for sample in samples], way.tokens)
    on_gpu = device.type == "cuda"
    if on_gpu:
        torch.cuda.reset_peak_memory_stats(device)
    model.train()
    with torch.random.fork_rng([device] if on_gpu else []):
        moments = torch.empty(moments_bytes(way, trained), dtype=torch.uint8, device=device)
        try:
            torch.autograd.backward(summed_loss(model, collate(rows, samples, pad_id)))
        finally:
            del moments
            for parameter in trained:
                parameter.grad = None
    return int(torch.cuda.max_memory_reserved(device)) if on_gpu else 0
