"""The trainers that people use, on the same base, adapter and samples: transformers' Trainer as the guide sets it up,
and TRL's SFTTrainer, packing. Each with what its own documentation advises for one GPU: bf16, gradient checkpointing, a
fused optimizer, rows of tokens made beforehand.
"""

import tempfile
import warnings
from typing import TYPE_CHECKING, Any

import torch
from clock import Until, peak, reset_peak
from transformers import DataCollatorForSeq2Seq, Trainer, TrainerCallback, TrainingArguments

if TYPE_CHECKING:
    from parts import Bench

IGNORE = -100
ACCUMULATE = 8


def plain_trainer(bench: "Bench") -> dict[str, Any]:
    """transformers' Trainer with peft, batch 1, gradients of 8 added up."""
    rows = [
        {
            "input_ids": list(sample.ids),
            "attention_mask": [1] * len(sample.ids),
            "labels": [IGNORE] * sample.prompt_length + list(sample.ids[sample.prompt_length :]),
        }
        for sample in bench.samples
    ]
    with tempfile.TemporaryDirectory() as folder:
        trainer = Trainer(
            model=bench.model(),
            args=TrainingArguments(**_arguments(bench, folder)),
            train_dataset=rows,
            data_collator=DataCollatorForSeq2Seq(bench.tokenizer, padding=True),
        )
        return _measured(bench, trainer, samples_a_row=1.0, way="1 sample a pass")


def trl_packing(bench: "Bench") -> dict[str, Any]:
    """TRL's SFTTrainer with packing (`bfd`), a row of the longest sample's length in a pass, 8 passes a step."""
    from datasets import Dataset
    from trl import SFTConfig, SFTTrainer

    length = bench.config().pack_length
    rows = [
        {"input_ids": list(one.ids), "completion_mask": [0] * one.prompt_length + [1] * one.label_count}
        for one in bench.samples
    ]
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it wants flash attention for packing, which may not be installed
        arguments = SFTConfig(
            **_arguments(bench, folder),
            packing=True,
            packing_strategy="bfd",
            max_length=length,
            completion_only_loss=True,
        )
        trainer = SFTTrainer(
            model=bench.model(), args=arguments, train_dataset=Dataset.from_list(rows), processing_class=bench.tokenizer
        )
        a_row = len(bench.samples) / len(trainer.train_dataset)
        return _measured(bench, trainer, samples_a_row=a_row, way=f"a row of {length:,} tokens a pass")


def _arguments(bench: "Bench", folder: str) -> dict[str, Any]:
    optimizer = bench.config().optimizer
    return {
        "output_dir": folder,
        "per_device_train_batch_size": 1,
        "gradient_accumulation_steps": ACCUMULATE,
        "num_train_epochs": 50,
        "learning_rate": optimizer.learning_rate,
        "lr_scheduler_type": "cosine",
        "optim": "adamw_torch_fused",
        "max_grad_norm": optimizer.max_grad_norm,
        "gradient_checkpointing": not bench.tiny,
        "gradient_checkpointing_kwargs": {"use_reentrant": False},
        "logging_strategy": "no",
        "save_strategy": "no",
        "report_to": "none",
        "use_cpu": bench.tiny,
        "bf16": not bench.tiny,
        "disable_tqdm": True,
        "dataloader_num_workers": 0,
        "seed": 0,
    }


class _Stop(TrainerCallback):
    """Ends the training when the clock says so."""

    def __init__(self, clock: Until) -> None:
        self.clock = clock

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:  # noqa: ARG002 (the interface)
        """After every optimizer step."""
        if self.clock.requested:
            control.should_training_stop = True


def _measured(bench: "Bench", trainer: Trainer, *, samples_a_row: float, way: str) -> dict[str, Any]:
    tokens_a_row = samples_a_row * sum(len(sample.ids) for sample in bench.samples) / len(bench.samples)

    def count() -> tuple[int, int, int]:
        rows = trainer.state.global_step * ACCUMULATE
        return trainer.state.global_step, round(rows * tokens_a_row), round(rows * samples_a_row)

    clock = Until(bench.seconds, bench.device, count)
    trainer.add_callback(_Stop(clock))
    reset_peak(bench.device)
    trainer.train()
    checkpointing = "without" if bench.tiny else "with"
    return {
        **clock.figures(),
        "peak_bytes": peak(bench.device),
        "way": f"{way}, {checkpointing} gradient checkpointing",
        "torch": torch.__version__,
    }
