"""What every trainer of the benchmark is given: the same base, adapter, samples and rate."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from codeanvil.contract import LoraConfig, RunConfig
from codeanvil_trainer import models
from codeanvil_trainer.tokens.data import Encoded, encode_rows, read_rows

MAX_LENGTH = 256
ACCUMULATE = 8
"""The guide's: batch 1, gradients of 8 batches added up."""

RATE = 1e-6
"""So small that the loss over the epoch is that of the untrained adapter: the trainers can be compared by it."""

LORA = LoraConfig(r=128, alpha=256, dropout=0.0, target_modules="all-linear")


@dataclass(frozen=True, slots=True)
class Job:
    """The work of one measurement: training once over `samples` on `base_model`."""

    base_model: str
    tokenizer: Any
    samples: list[Encoded]
    rows: list[dict[str, Any]]

    @property
    def tokens(self) -> int:
        """Tokens of all samples."""
        return sum(len(sample.ids) for sample in self.samples)

    @property
    def labels(self) -> int:
        """Tokens that carry loss."""
        return sum(sample.label_count for sample in self.samples)

    def model(self) -> Any:
        """A fresh NF4 base with a fresh adapter, equal for every trainer."""
        torch.manual_seed(0)
        base = models.load_base(self.base_model, quantize=True, device=torch.device("cpu"))
        return models.attach_adapter(base, LORA)

    def config(self, **changes: Any) -> RunConfig:
        """The run configuration of our own trainer for this work."""
        values: dict[str, Any] = {
            "base_model": self.base_model,
            "lora": LORA,
            "optimizer": {"learning_rate": RATE, "warmup_ratio": 0.0},
            "epochs": 1,
            "max_length": MAX_LENGTH,
            "pack_length": MAX_LENGTH,
            "eval_every": 10**6,
            "save_every": 10**6,
            "threads": 1,
        }
        return RunConfig.model_validate(values | changes)


def make_job(data: Path, base_model: str, most: int) -> Job:
    """The first `most` samples of the rows in `data`, spread evenly over the file, that fit into `MAX_LENGTH`."""
    tokenizer = models.load_tokenizer(base_model)
    rows = read_rows(data)
    chosen = rows[:: max(1, len(rows) // most)][: most + most // 4]
    kept_rows, kept = [], []
    for row in chosen:
        encoding = encode_rows([row], tokenizer, MAX_LENGTH)
        if encoding.samples and not encoding.cut:
            kept_rows.append(row)
            kept += encoding.samples
    return Job(base_model, tokenizer, kept[:most], kept_rows[:most])
