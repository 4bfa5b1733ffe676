"""How far two forms of one model agree: their logits along the greedy answers of the first."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch

from codeanvil_trainer.answering.writing import answer_batch

ANSWER_TOKENS = 48


@dataclass(frozen=True, slots=True)
class Reference:
    """Greedy answers of the first form (token ids) and its logits, (answer length + 1, vocabulary) in fp32 each."""

    prompts: list[list[int]]
    answers: list[list[int]]
    logits: list[torch.Tensor]


def reference(model: Any, prompts: Sequence[Sequence[int]]) -> Reference:
    """What `model` says to `prompts` (token ids)."""
    asked = [list(prompt) for prompt in prompts]
    answers = answer_batch(model, model.generation_config.pad_token_id, asked, ANSWER_TOKENS) if asked else []
    return Reference(asked, answers, _logits(model, asked, answers))


def agreement(before: Reference, model: Any) -> dict[str, float | int | None]:
    """`model` against `before`, on the reference's own answers:

    `prompts`, `max_logit_difference` and `mean_logit_difference` (absolute), `next_token_agreement` (share of
    positions with the same most likely token) and `greedy_agreement` (share of prompts where it is the same at
    every position, so that the greedy answers are equal). All but `prompts` are None without prompts.
    """
    if not before.prompts:
        keys = ("max_logit_difference", "mean_logit_difference", "next_token_agreement", "greedy_agreement")
        return {"prompts": 0, **dict.fromkeys(keys)}
    pairs = list(zip(before.logits, _logits(model, before.prompts, before.answers), strict=True))
    differences = [(one - other).abs() for one, other in pairs]
    same = [one.argmax(-1) == other.argmax(-1) for one, other in pairs]
    return {
        "prompts": len(pairs),
        "max_logit_difference": max(float(difference.max()) for difference in differences),
        "mean_logit_difference": float(torch.cat([difference.mean(-1) for difference in differences]).mean()),
        "next_token_agreement": float(torch.cat(same).float().mean()),
        "greedy_agreement": sum(bool(equal.all()) for equal in same) / len(pairs),
    }


@torch.inference_mode()
def _logits(model: Any, prompts: list[list[int]], answers: list[list[int]]) -> list[torch.Tensor]:
    """Logits for each answer's tokens and for what follows them, on the CPU."""
    found = []
    for prompt, answer in zip(prompts, answers, strict=True):
        ids = torch.tensor([[*prompt, *answer]], device=model.device)
        # Without padding, whose rounding errors would be counted too.
        logits = model(input_ids=ids, use_cache=False).logits[0, len(prompt) - 1 :]
        found.append(logits.float().cpu())
    return found
