"""The presets hold the training guide's numbers, and each machine gets the largest that fits it."""

import pytest

from codeanvil.contract import EMBEDDED, GUIDE_TARGETS
from codeanvil.runs.presets import DEEPSEEK_1B, DEEPSEEK_7B, PRESETS, tier

GUIDE_PARAMETERS = 134_217_728
HIDDEN, INTERMEDIATE, LAYERS = 4096, 11008, 32  # deepseek-coder-6.7b: training guide, phase 3


def test_the_guide_preset_is_the_guide_to_the_letter() -> None:
    guide = PRESETS["guide"]
    assert guide.base_model == "deepseek-ai/deepseek-coder-6.7b-instruct"
    assert guide.method == "qlora"
    assert guide.lora.model_dump() == {
        "r": 128, "alpha": 256, "dropout": 0.05, "target_modules": GUIDE_TARGETS, "train_embeddings": False,
    }  # fmt: skip
    assert guide.optimizer.model_dump() == {
        "learning_rate": 5e-4, "betas": (0.9, 0.999), "eps": 1e-8, "weight_decay": 0.01, "warmup_ratio": 0.05,
        "min_lr_ratio": 0.1, "max_grad_norm": 1.0, "moments": "auto",
    }  # fmt: skip
    assert (guide.epochs, guide.max_length, guide.micro_batch_rows, guide.accumulate) == (10, 2048, 1, 8)
    assert (guide.save_every, guide.eval_every) == (500, 500)


def test_the_guide_preset_trains_as_many_parameters_as_the_guide_says() -> None:
    lora = PRESETS["guide"].lora
    assert len(lora.target_modules) * LAYERS * lora.r * (HIDDEN + HIDDEN) == GUIDE_PARAMETERS


def test_all_linear_trains_nearly_as_many_parameters_as_the_guide() -> None:
    lora = PRESETS["all-linear"].lora
    assert lora.target_modules == "all-linear"

    def count(r: int) -> int:
        return LAYERS * r * (4 * (HIDDEN + HIDDEN) + 3 * (HIDDEN + INTERMEDIATE))

    nearest = min(range(1, 256), key=lambda r: abs(count(r) - GUIDE_PARAMETERS))
    assert lora.r == nearest
    assert lora.alpha / lora.r == 2


def test_each_preset_bears_its_own_name() -> None:
    assert {name: config.preset for name, config in PRESETS.items()} == {
        name: name for name in ("guide", "all-linear", "small-gpu", "cpu")
    }


@pytest.mark.parametrize(
    ("mebibytes", "preset", "base"),
    [
        (None, "cpu", EMBEDDED),
        (4_096, "cpu", EMBEDDED),
        (8_192, "small-gpu", DEEPSEEK_1B),
        (8_188, "small-gpu", DEEPSEEK_1B),
        (12_288, "small-gpu", DEEPSEEK_1B),
        (15_360, "all-linear", DEEPSEEK_7B),
        (16_376, "all-linear", DEEPSEEK_7B),
        (81_559, "all-linear", DEEPSEEK_7B),
    ],
)
def test_a_machine_gets_what_its_memory_carries(mebibytes: int | None, preset: str, base: str) -> None:
    found = tier(mebibytes * 2**20 if mebibytes else None)
    assert (found.preset, found.base_model) == (preset, base)
