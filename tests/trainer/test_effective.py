"""The quick ways of a CPU run give the loss and the gradients of the plain ones."""

import pytest
import torch

from codeanvil.contract import LoraConfig
from codeanvil_trainer import models
from codeanvil_trainer.models.attention import attends_flat, use_flat_attention
from codeanvil_trainer.models.effective import use_effective_weights
from codeanvil_trainer.models.loss import summed_loss
from codeanvil_trainer.tokens.data import Encoded
from codeanvil_trainer.tokens.packing import IGNORE, collate

SAMPLES = [
    Encoded(tuple(range(10, 10 + length)), prompt_length=prompt)
    for length, prompt in ((20, 8), (35, 20), (12, 3), (9, 8), (1, 0))
]
BATCH = collate([(0, 1), (2, 3)], SAMPLES, pad_id=0)


def adapted(base, *, dropout=0.0, quantize=True, rank=8):
    torch.manual_seed(1)
    model = models.load_base(str(base), quantize=quantize)
    model = models.attach_adapter(
        model, LoraConfig(r=rank, alpha=2 * rank, dropout=dropout, target_modules="all-linear")
    )
    for name, parameter in model.named_parameters():  # B is zero at first, and then A has no gradient
        if "lora_B" in name:
            parameter.data = torch.randn_like(parameter) / 50
    return model.train()


def loss_and_gradients(model, batch=BATCH):
    model.zero_grad()
    loss = summed_loss(model, batch)
    loss.backward()
    return float(loss.detach()), {name: p.grad.clone() for name, p in model.named_parameters() if p.grad is not None}


@pytest.mark.parametrize("quantize", [True, False])
@pytest.mark.parametrize("way", ["effective weights", "segments", "both"])
def test_loss_and_gradients_are_those_of_the_plain_way(tiny_base, way, quantize):
    model = adapted(tiny_base, quantize=quantize)
    wanted, gradients = loss_and_gradients(model)
    if way != "segments":
        assert use_effective_weights(model) == 14
    if way != "effective weights":
        assert use_flat_attention(model)
    loss, found = loss_and_gradients(model)
    assert loss == pytest.approx(wanted, rel=1e-5)
    assert found.keys() == gradients.keys()
    for name, gradient in gradients.items():
        assert torch.allclose(found[name], gradient, rtol=1e-3, atol=1e-5), name


def test_layers_with_dropout_stay_as_they_are(tiny_base):
    assert use_effective_weights(adapted(tiny_base, dropout=0.1)) == 0


def test_a_low_rank_on_large_layers_is_left_to_peft():
    layer = torch.nn.Sequential(torch.nn.Linear(2048, 2048))
    import peft

    model = peft.get_peft_model(layer, peft.LoraConfig(r=4, target_modules=["0"]))
    assert use_effective_weights(model) == 0


def test_with_the_adapter_switched_off_the_base_answers(tiny_base):
    model = adapted(tiny_base)
    ids = torch.arange(20, 50)[None]
    with torch.no_grad(), model.disable_adapter():
        wanted = model(ids).logits
    use_effective_weights(model)
    with torch.no_grad():
        changed = model(ids).logits
        with model.disable_adapter():
            assert torch.equal(model(ids).logits, wanted)
    assert not torch.allclose(changed, wanted)


def test_no_sample_sees_another_in_a_flat_batch(tiny_base):
    model = adapted(tiny_base)
    assert use_flat_attention(model) and attends_flat(model)
    with torch.no_grad():
        alone = sum(float(summed_loss(model, collate([(i,)], SAMPLES, pad_id=0))) for i in range(4))
        assert float(summed_loss(model, BATCH)) == pytest.approx(alone, rel=1e-5)


def test_a_flat_batch_holds_the_same_tokens_and_labels_without_padding():
    flat = BATCH.flat()
    assert flat.segments == ((20, 35, 12, 9),)
    assert flat.input_ids.tolist() == [[*SAMPLES[0].ids, *SAMPLES[1].ids, *SAMPLES[2].ids, *SAMPLES[3].ids]]
    assert flat.labels[flat.labels != IGNORE].tolist() == BATCH.labels[BATCH.labels != IGNORE].tolist()
    assert flat.position_ids.tolist()[0][18:23] == [18, 19, 0, 1, 2]
