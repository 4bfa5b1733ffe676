"""The trainers that people use, on the same job: transformers' Trainer, padded, and TRL's SFTTrainer, packing.

Each is given what makes it quickest among its own options: tokens prepared before the clock starts, no logging but at
the end, the Trainer with rows of like length together where it pads. Checkpoints are written as by default: one at the
end, not synced to the disk.
"""

import tempfile
import warnings
from pathlib import Path
from typing import Any

import torch
from job import ACCUMULATE, RATE, Job
from measure import Measured, timed
from torch.utils.data import DataLoader
from transformers import DataCollatorForSeq2Seq, Trainer, TrainingArguments

IGNORE = -100


def plain_trainer(job: Job, batch: int, accumulate: int) -> Measured:
    """transformers' Trainer with `batch` padded samples in a forward pass; batch 1 x 8 is the guide's."""
    rows = [
        {
            "input_ids": list(sample.ids),
            "attention_mask": [1] * len(sample.ids),
            "labels": [IGNORE] * sample.prompt_length + list(sample.ids[sample.prompt_length :]),
        }
        for sample in job.samples
    ]
    with tempfile.TemporaryDirectory() as folder:
        arguments = TrainingArguments(
            **_arguments(folder, batch, accumulate),
            train_sampling_strategy="group_by_length" if batch > 1 else "random",
        )
        trainer = Trainer(
            model=job.model(),
            args=arguments,
            train_dataset=rows,
            data_collator=DataCollatorForSeq2Seq(job.tokenizer, padding=True),
        )
        return _measured(trainer)


def trl_packing(job: Job, batch: int) -> Measured:
    """TRL's SFTTrainer with packing (`bfd`) into rows of the job's length, `batch` rows in a forward pass."""
    from datasets import Dataset
    from job import MAX_LENGTH
    from trl import SFTConfig, SFTTrainer

    rows = Dataset.from_list(
        [
            {
                "input_ids": list(sample.ids),
                "completion_mask": [0] * sample.prompt_length + [1] * sample.label_count,
            }
            for sample in job.samples
        ]
    )
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it wants flash attention for packing, which no CPU has
        arguments = SFTConfig(
            **_arguments(folder, batch, 1),
            packing=True,
            packing_strategy="bfd",
            max_length=MAX_LENGTH,
            completion_only_loss=True,
            gradient_checkpointing=False,
        )
        trainer = SFTTrainer(model=job.model(), args=arguments, train_dataset=rows, processing_class=job.tokenizer)
        return _measured(trainer)


def _arguments(folder: str, batch: int, accumulate: int) -> dict[str, Any]:
    return {
        "output_dir": folder,
        "per_device_train_batch_size": batch,
        "gradient_accumulation_steps": accumulate,
        "num_train_epochs": 1,
        "learning_rate": RATE,
        "lr_scheduler_type": "cosine",
        "optim": "adamw_torch",
        "weight_decay": 0.01,
        "max_grad_norm": 1.0,
        "logging_strategy": "no",
        "report_to": "none",
        "use_cpu": True,
        "bf16": False,
        "disable_tqdm": True,
        "dataloader_num_workers": 0,
        "seed": 0,
    }


def _measured(trainer: Trainer) -> Measured:
    with timed() as clock:
        trainer.train()
    written = len(list(Path(trainer.args.output_dir).glob("checkpoint-*")))
    return Measured(clock.wall, clock.cpu, _loss(trainer), trainer.state.global_step, written)


@torch.no_grad()
def _loss(trainer: Trainer) -> float:
    """Loss per label token over what the trainer itself makes of the samples, through its own loss."""
    trainer.model.eval()
    loader: DataLoader[Any] = trainer.get_train_dataloader()
    total, labels = 0.0, 0
    for batch in loader:
        # The first position of a row predicts nothing: shifted labels do not hold it.
        count = int((batch["labels"][:, 1:] != IGNORE).sum())
        total += float(trainer.compute_loss(trainer.model, batch, num_items_in_batch=torch.tensor(1)))
        labels += count
    return total / labels


GUIDE = (1, ACCUMULATE)
