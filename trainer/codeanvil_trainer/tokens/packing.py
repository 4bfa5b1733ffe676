"""Packing: several samples in one row, so that no compute is spent on padding.

Positions restart with every sample; from that transformers derives a block-diagonal mask, so that no
sample sees another. The first label of each sample is never learned, since the token before it belongs
to another sample. A packed loss therefore equals the unpacked one (tests/trainer/test_packing.py).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch

from codeanvil_trainer.tokens.data import Encoded

IGNORE = -100

OPEN_ROWS = 64
"""Rows with room that are tried for each sample: more fill a little better and cost time."""

Row = tuple[int, ...]
"""Indices of the samples of one packed row."""


@dataclass(frozen=True, slots=True)
class Batch:
    """One forward pass: tensors of shape (rows, length), int64. Labels are shifted: labels[t] is the token
    after input_ids[t], or IGNORE. `segments` are the lengths of the samples, row by row."""

    input_ids: torch.Tensor
    position_ids: torch.Tensor
    labels: torch.Tensor
    segments: tuple[tuple[int, ...], ...]

    def flat(self) -> "Batch":
        """The same samples as one row, without padding."""
        filled = torch.zeros(self.input_ids.shape, dtype=torch.bool)
        for number, lengths in enumerate(self.segments):
            filled[number, : sum(lengths)] = True
        ids, positions, labels = (whole[filled][None] for whole in (self.input_ids, self.position_ids, self.labels))
        return Batch(ids, positions, labels, (tuple(length for row in self.segments for length in row),))


def pack(lengths: Sequence[int], row_length: int, generator: torch.Generator) -> list[Row]:
    """Samples in random order laid into rows of at most `row_length` tokens: first fit over the newest open rows.

    Every sample lands in exactly one row. Raises ValueError for a sample longer than a row.
    """
    order = torch.randperm(len(lengths), generator=generator).tolist()
    rows: list[list[int]] = []
    open_rows: list[tuple[int, int]] = []  # (index of the row, tokens left)
    smallest = min(lengths, default=0)
    for sample in order:
        length = lengths[sample]
        if length > row_length:
            raise ValueError(f"sample {sample} has {length} tokens, more than a row of {row_length}")
        for slot, (row, left) in enumerate(open_rows):
            if length <= left:
                rows[row].append(sample)
                if left - length < smallest:
                    del open_rows[slot]
                else:
                    open_rows[slot] = (row, left - length)
                break
        else:
            rows.append([sample])
            if row_length - length >= smallest:
                open_rows.append((len(rows) - 1, row_length - length))
                del open_rows[:-OPEN_ROWS]
    return [tuple(row) for row in rows]


Step = list[list[Row]]
"""One optimizer step: its micro-batches, each a list of rows."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """All steps of a run in order, and after which of them an epoch ends (counted from 1)."""

    steps: list[Step]
    epoch_ends: frozenset[int]

    def epoch_at(self, step: int) -> float:
        """How many epochs are done after `step` steps."""
        ends = sorted(self.epoch_ends)
        done = sum(end <= step for end in ends)
        start = ends[done - 1] if done else 0
        length = (ends[done] if done < len(ends) else start + 1) - start
        return done + (step - start) / length


def schedule(
    lengths: Sequence[int],
    *,
    row_length: int,
    rows_per_batch: int,
    batches_per_step: int,
    epochs: float,
    seed: int,
) -> Schedule:
    """What is learned in which step: a pure function of its arguments.

    That is what makes a run resumable: the step number alone is the data position.
    """
    steps: list[Step] = []
    ends: list[int] = []
    for epoch in range(math.ceil(epochs)):
        generator = torch.Generator().manual_seed(seed * 1_000_003 + epoch)
        rows = pack(lengths, row_length, generator)
        rows = [rows[i] for i in torch.randperm(len(rows), generator=generator).tolist()]
        batches = [rows[i : i + rows_per_batch] for i in range(0, len(rows), rows_per_batch)]
        steps += [batches[i : i + batches_per_step] for i in range(0, len(batches), batches_per_step)]
        ends.append(len(steps))
    total = max(1, round(len(steps) * epochs / math.ceil(epochs)))
    return Schedule(steps[:total], frozenset([*(end for end in ends if end < total), total]))


def collate(rows: Sequence[Row], samples: Sequence[Encoded], pad_id: int) -> Batch:
    """Rows as tensors, padded to the longest row of the batch; padding is a segment of its own without labels."""
    length = max(sum(len(samples[i].ids) for i in row) for row in rows)
    input_ids = torch.full((len(rows), length), pad_id, dtype=torch.int64)
    position_ids = torch.zeros((len(rows), length), dtype=torch.int64)
    labels = torch.full((len(rows), length), IGNORE, dtype=torch.int64)
    for number, row in enumerate(rows):
        start = 0
        for index in row:
            sample = samples[index]
            end = start + len(sample.ids)
            ids = torch.tensor(sample.ids, dtype=torch.int64)
            input_ids[number, start:end] = ids
            position_ids[number, start:end] = torch.arange(end - start)
            first = sample.prompt_length
            labels[number, start + first - 1 : end - 1] = ids[first:]
            start = end
        position_ids[number, start:] = torch.arange(length - start)
    lengths = tuple(tuple(len(samples[i].ids) for i in row) for row in rows)
    return Batch(input_ids, position_ids, labels, lengths)
