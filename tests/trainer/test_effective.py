"""The quick ways of a CPU run give the loss and the gradients of the plain ones."""

import pytest
import torch

from codeanvil.contract import LoraConfig
from codeanvil_trainer import models
from codeanvil_trainer.models import lean
from codeanvil_trainer.models.attention import attends_flat, use_flat_attention
from codeanvil_trainer.models.effective import use_effective_weights
from codeanvil_trainer.models.lean_decoder import lean_decoder, use_lean_decoder
from codeanvil_trainer.models.loss import summed_loss
from codeanvil_trainer.tokens.data import Encoded
from codeanvil_trainer.tokens.packing import IGNORE, collate

SAMPLES = [
    Encoded(tuple(range(10, 10 + length)), prompt_length=prompt)
    for length, prompt in ((20, 8), (35, 20), (12, 3), (9, 8), (1, 0))
]
BATCH = collate([(0, 1), (2, 3)], SAMPLES, pad_id=0)


def adapted(base, *, dropout=0.0, quantize=True, rank=8, embeddings=False):
    torch.manual_seed(1)
    model = models.load_base(str(base), quantize=quantize)
    model = models.attach_adapter(
        model,
        LoraConfig(r=rank, alpha=2 * rank, dropout=dropout, target_modules="all-linear", train_embeddings=embeddings),
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
@pytest.mark.parametrize("way", ["effective weights", "segments", "both", "lean"])
def test_loss_and_gradients_are_those_of_the_plain_way(tiny_base, way, quantize):
    model = adapted(tiny_base, quantize=quantize)
    wanted, gradients = loss_and_gradients(model)
    if way != "segments":
        assert use_effective_weights(model) == 14
    if way != "effective weights":
        assert use_flat_attention(model)
    if way == "lean":
        assert use_lean_decoder(model) and lean_decoder(model)
    loss, found = loss_and_gradients(model)
    assert loss == pytest.approx(wanted, rel=1e-5)
    assert found.keys() == gradients.keys()
    for name, gradient in gradients.items():
        assert torch.allclose(found[name], gradient, rtol=1e-3, atol=1e-5), name


def lean_model(base, **options):
    model = adapted(base, **options)
    assert use_effective_weights(model) and use_flat_attention(model) and use_lean_decoder(model)
    return model


def test_trained_embeddings_and_their_head_have_the_plain_gradients(tiny_base):
    wanted, gradients = loss_and_gradients(adapted(tiny_base, embeddings=True))
    loss, found = loss_and_gradients(lean_model(tiny_base, embeddings=True))
    assert loss == pytest.approx(wanted, rel=1e-5)
    assert found.keys() == gradients.keys() and any("embed_tokens" in name for name in found)
    for name, gradient in gradients.items():
        assert torch.allclose(found[name], gradient, rtol=1e-3, atol=1e-5), name


def test_logits_a_few_at_a_time_have_the_same_loss_and_gradients(tiny_base, monkeypatch):
    wanted, gradients = loss_and_gradients(lean_model(tiny_base, embeddings=True))
    monkeypatch.setattr(lean, "LOGIT_CHUNK", 7)
    loss, found = loss_and_gradients(lean_model(tiny_base, embeddings=True))
    assert loss == pytest.approx(wanted, rel=1e-6)
    assert all(torch.allclose(found[name], gradients[name], rtol=1e-4, atol=1e-6) for name in gradients)


def test_the_models_own_code_goes_on_where_adapters_are_off_or_activations_are_made_twice(tiny_base):
    model = lean_model(tiny_base)
    wanted, gradients = loss_and_gradients(model)
    with model.disable_adapter():
        assert lean_decoder(model) is None
    assert lean_decoder(model) is not None
    models.set_checkpointing(model, on=True)
    assert lean_decoder(model) is None
    loss, found = loss_and_gradients(model)
    assert loss == pytest.approx(wanted, rel=1e-5)
    assert all(torch.allclose(found[name], gradients[name], rtol=1e-3, atol=1e-5) for name in gradients)


def test_each_weight_is_in_memory_once(tiny_base):
    model = lean_model(tiny_base)
    mlp = models.decoder_and_head(model)[0].layers[0].mlp
    one, other = (layer.forward.weight for layer in (mlp.gate_proj, mlp.up_proj))
    assert one.untyped_storage().data_ptr() == other.untyped_storage().data_ptr()


def test_norms_that_train_are_left_to_the_models_own_code(tiny_base):
    model = adapted(tiny_base)
    use_effective_weights(model)
    models.decoder_and_head(model)[0].norm.weight.requires_grad_(True)
    assert not use_lean_decoder(model) and lean_decoder(model) is None


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
