"""Loss on answers only: logits exist at label positions, a chunk of them at a time, and never whole."""

from typing import Any

import torch
from torch.nn.functional import cross_entropy
from torch.utils.checkpoint import checkpoint as recompute

from codeanvil_trainer.models import decoder_and_head
from codeanvil_trainer.models.attention import attends_by_segments
from codeanvil_trainer.tokens.packing import IGNORE, Batch

LOGIT_CHUNK = 1024
"""Label positions whose logits exist at one time: chunk x vocabulary floats."""


def summed_loss(model: Any, batch: Batch) -> torch.Tensor:
    """Cross-entropy summed over the label tokens of `batch`; logits are made at label positions only."""
    decoder, head = decoder_and_head(model)
    segments = {}
    if attends_by_segments(model):
        batch = batch.flat()
        segments = {"segments": batch.segments[0]}
    cap = getattr(model.config, "final_logit_softcapping", None)
    with torch.autocast(batch.input_ids.device.type, torch.bfloat16, enabled=batch.input_ids.is_cuda):
        hidden = decoder(input_ids=batch.input_ids, position_ids=batch.position_ids, use_cache=False, **segments)[0]
        wanted = batch.labels != IGNORE
        states, labels = hidden[wanted], batch.labels[wanted]

        def chunk_loss(states: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
            logits = head(states).float()
            if cap:
                logits = torch.tanh(logits / cap) * cap
            return cross_entropy(logits, labels, reduction="sum")

        if len(labels) <= LOGIT_CHUNK:
            return chunk_loss(states, labels)
        parts = zip(torch.split(states, LOGIT_CHUNK), torch.split(labels, LOGIT_CHUNK), strict=True)
        losses = [recompute(chunk_loss, part, label, use_reentrant=False) for part, label in parts]
        return torch.stack(losses).sum()
