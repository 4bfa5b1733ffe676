"""Greedy answers in batches, and one answer as a stream that can be broken off."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import torch
from torch import nn
from transformers import DynamicCache
from transformers.generation import BaseStreamer, StoppingCriteria, StoppingCriteriaList

from codeanvil_trainer.answering.decoding import IncrementalDecoder, StopFilter


class AnswerCancelledError(Exception):
    """The answer is no longer wanted."""


@dataclass(frozen=True, slots=True)
class Finished:
    """How an answer ended: `stop` (the model or a stop sequence ended it) or `length`; `tokens` were generated."""

    reason: Literal["stop", "length"]
    tokens: int


def answer_batch(model: Any, pad: int, prompts: Sequence[Sequence[int]], max_new_tokens: int) -> list[list[int]]:
    """Greedy answers (token ids without EOS and PAD) to token-id prompts, which are padded on the left."""
    longest = max(map(len, prompts))
    padded = torch.tensor([[pad] * (longest - len(prompt)) + list(prompt) for prompt in prompts])
    mask = torch.tensor([[0] * (longest - len(prompt)) + [1] * len(prompt) for prompt in prompts])
    with torch.inference_mode():
        output = model.generate(
            input_ids=padded.to(model.device), attention_mask=mask.to(model.device), max_new_tokens=max_new_tokens
        )
    ends = {pad, *model.generation_config.eos_token_id}
    return [_until(row, ends) for row in output[:, longest:].tolist()]


def _until(ids: list[int], ends: set[int]) -> list[int]:
    return ids[: next((at for at, token in enumerate(ids) if token in ends), len(ids))]


class Writer:
    """Writes one answer at a time, token by token; `write` blocks and may be cancelled from another thread."""

    def __init__(self, model: Any, tokenizer: Any) -> None:
        self.model = model
        self.tokenizer = tokenizer
        self._cancelled = threading.Event()
        self._prefix = _Prefix(model.config)
        # Checked before each layer and not only after each token, so that a long prompt can be broken off too.
        for container in [module for module in model.modules() if isinstance(module, nn.ModuleList)]:
            for layer in container:
                layer.register_forward_pre_hook(self._check)

    def _check(self, *_: Any) -> None:
        if self._cancelled.is_set():
            raise AnswerCancelledError

    def write(
        self,
        prompt: Sequence[int],
        on_text: Callable[[str], None],
        cancelled: threading.Event,
        *,
        max_new_tokens: int,
        temperature: float = 0.0,
        top_p: float = 1.0,
        seed: int | None = None,
        stop: Sequence[str] = (),
    ) -> Finished:
        """Generate from `prompt`, handing each new piece of text to `on_text`; greedy at temperature 0.

        Raises AnswerCancelledError soon (one layer's time) after `cancelled` is set.
        """
        self._cancelled = cancelled
        self._check()
        sampling = {"do_sample": True, "temperature": temperature, "top_p": top_p, "top_k": 0} if temperature else {}
        if seed is not None:
            torch.manual_seed(seed)
        pieces = _Pieces(IncrementalDecoder(self.tokenizer), StopFilter(stop), on_text)
        ids = torch.tensor([list(prompt)], device=self.model.device)
        cache = self._prefix.take(prompt)
        with torch.inference_mode():
            output = self.model.generate(
                input_ids=ids,
                attention_mask=torch.ones_like(ids),
                max_new_tokens=max_new_tokens,
                streamer=pieces,
                stopping_criteria=StoppingCriteriaList([pieces.criterion]),
                past_key_values=cache,
                **sampling,
            )
        self._prefix.keep(prompt, cache)
        ended = pieces.filter.stopped or int(output[0, -1]) in self.model.generation_config.eos_token_id
        return Finished("stop" if ended else "length", output.shape[1] - ids.shape[1])


class _Prefix:
    """Keys and values of the last prompt, for what the next one begins with alike: the template's system part, or the
    turns of a conversation so far. An answer that is broken off leaves none."""

    def __init__(self, config: Any) -> None:
        # A window slides over the cache of some models: what it has passed cannot be had back.
        self._works = getattr(config, "sliding_window", None) is None
        self._config = config
        self._ids: list[int] = []
        self._cache: Any = None

    def take(self, prompt: Sequence[int]) -> Any:
        """A cache filled with as much of `prompt` as is known, its last token never; None where none can be used."""
        cache, known = self._cache, self._ids
        self._cache, self._ids = None, []
        if not self._works:
            return None
        alike = 0
        for ours, theirs in zip(known, prompt[:-1], strict=False):
            if ours != theirs:
                break
            alike += 1
        if cache is None or not alike:
            return DynamicCache(config=self._config)
        _cut(cache, alike)
        return cache

    def keep(self, prompt: Sequence[int], cache: Any) -> None:
        """Keep what a whole answer has filled of the cache, as far as the prompt goes."""
        if cache is not None:
            _cut(cache, len(prompt))
            self._cache, self._ids = cache, list(prompt)


def _cut(cache: Any, length: int) -> None:
    """Leave so many tokens in a cache."""
    if (beyond := cache.get_seq_length() - length) > 0:
        cache.crop(-beyond)


class _Pieces(BaseStreamer):  # type: ignore[misc]  # transformers carries no types
    """Receives tokens from `generate`, passes text on, and ends generation at a stop sequence."""

    def __init__(self, decoder: IncrementalDecoder, stop: StopFilter, on_text: Callable[[str], None]) -> None:
        self.decoder = decoder
        self.filter = stop
        self.criterion = _Stopped(stop)
        self._on_text = on_text
        self._prompt_seen = False

    def put(self, value: torch.Tensor) -> None:
        if not self._prompt_seen:  # the first call brings the prompt
            self._prompt_seen = True
            return
        for token in value.flatten().tolist():
            self._give(self.filter.push(self.decoder.push(token)))

    def end(self) -> None:
        self._give(self.filter.push(self.decoder.finish()) + self.filter.finish())

    def _give(self, text: str) -> None:
        if text:
            self._on_text(text)


class _Stopped(StoppingCriteria):  # type: ignore[misc]  # transformers carries no types
    def __init__(self, stop: StopFilter) -> None:
        self._filter = stop

    def __call__(self, input_ids: torch.Tensor, *_: Any, **__: Any) -> torch.Tensor:
        return torch.full((input_ids.shape[0],), self._filter.stopped, device=input_ids.device)
