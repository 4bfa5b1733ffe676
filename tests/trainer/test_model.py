"""Bases and adapters: NF4 as trained is what is merged, and bitsandbytes' repacking on CPUs does no harm."""

import warnings

import huggingface_hub
import pytest
import torch
from transformers import LlamaConfig, LlamaForCausalLM

from codeanvil.contract import LoraConfig
from codeanvil_trainer import models
from codeanvil_trainer.errors import TrainerError


def nf4_layer():
    import bitsandbytes as bnb

    torch.manual_seed(0)
    layer = bnb.nn.Linear4bit(128, 64, bias=False, compute_dtype=torch.float32, quant_type="nf4")
    layer.load_state_dict({"weight": torch.randn(64, 128) * 0.05})
    layer = layer.to("cpu")
    # What bitsandbytes finds by itself on a CPU with avx512_bf16; forced, so that every machine tests the trap.
    layer.support_avx512bf16_for_cpu = True
    return layer


def gradient_cosine_after_an_evaluation(layer) -> float:
    """Cosine between the input gradient through `layer` after a forward in evaluation mode, and the right one."""
    import bitsandbytes as bnb

    right = bnb.functional.dequantize_4bit(layer.weight.data.clone(), layer.weight.quant_state).float()
    x = torch.randn(4, 128)
    layer.eval()
    with torch.no_grad():
        try:
            layer(x)
        except Exception as error:  # CPUs without the kernel repack, then refuse; the weights are spoilt all the same
            assert layer.weight.quant_state.packing_format_for_cpu, error
    layer.train()
    x.requires_grad_(True)
    target = torch.randn(4, 64)
    (wanted,) = torch.autograd.grad((x @ right.T * target).sum(), x)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # torch says that the repacked kernel has no gradient of its own
            (got,) = torch.autograd.grad((layer(x) * target).sum(), x)
    except (RuntimeError, ValueError, AssertionError):
        return 0.0
    return float(torch.cosine_similarity(got.flatten(), wanted.flatten(), dim=0))


def test_without_the_remedy_an_evaluation_spoils_the_gradients():
    assert gradient_cosine_after_an_evaluation(nf4_layer()) < 0.9


def test_with_the_remedy_gradients_stay_right_after_an_evaluation():
    layer = nf4_layer()
    models.mend_nf4_repacking(torch.nn.Sequential(layer))
    assert gradient_cosine_after_an_evaluation(layer) > 0.99


def test_every_nf4_layer_of_a_loaded_base_has_the_remedy(tiny_base):
    import bitsandbytes as bnb

    layers = [m for m in models.load_base(str(tiny_base), quantize=True).modules() if isinstance(m, bnb.nn.Linear4bit)]
    assert len(layers) == 14
    assert not any(layer.support_avx512bf16_for_cpu for layer in layers)
    assert all(layer.weight.quant_state.nested and layer.weight.quant_state.quant_type == "nf4" for layer in layers)


def test_the_dequantised_base_answers_like_the_nf4_base(tiny_base):
    quantised = models.load_base(str(tiny_base), quantize=True)
    plain = models.load_dequantised(str(tiny_base))
    ids = torch.arange(20, 50)[None]
    with torch.no_grad():
        assert torch.allclose(quantised(ids).logits, plain(ids).logits, atol=1e-5)


def test_the_guides_adapter_has_134_217_728_weights_on_the_6_7b_shape():
    with torch.device("meta"):
        base = LlamaForCausalLM(
            LlamaConfig(
                vocab_size=32256,
                hidden_size=4096,
                intermediate_size=11008,
                num_hidden_layers=32,
                num_attention_heads=32,
                num_key_value_heads=32,
            )
        ).requires_grad_(False)
        adapted = models.attach_adapter(base, LoraConfig())
    trainable, total = models.count_parameters(adapted)
    assert trainable == 134_217_728
    assert total - trainable == sum(p.numel() for p in base.parameters() if not p.requires_grad)


def test_targets_that_are_not_there_are_refused_with_a_remedy(tiny_base):
    with pytest.raises(TrainerError, match=r"set lora\.target_modules"):
        models.attach_adapter(
            models.load_base(str(tiny_base), quantize=True), LoraConfig(target_modules=("no_such_proj",))
        )


@pytest.mark.parametrize("name", ["./no-such-folder", "/no/such/folder"])
def test_a_missing_model_folder_is_one_sentence(name):
    with pytest.raises(TrainerError, match="There is no model folder"):
        models.load_base(name, quantize=False)


def test_a_missing_hub_is_one_sentence_with_the_way_out(monkeypatch):
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(TrainerError, match="--base-model embedded"):
        models.load_tokenizer("nobody/no-such-model")
