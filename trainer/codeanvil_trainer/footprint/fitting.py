"""Which way of training fits into the memory that is free: the quickest first.

Quick is what keeps activations (gradient checkpointing makes them twice: a third more work) and reads many tokens in a
forward pass. Moments in 8 bits come last: they cost precision.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from codeanvil.contract import RunConfig
from codeanvil_trainer.footprint.memory import LARGEST_EFFECTIVE, MemoryEstimate, Moments, Training, memory_estimate
from codeanvil_trainer.footprint.shapes import Shape

MOST_TOKENS = 16_384
"""Tokens of a forward pass beyond which a GPU gains nothing: its matrix units are busy long before."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way of training: tokens of a forward pass, checkpointing, the optimizer's moments, and what it needs."""

    tokens: int
    checkpointing: bool
    moments: Moments
    needs: MemoryEstimate | None
    """None for a kind of model of which nothing can be foretold."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is free to choose. `most` tokens of a forward pass down to `least`, a single sample; where `row` tokens, a
    whole packed row, do not fit otherwise, activations are made twice."""

    most: int
    row: int
    least: int
    checkpointing: bool | Literal["auto"] = "auto"
    moments: Moments | Literal["auto"] = "auto"


def training_of(config: RunConfig, *, on_gpu: bool, parameters: int | None) -> Training:
    """What of `config` decides its memory; `parameters` are the base's, None where unknown."""
    lora = config.lora
    small = parameters is not None and parameters <= LARGEST_EFFECTIVE
    return Training(
        method=config.method,
        rank=lora.r,
        targets=lora.target_modules,
        dropout=lora.dropout,
        train_embeddings=lora.train_embeddings,
        autocast=on_gpu,
        effective=small and not on_gpu and not lora.dropout,
    )


def wish_of(config: RunConfig, longest: int, *, on_gpu: bool) -> Wish:
    """What `config` leaves free to choose; `longest` is the tokens of the longest sample."""
    step = config.micro_batch_rows * config.accumulate * config.pack_length
    usual = min(step, MOST_TOKENS) if on_gpu else config.micro_batch_rows * config.pack_length
    most = config.tokens_per_pass or usual
    return Wish(
        most=most,
        row=config.pack_length,
        least=min(most, longest),
        checkpointing=config.gradient_checkpointing,
        moments=config.optimizer.moments,
    )


def ways(shape: Shape | None, training: Training, wish: Wish) -> Iterator[Way]:
    """Every way, the quickest first; the last one needs least."""
    for moments, checkpointing, least in _kinds(wish):
        run = replace(training, moments=moments)
        for tokens in _tokens(wish.most, least):
            needs = memory_estimate(shape, run, tokens=tokens, gradient_checkpointing=checkpointing) if shape else None
            yield Way(tokens, checkpointing, moments, needs)


def _kinds(wish: Wish) -> Iterator[tuple[Moments, bool, int]]:
    every: tuple[Moments, ...] = ("fp32", "8bit") if wish.moments == "auto" else (wish.moments,)
    for moments in every:
        if wish.checkpointing != "auto":
            yield moments, wish.checkpointing, wish.least
            continue
        yield moments, False, min(wish.row, wish.most)
        yield moments, True, wish.least


def _tokens(most: int, least: int) -> Iterator[int]:
    tokens = most
    while tokens > least:
        yield tokens
        tokens //= 2
    yield max(tokens, least)
