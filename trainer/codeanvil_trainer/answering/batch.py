"""A batch of answers, offline: for evaluation, where one process asks several models the same questions.

    python -m codeanvil_trainer generate REQUEST.json       (contract.GenerateRequest)

Standard output carries {"id", "model", "text"} as JSON lines and nothing else; progress goes to standard error.
"""

import json
import os
import sys
from collections.abc import Iterator, Sequence
from typing import Any

import torch

from codeanvil.contract import GenerateRequest, Prompt, messages
from codeanvil_trainer.answering import loading, writing
from codeanvil_trainer.answering.decoding import decode
from codeanvil_trainer.machine.device import set_threads
from codeanvil_trainer.models.loss import summed_loss
from codeanvil_trainer.tokens.data import encode_rows, read_rows
from codeanvil_trainer.tokens.packing import collate
from codeanvil_trainer.tokens.template import encode_prompt


def generate(request: GenerateRequest) -> None:
    """Print the answers to `request`, as they come. Raises TrainerError."""
    # Libraries print too, some of them from C: they get standard error.
    sys.stdout.flush()
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as output:
        os.dup2(2, 1)
        for answer in answers(request):
            print(json.dumps(answer, ensure_ascii=False), file=output, flush=True)


def answers(request: GenerateRequest) -> Iterator[dict[str, Any]]:
    """Greedy answers of each model to each prompt: {"id", "model", "text"}, in no particular order; then its losses.

    A prompt that leaves no room for an answer gets an empty text, and a sentence on standard error.
    """
    for label, folder in request.models.items():
        model, tokenizer = loading.load(request.base_model, merged=folder)
        set_threads(request.threads, sum(parameter.numel() for parameter in model.parameters()))
        for done, (prompt, text) in enumerate(_texts(model, tokenizer, request), 1):
            yield {"id": prompt.id, "model": label, "text": text}
            if done % request.batch_size == 0 or done == len(request.prompts):
                print(f"{label}: {done}/{len(request.prompts)}", file=sys.stderr, flush=True)
        if request.general_data is not None:
            yield {"model": label, "losses": general_losses(model, tokenizer, read_rows(request.general_data))}
        del model


@torch.inference_mode()
def general_losses(model: Any, tokenizer: Any, rows: Sequence[dict[str, Any]]) -> list[float]:
    """Mean loss per label token of each row, in nats."""
    found = []
    for sample in encode_rows(rows, tokenizer, loading.context_length(model)).samples:
        batch = collate([(0,)], [sample], tokenizer.pad_token_id)
        found.append(float(summed_loss(model, batch)) / sample.label_count)
    return found


def _texts(model: Any, tokenizer: Any, request: GenerateRequest) -> Iterator[tuple[Prompt, str]]:
    context = loading.context_length(model)
    encoded = []
    for prompt in request.prompts:
        ids = encode_prompt(tokenizer, messages(prompt.instruction, prompt.evidence))
        if len(ids) < context:
            encoded.append((prompt, ids))
        else:
            print(
                f"{prompt.id}: not asked, its {len(ids)} tokens leave no room in the model's {context}.",
                file=sys.stderr,
            )
            yield prompt, ""
    # Prompts of one length share a batch, so that little of it is padding; the longest come first, so that
    # a batch too large for the memory shows at once.
    encoded.sort(key=lambda pair: len(pair[1]), reverse=True)
    size = request.batch_size
    while encoded:
        batch = encoded[:size]
        most = min(request.max_new_tokens, context - len(batch[0][1]))
        try:
            outputs = writing.answer_batch(model, tokenizer.pad_token_id, [ids for _, ids in batch], most)
        except torch.OutOfMemoryError:
            if size == 1:
                raise
            size //= 2
            torch.cuda.empty_cache()
            continue
        del encoded[:size]
        for (prompt, _), output in zip(batch, outputs, strict=True):
            yield prompt, decode(tokenizer, output).rstrip()
