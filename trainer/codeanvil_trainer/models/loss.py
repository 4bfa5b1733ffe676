"""Loss on answers only: logits exist at label positions, a chunk of them at a time, and never whole."""

from typing import Any

import torch
from torch.nn.functional import cross_entropy
from torch.utils.checkpoint import checkpoint as recompute

from codeanvil_trainer.footprint.memory import LOGIT_CHUNK
from codeanvil_trainer.models import decoder_and_head, lean
from codeanvil_trainer.models.attention import attends_flat, segment_arguments
from codeanvil_trainer.models.lean_decoder import lean_decoder
from codeanvil_trainer.tokens.packing import IGNORE, Batch


def summed_loss(model: Any, batch: Batch) -> torch.Tensor:
    """Cross-entropy summed over the label tokens of `batch`, whose tensors lie on the CPU.

    What can be known there (where the labels are, where the samples end) is looked up there, so that a GPU is never
    waited for.
    """
    decoder, head = decoder_and_head(model)
    segments = {}
    if attends_flat(model):
        batch = batch.flat()
        segments = segment_arguments(model, batch.segments[0])
    positions = (batch.labels.flatten() != IGNORE).nonzero().flatten()
    labels = _on(model.device, batch.labels.flatten()[positions])
    if attends_flat(model) and (quick := lean_decoder(model)) is not None:
        states = quick.states(batch.input_ids, batch.position_ids, batch.segments[0], positions)
        return lean.cross_entropy(states, head.weight, labels)
    cap = getattr(model.config, "final_logit_softcapping", None)
    with torch.autocast(model.device.type, torch.bfloat16, enabled=model.device.type == "cuda"):
        hidden = decoder(
            input_ids=_on(model.device, batch.input_ids),
            position_ids=_on(model.device, batch.position_ids),
            use_cache=False,
            **segments,
        )[0]
        states = hidden.flatten(0, 1).index_select(0, _on(model.device, positions))

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


def _on(device: torch.device, tensor: torch.Tensor) -> torch.Tensor:
    """`tensor` on `device`, copied while the GPU goes on with what it has."""
    return tensor.pin_memory().to(device, non_blocking=True) if device.type == "cuda" else tensor
