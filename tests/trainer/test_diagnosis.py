"""What a finished run is told about itself: flat loss, overfitting, an adapter without effect, a full disk ahead."""

import shutil

import pytest
import torch

from codeanvil_trainer.errors import TrainerError
from codeanvil_trainer.machine import disk
from codeanvil_trainer.training.checkpoint import TrainingState
from codeanvil_trainer.training.diagnosis import has_no_effect, is_flat, troubles
from codeanvil_trainer.training.setup import prepare

FALLING = [5 * 0.9**i for i in range(60)]
FLAT = [3.0 + 0.01 * (i % 2) for i in range(60)]


@pytest.fixture(scope="module")
def plain():
    return torch.nn.Linear(2, 2)


def found(state, losses, model):
    return list(troubles(state, losses, model, learning_rate=5e-4, epochs=10))


def test_a_loss_that_falls_is_no_trouble(plain):
    assert not found(TrainingState(step=60, best_loss=0.1, best_step=60, judged_loss=0.1), FALLING, plain)


def test_a_flat_loss_is_told_with_a_higher_rate(plain):
    (sentence,) = found(TrainingState(step=60), FLAT, plain)
    assert "did not fall" in sentence and "--set optimizer.learning_rate=1.5e-03" in sentence
    assert not is_flat(FLAT[:10]), "too short to say"


def test_held_out_loss_that_rises_again_is_overfitting(plain):
    (sentence,) = found(TrainingState(step=60, best_loss=0.5, best_step=20, judged_loss=0.9), FALLING, plain)
    assert "best at step 20" in sentence and "fewer --set epochs" in sentence


def test_an_adapter_whose_b_is_zero_has_no_effect_until_it_is_trained(make_run):
    setup = prepare(make_run(), resume=False)
    assert has_no_effect(setup.model)
    (sentence,) = found(TrainingState(step=60), FALLING, setup.model)
    assert "no effect" in sentence
    for name, parameter in setup.model.named_parameters():
        if "lora_B" in name:
            parameter.data[0, 0] = 1e-3
            break
    assert not has_no_effect(setup.model)


def test_a_disk_too_small_is_told_before_the_run(make_run, monkeypatch):
    usage = shutil.disk_usage("/")
    monkeypatch.setattr(disk.shutil, "disk_usage", lambda _: usage._replace(free=1_000_000))
    with pytest.raises(TrainerError, match=r"needs 0\.1 GB of disk.*keep_checkpoints=1"):
        prepare(make_run(), resume=False)
