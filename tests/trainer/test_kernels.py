"""Attention by one kernel of variable lengths: called as its makers say, proved before it is used."""

import sys
from types import ModuleType

import pytest
import torch
from tests.trainer.test_effective import BATCH, adapted, loss_and_gradients
from torch.nn.functional import scaled_dot_product_attention

from codeanvil_trainer.models import attention, kernels
from codeanvil_trainer.models.kernels import Bounds, agrees, varlen

CPU = torch.device("cpu")


def stand_in(q, k, v, bounds, scale, *, causal=True):
    """What the kernel computes, sample by sample on a CPU."""
    lengths = bounds.starts.diff().tolist()
    assert max(lengths) == bounds.longest and bounds.starts.dtype == torch.int32
    parts = zip(*(torch.split(whole.transpose(0, 1)[None], lengths, 2) for whole in (q, k, v)), strict=True)
    shared = q.shape[1] != k.shape[1]
    done = [scaled_dot_product_attention(*part, is_causal=causal, scale=scale, enable_gqa=shared) for part in parts]
    return torch.cat(done, 2)[0].transpose(0, 1)


@pytest.fixture(autouse=True)
def _looked_up_anew():
    varlen.cache_clear()
    yield
    varlen.cache_clear()


def test_a_model_attends_by_the_kernel_as_it_does_by_masks(tiny_base, monkeypatch):
    model = adapted(tiny_base)
    wanted, gradients = loss_and_gradients(model, BATCH)
    monkeypatch.setattr(kernels, "varlen", lambda: stand_in)
    model.set_attn_implementation(attention.BY_KERNEL)
    assert attention.attends_flat(model)
    loss, found = loss_and_gradients(model, BATCH)
    assert loss == pytest.approx(wanted, rel=1e-2), "the kernel computes in 16 bits"
    for name, gradient in gradients.items():
        assert torch.cosine_similarity(found[name].flatten(), gradient.flatten(), dim=0) > 0.99, name


def test_a_kernel_is_used_only_where_it_computes_rightly():
    assert agrees(stand_in, CPU, torch.float32, tolerance=1e-4)
    assert agrees(stand_in, CPU, torch.bfloat16)

    def sees_what_follows(*arguments):
        return stand_in(*arguments, causal=False)

    def sees_the_neighbour(q, k, v, bounds, scale):
        whole = Bounds(torch.tensor([0, len(q)], dtype=torch.int32), len(q))
        return stand_in(q, k, v, whole, scale)

    assert not agrees(sees_what_follows, CPU, torch.bfloat16)
    assert not agrees(sees_the_neighbour, CPU, torch.bfloat16)


@pytest.mark.parametrize(
    ("capability", "error", "works"), [((7, 5), None, False), ((8, 0), RuntimeError, False), ((9, 0), None, True)]
)
def test_cards_and_builds_without_the_kernel_keep_their_masks(monkeypatch, capability, error, works):
    def kernel(*arguments):
        if error:
            raise error("no kernel image is available")
        return stand_in(*arguments)

    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda _: capability)
    monkeypatch.setattr(kernels, "varlen", lambda: kernel)
    assert kernels.works_on(CPU) is works


@pytest.mark.parametrize("kv_heads", [4, 2])
def test_pytorchs_kernel_takes_what_it_is_given(kv_heads):
    """On the meta device, where the operator's arguments are checked and nothing is computed."""
    q = torch.empty((16, 4, 64), dtype=torch.bfloat16, device="meta")
    k = torch.empty((16, kv_heads, 64), dtype=torch.bfloat16, device="meta")
    starts = torch.empty(3, dtype=torch.int32, device="meta")
    assert varlen()(q, k, k, Bounds(starts, 11), 0.1).shape == q.shape


def test_flash_attns_kernel_is_taken_where_it_is_installed(monkeypatch):
    package = ModuleType("flash_attn")
    asked = {}

    def flash_attn_varlen_func(q, k, v, cu_seqlens_q, cu_seqlens_k, max_seqlen_q, max_seqlen_k, **options):
        asked.update(options)
        assert cu_seqlens_q is cu_seqlens_k and max_seqlen_q == max_seqlen_k
        return stand_in(q, k, v, Bounds(cu_seqlens_q, max_seqlen_q), options["softmax_scale"])

    package.flash_attn_varlen_func = flash_attn_varlen_func
    monkeypatch.setitem(sys.modules, "flash_attn", package)
    assert agrees(varlen(), CPU, torch.float32, tolerance=1e-4)
    assert asked == {"softmax_scale": None, "causal": True}
