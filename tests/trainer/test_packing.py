"""Packed rows hold every sample once, and training on them is training on the samples one by one."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from codeanvil_trainer import models
from codeanvil_trainer.models.loss import summed_loss
from codeanvil_trainer.tokens.data import Encoded
from codeanvil_trainer.tokens.packing import IGNORE, collate, pack, schedule

SAMPLES = [
    Encoded(tuple(range(10, 10 + length)), prompt_length=prompt)
    for length, prompt in ((20, 8), (35, 20), (12, 3), (9, 8))
]


@pytest.fixture(scope="module")
def model(tiny_base):
    return models.load_base(str(tiny_base), quantize=True)


def loss_of(model, rows, samples=SAMPLES):
    with torch.no_grad():
        return float(summed_loss(model, collate(rows, samples, pad_id=0)))


@given(st.lists(st.integers(1, 64), max_size=200), st.integers(64, 200), st.integers(0, 5))
def test_every_sample_lands_in_exactly_one_row_that_it_fits(lengths, row_length, seed):
    rows = pack(lengths, row_length, torch.Generator().manual_seed(seed))
    assert sorted(i for row in rows for i in row) == list(range(len(lengths)))
    assert all(sum(lengths[i] for i in row) <= row_length for row in rows)


def test_a_sample_longer_than_a_row_is_refused():
    with pytest.raises(ValueError, match="65 tokens"):
        pack([3, 65], 64, torch.Generator())


@given(st.integers(1, 60), st.floats(0.1, 4), st.integers(1, 3), st.integers(1, 4))
def test_the_schedule_shows_each_sample_once_an_epoch(count, epochs, rows_per_batch, batches_per_step):
    plan = schedule(
        [10] * count,
        row_length=40,
        rows_per_batch=rows_per_batch,
        batches_per_step=batches_per_step,
        epochs=epochs,
        seed=1,
    )
    first_epoch = plan.steps[: min(plan.epoch_ends)]
    seen = [i for step in first_epoch for batch in step for row in batch for i in row]
    assert len(seen) == len(set(seen))
    if epochs >= 1:
        assert sorted(seen) == list(range(count))
    assert max(plan.epoch_ends) == len(plan.steps)
    assert plan.epoch_at(len(plan.steps)) == len(plan.epoch_ends)


def test_packed_loss_equals_the_sum_over_single_samples(model):
    packed = loss_of(model, [(0, 1, 2, 3)])
    single = sum(loss_of(model, [(i,)]) for i in range(len(SAMPLES)))
    assert packed == pytest.approx(single, rel=1e-5)


def test_a_padded_batch_of_rows_has_the_same_loss(model):
    assert loss_of(model, [(1, 0), (2,), (3,)]) == pytest.approx(loss_of(model, [(0, 1, 2, 3)]), rel=1e-5)


def test_no_sample_sees_the_one_before_it(model):
    other = [Encoded(tuple(range(200, 220)), 8), *SAMPLES[1:]]
    both, changed = loss_of(model, [(0, 1)]), loss_of(model, [(0, 1)], other)
    alone, alone_changed = loss_of(model, [(0,)]), loss_of(model, [(0,)], other)
    assert abs(alone - alone_changed) > 1e-3
    assert both - alone == pytest.approx(changed - alone_changed, rel=1e-4)


def test_labels_are_the_answer_tokens_and_nothing_else():
    batch = collate([(0, 2)], SAMPLES, pad_id=0)
    learned = batch.labels[batch.labels != IGNORE].tolist()
    assert learned == [*SAMPLES[0].ids[8:], *SAMPLES[2].ids[3:]]
    assert batch.labels[0, 19] == IGNORE, "the last token of a sample must not predict the first of the next"
