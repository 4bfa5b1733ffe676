"""What a run will take of memory: foretold from a config.json, counted on real models, and what follows from it."""

import json
import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import bitsandbytes as bnb
import pytest
import torch
from torch.autograd.graph import saved_tensors_hooks
from transformers import AutoModelForCausalLM, LlamaConfig, LlamaForCausalLM, Qwen2Config

from codeanvil.contract import GUIDE_TARGETS, LoraConfig, RunConfig, read_events
from codeanvil.runs.presets import PRESETS, TIERS
from codeanvil_trainer import models
from codeanvil_trainer.errors import TrainerError
from codeanvil_trainer.footprint import memory
from codeanvil_trainer.footprint.fitting import Way, Wish, ways
from codeanvil_trainer.footprint.memory import Training, memory_estimate
from codeanvil_trainer.footprint.shapes import KNOWN_BASES, Shape, known_shape
from codeanvil_trainer.machine import device
from codeanvil_trainer.machine.needs import shape_of
from codeanvil_trainer.training import loop, passes, probe
from codeanvil_trainer.training.passes import Choice, Passes, choose
from codeanvil_trainer.training.setup import prepare

GIB = 2**30
BASE_6_7B = KNOWN_BASES[-1].shape
GUIDE = Training("qlora", 128, GUIDE_TARGETS, 0.05)
MIDDLE = LlamaConfig(
    vocab_size=600,
    hidden_size=256,
    intermediate_size=688,
    num_hidden_layers=3,
    num_attention_heads=8,
    num_key_value_heads=4,
    tie_word_embeddings=False,
)


@pytest.mark.parametrize(
    "config",
    [
        LlamaConfig(vocab_size=500, hidden_size=64, intermediate_size=176, num_attention_heads=4, head_dim=24),
        LlamaConfig(vocab_size=500, hidden_size=64, num_attention_heads=4, num_key_value_heads=2, attention_bias=False),
        Qwen2Config(vocab_size=500, hidden_size=64, num_attention_heads=4, num_key_value_heads=2),
        LlamaConfig(
            vocab_size=32_256, hidden_size=4096, intermediate_size=11_008, num_hidden_layers=32, num_attention_heads=32
        ),
    ],
    ids=["llama", "grouped", "qwen", "6.7b"],
)  # fmt: skip
@pytest.mark.parametrize("targets", [GUIDE_TARGETS, "all-linear"])
def test_a_shape_counts_what_the_model_has(config, targets):
    shape = Shape.of(config.to_dict())
    with torch.device("meta"):
        model = AutoModelForCausalLM.from_config(config)
        assert shape.parameters == sum(parameter.numel() for parameter in model.parameters())
        model.requires_grad_(False)
        adapted = models.attach_adapter(model, LoraConfig(r=128, alpha=256, target_modules=targets))
    assert shape.adapter(128, targets) == models.count_parameters(adapted)[0]


def test_the_bases_offered_by_name_have_the_shapes_their_names_say():
    billions = [base.shape.parameters / 1e9 for base in KNOWN_BASES]
    assert billions == pytest.approx([0.494, 1.544, 1.346, 6.741], abs=0.001)
    assert BASE_6_7B.adapter(128, GUIDE_TARGETS) == 134_217_728


@pytest.mark.parametrize("config", [{}, {"model_type": "mamba"}, {"model_type": "llama", "hidden_size": "wide"}])
def test_of_an_unknown_kind_of_model_nothing_is_foretold(config):
    assert Shape.of(config) is None
    assert {way.needs for way in ways(None, GUIDE, Wish(8192, 2048, 500))} == {None}


@pytest.fixture(scope="module")
def middle(tmp_path_factory):
    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("middle")
    LlamaForCausalLM(MIDDLE).save_pretrained(folder)
    return folder


@pytest.mark.parametrize("autocast", [True, False], ids=["bf16", "fp32"])
@pytest.mark.parametrize("dropout", [0.05, 0.0])
@pytest.mark.parametrize("targets", [GUIDE_TARGETS, "all-linear"], ids=["guide", "all-linear"])
def test_the_activations_are_those_that_autograd_keeps(middle, monkeypatch, autocast, dropout, targets):
    shape = Shape.of(MIDDLE.to_dict())
    tokens, rank = 512, 16
    dtype = torch.bfloat16 if autocast else torch.float32
    model = models.load_base(str(middle), quantize=True, device=torch.device("cpu"), dtype=dtype)
    model = models.attach_adapter(model, LoraConfig(r=rank, alpha=32, dropout=dropout, target_modules=targets)).train()
    decoder, _ = models.decoder_and_head(model)
    if autocast:  # peft asks whether CUDA's autocast is on, and leaves the input as it is when it is
        monkeypatch.setattr(torch, "is_autocast_enabled", lambda *_: True)
    ids = torch.zeros((1, tokens), dtype=torch.long)
    kept = in_a_child(lambda: kept_bytes(model, lambda: forward(decoder, ids, autocast)))
    run = Training("qlora", rank, targets, dropout, autocast=autocast)
    foretold = tokens * memory.layer_bytes(shape, run) * shape.layers
    if autocast:
        foretold += 2 * shape.adapter(rank, targets)  # counted with what trains: autocast's copies of it
        if dropout:  # a CPU's mask has values of two bytes, CUDA's of one
            foretold += tokens * shape.layers * sum(one.inputs for one in shape.adapted(targets))
    assert kept == pytest.approx(foretold, rel=0.05)


def forward(decoder, ids, autocast):
    with torch.autocast("cpu", torch.bfloat16, enabled=autocast):
        return decoder(input_ids=ids, use_cache=False)[0]


def in_a_child(function):
    """The number that `function` returns, computed in a process that ends: autocast in bf16 leaves traces in a CPU's
    later matrix products."""
    reading, writing = os.pipe()
    if (child := os.fork()) == 0:
        os.write(writing, str(function()).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as file:
        found = int(file.read())
    os.waitpid(child, 0)
    return found


def kept_bytes(model, function):
    """Bytes of what autograd keeps for the backward pass of `function`, weights not counted."""
    own = {one.untyped_storage().data_ptr() for one in [*model.parameters(), *model.buffers()]}
    found = {}

    def pack(tensor):
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in own:
            found[storage.data_ptr()] = (storage.nbytes(), tensor)
        return tensor

    with saved_tensors_hooks(pack, lambda tensor: tensor):
        function()
    return sum(size for size, _ in found.values())


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="needs Linux's count of a process's peak")
def test_the_foretold_peak_is_what_a_process_takes(middle):
    """Above its state before the pass: activations, and the gradients at the widest place."""
    tokens = 1024
    script = Path(__file__).with_name("peak_of_training.py")
    environment = os.environ | {"MALLOC_MMAP_THRESHOLD_": "65536"}
    command = [sys.executable, "-W", "ignore", script, middle, str(tokens)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    measured = json.loads(done.stdout)
    run = Training("qlora", 16, "all-linear", 0.05, autocast=False)
    for checkpointing in (False, True):
        need = memory_estimate(Shape.of(MIDDLE.to_dict()), run, tokens=tokens, gradient_checkpointing=checkpointing)
        assert measured[str(checkpointing)] == pytest.approx(need.activations + need.working, rel=0.2)


def total(**changes):
    arguments = {"tokens": 2048} | changes
    run = arguments.pop("run", GUIDE)
    return memory_estimate(BASE_6_7B, run, **arguments).total


def test_the_guides_run_on_6_7b_fits_12_gib_with_gradient_checkpointing_and_16_not_without():
    assert total(gradient_checkpointing=True) < 12 * GIB < 16 * GIB < total()


def test_an_estimate_grows_with_what_it_is_made_of():
    assert total(tokens=4096) > total() > total(gradient_checkpointing=True)
    assert total(run=Training("lora", 128, GUIDE_TARGETS, 0.05)) > total()
    assert total(run=Training("qlora", 128, GUIDE_TARGETS, 0.05, moments="8bit")) < total()
    assert total(run=Training("qlora", 128, GUIDE_TARGETS, 0.05, train_embeddings=True)) > total()
    full = memory_estimate(BASE_6_7B, Training("full", 1, (), 0.0), tokens=2048)
    assert full.trained > 16 * BASE_6_7B.parameters and full.weights == 0


def test_quantised_weights_are_foretold_to_the_percent():
    layer = bnb.nn.Linear4bit(1024, 1024, bias=False, quant_type="nf4", compress_statistics=True)
    layer.to("cpu")
    layer(torch.zeros(1, 1024))
    state = layer.weight.quant_state
    tensors = [layer.weight.data, state.absmax, state.state2.absmax]
    real = sum(tensor.numel() * tensor.element_size() for tensor in tensors)
    assert real / 1024**2 == pytest.approx(memory.NF4_BYTES, rel=0.01)


def preset(name, **changes):
    return RunConfig.model_validate(PRESETS[name].model_dump() | changes)


@pytest.mark.parametrize(
    ("free", "tokens", "checkpointing", "moments"),
    [(120, 16_384, False, "fp32"), (22, 2_048, False, "fp32"), (15.5, 8_192, True, "fp32"), (7, 700, True, "8bit")],
)
def test_the_quickest_way_that_fits_is_taken(free, tokens, checkpointing, moments):
    way = choose(BASE_6_7B, preset("guide"), [300, 700], int(free * GIB), on_gpu=True).ways[0]
    assert (way.checkpointing, way.moments) == (checkpointing, moments)
    assert way.tokens == tokens or moments == "8bit"


def test_ways_get_slower_and_need_less():
    every = list(ways(BASE_6_7B, GUIDE, Wish(16_384, 2_048, 900)))
    kinds = [(way.moments, way.checkpointing) for way in every]
    assert list(dict.fromkeys(kinds)) == [("fp32", False), ("fp32", True), ("8bit", False), ("8bit", True)]
    for one, other in pairwise(every):
        if (one.moments, one.checkpointing) == (other.moments, other.checkpointing):
            assert one.tokens > other.tokens and one.needs.total > other.needs.total


@pytest.mark.parametrize("asked", [True, False])
def test_what_is_asked_for_is_not_chosen(asked):
    config = preset("guide", tokens_per_pass=1024, gradient_checkpointing=asked)
    choice = choose(BASE_6_7B, config, [300], 100 * GIB, on_gpu=True)
    assert {way.checkpointing for way in choice.ways} == {asked}
    assert choice.ways[0].tokens == 1024


@pytest.mark.parametrize(("tier", "smaller"), [(TIERS[0], TIERS[1]), (TIERS[1], None)])
def test_what_a_machine_is_given_by_its_memory_fits_it(tier, smaller):
    config = preset(tier.preset, base_model=tier.base_model)
    free = int(tier.gpu_bytes * 0.95)  # a desktop takes its part
    assert choose(known_shape(config.base_model), config, [2048], free, on_gpu=True).ways
    if smaller:
        with pytest.raises(TrainerError):
            choose(known_shape(config.base_model), config, [2048], smaller.gpu_bytes * 2 // 3, on_gpu=True)


@pytest.mark.parametrize("name", ["guide", "all-linear", "small-gpu"])
def test_a_preset_that_cannot_fit_is_refused_with_what_would(name):
    shape = known_shape(PRESETS[name].base_model)
    with pytest.raises(TrainerError, match=rf"The preset {name} .* needs \d+\.\d GiB .* has 2\.0 GiB free\. .*--set"):
        choose(shape, preset(name), [2048], 2 * GIB, on_gpu=True)


def test_the_cpu_preset_is_refused_where_not_even_the_demonstration_fits():
    config = preset("cpu")
    shape = shape_of("embedded")
    assert choose(shape, config, [200], 2 * GIB, on_gpu=False).ways[0].tokens == 1024
    with pytest.raises(TrainerError, match=r"this machine has 0\.5 GiB free"):
        choose(shape, config, [200], GIB // 2, on_gpu=False)


def test_a_run_beyond_its_memory_is_refused_before_the_base_is_loaded(make_run, monkeypatch):
    monkeypatch.setattr(models, "load_base", None)
    with pytest.raises(TrainerError, match=r"has 0\.1 GiB free"):
        loop.run(make_run(memory_gb=0.1), resume=False)


def test_a_run_says_what_it_needs_and_goes_on_as_it_began(make_run):
    folder = make_run(gradient_checkpointing=True, tokens_per_pass=100)
    prepare(folder, resume=False)
    started = next(event.data for event in read_events(folder)[0] if event.kind == "started")
    assert (started["pass_tokens"], started["gradient_checkpointing"], started["moments"]) == (100, True, "fp32")
    assert 0 < started["memory_bytes"]["needed"] < started["memory_bytes"]["free"]
    Passes(48, False, "8bit").save(folder)
    setup = prepare(folder, resume=True)
    assert setup.passes == Passes(48, False, "8bit"), "not chosen again"
    assert type(setup.optimizer).__module__.startswith("bitsandbytes")


def test_moments_in_8_bits_learn_and_survive_a_resume(make_run):
    # Of tensors below 4,096 values bitsandbytes keeps fp32 moments.
    asked = {"optimizer": {"learning_rate": 5e-3, "moments": "8bit"}, "lora": {"r": 64, "target_modules": "all-linear"}}
    whole, halves = (make_run(name, epochs=2, **asked) for name in ("whole", "halves"))
    assert loop.run(whole, resume=False)
    setup = prepare(halves, resume=False)
    for _ in range(10):
        loop.take_step(halves, setup)
    loop.save(halves, setup)
    assert loop.run(halves, resume=True)
    losses = [
        {event.data["step"]: event.data["loss"] for event in read_events(folder)[0] if event.kind == "step"}
        for folder in (whole, halves)
    ]
    assert losses[1] == {step: loss for step, loss in losses[0].items() if step > 10}
    assert losses[0][max(losses[0])] < 0.95 * losses[0][1]
    kinds = {
        value.dtype for state in setup.optimizer.state.values() for value in state.values() if hasattr(value, "dtype")
    }
    assert torch.uint8 in kinds


def test_the_probe_takes_the_first_way_whose_worst_pass_fits(make_run):
    choice = Choice(tuple(Way(tokens, False, "fp32", None) for tokens in (64, 32, 16)), free=50)
    tried = []

    def trial(way):
        tried.append(way.tokens)
        if way.tokens == 64:
            raise torch.OutOfMemoryError("no room")
        return way.tokens * 2

    assert passes.probe(choice, trial) == (choice.ways[2], 32)
    assert tried == [64, 32, 16], "32 ran to its end, at a peak above what was free"
    with pytest.raises(TrainerError, match="Not even the smallest forward pass"):
        passes.probe(choice, lambda _: 51)


def test_the_probed_pass_is_the_largest_and_leaves_no_trace(make_run, monkeypatch):
    setup = prepare(make_run(lora={"r": 8, "alpha": 16, "dropout": 0.1}), resume=False)
    seen = []
    real = probe.summed_loss
    monkeypatch.setattr(probe, "summed_loss", lambda model, batch: seen.append(batch) or real(model, batch))
    before = torch.get_rng_state()
    for checkpointing in (True, False):
        way = Way(192, checkpointing, "fp32", None)
        probe.peak_of(way, setup.model, setup.schedule.steps, setup.samples, setup.tokenizer.pad_token_id)
        assert setup.model.is_gradient_checkpointing == checkpointing
    every = [rows for step in setup.schedule.steps for rows in passes.group(step, setup.lengths, 192)]
    assert sum(map(sum, seen[0].segments)) == max(sum(setup.lengths[i] for row in rows for i in row) for rows in every)
    assert torch.equal(torch.get_rng_state(), before)
    assert all(parameter.grad is None for parameter in setup.trained)


def test_a_containers_limit_counts_as_what_is_free(tmp_path, monkeypatch):
    monkeypatch.setattr(device, "CONTROL_GROUP", tmp_path)
    unlimited = device.free_memory(torch.device("cpu"))
    for limit, free in (("max\n", None), ("3000000\n", 2_000_000), ("500\n", 0)):
        (tmp_path / "memory.max").write_text(limit)
        (tmp_path / "memory.current").write_text("1000000\n")
        found = device.free_memory(torch.device("cpu"))
        assert found == free if free is not None else found == pytest.approx(unlimited, rel=0.2)


def test_bases_and_quantised_heads_hold_no_fp32_copies(tiny_base):
    model = models.load_base(str(tiny_base), quantize=True, device=torch.device("cpu"), dtype=torch.bfloat16)
    model = models.attach_adapter(model, LoraConfig(r=8, alpha=16, target_modules="all-linear"))
    models.set_checkpointing(model, on=True)
    wide = {name for name, one in model.named_parameters() if one.dtype == torch.float32}
    assert wide and all("lora_" in name for name in wide), "peft's prepare_model_for_kbit_training would widen the rest"


def test_a_shape_is_read_without_torch():
    code = "import sys, codeanvil_trainer.footprint.fitting; assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
