"""Bad steps are skipped, spoilt runs go back, hopeless ones give up: each with a sentence and a usable checkpoint."""

import json
import math

import pytest
import torch

from codeanvil.contract import read_events
from codeanvil_trainer.errors import TrainerError
from codeanvil_trainer.models.loss import summed_loss
from codeanvil_trainer.training import checkpoint, gradients, guard
from codeanvil_trainer.training import loop as train
from codeanvil_trainer.training.guard import Recovery, judge
from codeanvil_trainer.training.passes import Passes, group, halve
from codeanvil_trainer.training.setup import prepare

CALM = [1.0 + 0.01 * (i % 3) for i in range(20)]


@pytest.mark.parametrize(
    ("recent", "loss", "norm", "verdict"),
    [
        (CALM, 1.02, 0.5, "good"),
        (CALM, math.nan, 0.5, "not finite"),
        (CALM, math.inf, 0.5, "not finite"),
        (CALM, 1.0, math.nan, "not finite"),
        (CALM, 2.5, 0.5, "spike"),
        (CALM, 1.9, 0.5, "good"),  # a hard batch, not twice the median
        ([0.01, 0.4, 0.02, 0.5, 0.01, 0.6, 0.02, 0.3, 0.01, 0.5], 0.9, 0.5, "good"),  # always noisy
        (CALM[:5], 9.0, 0.5, "good"),  # too early to say
        ([], math.nan, 0.5, "not finite"),
    ],
)
def test_a_step_is_judged_by_the_losses_before_it(recent, loss, norm, verdict):
    assert judge(recent, loss, norm) == verdict


def spoil(monkeypatch, at, value):
    """Make the loss of the forward passes counted in `at` worth `value` times itself."""
    calls = {"count": 0}

    def spoilt(model, batch):
        loss = summed_loss(model, batch)
        if not torch.is_grad_enabled():
            return loss
        calls["count"] += 1
        return loss * value if calls["count"] in at else loss

    monkeypatch.setattr(gradients, "summed_loss", spoilt)
    return calls


def notices(folder):
    return [event.data["text"] for event in read_events(folder)[0] if event.kind == "notice"]


@pytest.fixture
def steady(make_run):
    """A run of about 24 steps, one forward pass each."""
    return make_run(epochs=3, accumulate=1, save_every=4, eval_every=100, optimizer={"learning_rate": 1e-3})


def test_one_injected_nan_is_skipped_and_leaves_the_weights_finite(steady, monkeypatch):
    spoil(monkeypatch, {6}, math.nan)
    assert train.run(steady, resume=False)
    assert [text for text in notices(steady) if "Step 6 had no finite loss and was skipped" in text]
    weights = torch.load(checkpoint.newest_valid(steady) / "optimizer.pt", weights_only=True)["state"]
    assert all(torch.isfinite(moment["exp_avg"]).all() for moment in weights.values())
    assert json.loads(steady.report.read_text())["training"]["rollbacks"] == 0


def test_one_injected_spike_is_skipped(steady, monkeypatch):
    spoil(monkeypatch, {15}, 50.0)
    assert train.run(steady, resume=False)
    assert [text for text in notices(steady) if text.startswith("Step 15 had a loss of") and "skipped" in text]


def test_several_bad_steps_send_the_run_back_to_a_good_checkpoint_at_half_the_rate(steady, monkeypatch):
    spoil(monkeypatch, set(range(10, 10 + guard.SKIPS)), math.nan)
    assert train.run(steady, resume=False)
    went_back = next(text for text in notices(steady) if "went back to step" in text)
    assert "went back to step 8 and goes on at 0.5 of the rate" in went_back
    rates = {}
    for event in read_events(steady)[0]:
        if event.kind == "step":
            rates.setdefault(event.data["step"], []).append(event.data["lr"])
    before, after = rates[9]
    assert after == pytest.approx(before / 2)
    assert json.loads(steady.report.read_text())["training"]["rollbacks"] == 1
    assert Recovery.of(steady) == Recovery(rate_factor=0.5, rollbacks=1)


def test_a_run_that_went_back_resumes_at_the_lower_rate(steady, monkeypatch):
    Recovery(rate_factor=0.25, rollbacks=2).save(steady)
    setup = prepare(steady, resume=False)
    assert setup.recovery == Recovery(), "a run that starts from nothing knows nothing of it"
    checkpoint.save(steady, setup.model, setup.optimizer, setup.state)
    Recovery(rate_factor=0.25, rollbacks=2).save(steady)
    assert prepare(steady, resume=True).recovery.rate_factor == 0.25


def test_a_loss_that_stays_bad_ends_with_the_reason_and_a_usable_checkpoint(steady, monkeypatch):
    spoil(monkeypatch, set(range(10, 1000)), math.nan)
    with pytest.raises(TrainerError, match=r"gives up.*--set optimizer\.learning_rate="):
        train.run(steady, resume=False)
    assert Recovery.of(steady).rollbacks == guard.ROLLBACKS
    assert checkpoint.newest_valid(steady) is not None


def test_when_memory_runs_out_the_same_step_is_done_in_smaller_passes(make_run, monkeypatch):
    whole = make_run("whole", micro_batch_rows=4, accumulate=1, epochs=1, lora={"r": 8, "alpha": 16, "dropout": 0})
    small = make_run("small", micro_batch_rows=4, accumulate=1, epochs=1, lora={"r": 8, "alpha": 16, "dropout": 0})
    train.run(whole, resume=False)
    largest = []

    def limited(model, batch):
        if batch.input_ids.shape[0] > 1 and torch.is_grad_enabled():
            raise torch.OutOfMemoryError("no room")
        largest.append(batch.input_ids.shape[0])
        return summed_loss(model, batch)

    monkeypatch.setattr(gradients, "summed_loss", limited)
    assert train.run(small, resume=False)
    assert max(largest) == 1
    assert Passes.of(small).tokens == 96 == Passes.of(whole).tokens // 4
    assert len([text for text in notices(small) if text.startswith("Memory ran out")]) == 2
    losses = [
        [event.data["loss"] for event in read_events(folder)[0] if event.kind == "step"] for folder in (whole, small)
    ]
    assert losses[1] == pytest.approx(losses[0], rel=1e-4), "the effective batch is the same"


def test_a_row_too_large_for_memory_is_cut_between_its_samples_and_a_sample_never():
    step, lengths = [[(1, 2, 3)], [(4,)]], [0, 20, 30, 40, 50]
    assert group(step, lengths, 180) == [[(1, 2, 3), (4,)]]
    assert group(step, lengths, 90) == step
    assert group(step, lengths, 60) == [[(1, 2)], [(3,)], [(4,)]]
    assert group(step, lengths, 10) == [[(1,)], [(2,)], [(3,)], [(4,)]]
    assert halve(step, lengths, 180) == 90, "until there are more passes"
    assert halve(step, lengths, 10) is None


def test_memory_too_small_for_one_sample_is_a_sentence(make_run, monkeypatch):
    def never(*_):
        raise torch.OutOfMemoryError("no room")

    monkeypatch.setattr(gradients, "summed_loss", never)
    with pytest.raises(TrainerError, match=r"one sample alone is too much.*--set max_length"):
        train.run(make_run(), resume=False)
