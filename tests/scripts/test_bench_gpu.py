"""`scripts/bench gpu` without a GPU: it refuses with a sentence, and its every part runs on a tiny shape."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from codeanvil_trainer.footprint.shapes import known_shape

BENCH = Path(__file__).parents[2] / "scripts" / "bench_gpu"
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | {"OMP_NUM_THREADS": "1"}


def bench(*words):
    command = [sys.executable, "-W", "ignore", BENCH, *words]
    return subprocess.run(command, capture_output=True, text=True, env=ENVIRONMENT, timeout=280, check=False)


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU here")
def test_without_a_gpu_it_says_so_and_what_to_do():
    said = bench("--json")
    assert (said.returncode, said.stdout) == (1, "")
    assert "sees no GPU" in said.stderr and "--tiny" in said.stderr and said.stderr.count("\n") == 1


def test_every_part_runs_on_a_tiny_shape():
    done = bench("--tiny", "--json", "--seconds", "0.3")
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    parts = figures["parts"]
    assert list(parts) == ["ceiling", "ours", "ours, 16 GB", "1 x 2,048", "Trainer + peft, batch 1 x 8", "TRL packing"]
    assert parts["ceiling"]["operations_per_second"] > 1e9
    measured = [name for name in parts if name != "ceiling"]
    if importlib.util.find_spec("trl") is None:
        assert parts["TRL packing"] == {"missing": "not installed: datasets"}
        measured.remove("TRL packing")
    for name in measured:
        assert parts[name]["tokens_per_second"] > parts[name]["samples_per_second"] > 0
    assert "with gradient checkpointing" in parts["1 x 2,048"]["way"]
    assert "2,048 tokens a pass" in parts["1 x 2,048"]["way"]
    assert figures["speedup"] == pytest.approx(
        parts["ours"]["tokens_per_second"] / parts["Trainer + peft, batch 1 x 8"]["tokens_per_second"], abs=0.001
    )
    assert 0 < figures["share_of_ceiling"] < 1


@pytest.fixture
def figures_module():
    spec = importlib.util.spec_from_file_location("bench_gpu_figures", BENCH / "figures.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_operations_are_counted_as_the_papers_do(figures_module):
    """6 per weight where all train (arXiv 2001.08361), 4 where the base is frozen."""
    shape = known_shape("deepseek-ai/deepseek-coder-6.7b-instruct")
    targets = ("q_proj", "k_proj", "v_proj", "o_proj")
    count = figures_module.operations_per_token(shape, 128, targets, label_share=0.5)
    assert count == 4 * (shape.linear_weights + 0.5 * 32_256 * 4096) + 6 * 134_217_728


def test_a_part_that_is_missing_is_named_in_the_table(figures_module):
    figures = figures_module.summary(
        {
            "ceiling": {"operations_per_second": 4e14, "device": "a card"},
            "ours": {"tokens_per_second": 6000.0, "samples_per_second": 60.0, "peak_bytes": 2**34, "way": "w",
                     "operations_per_token": 2.6e10},
            "TRL packing": {"missing": "out of memory"},
        }
    )  # fmt: skip
    assert figures["share_of_ceiling"] == 0.39 and figures["speedup"] is None
    table = figures_module.table(figures)
    assert "| TRL packing | out of memory |" in table and "| ours | 6,000 | 60.0 | 16.0 | w |" in table
