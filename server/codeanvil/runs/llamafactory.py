"""A run as LLaMA-Factory takes it: data set, `dataset_info.json` and a YAML configuration.

    llamafactory-cli train codeanvil.yaml          (in the folder written here)

Keys as in LLaMA-Factory's `hparams/*.py` and `data/README.md`.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from codeanvil.contract import RunConfig

TRAIN = "codeanvil_train"
VALIDATION = "codeanvil_validation"
CONFIG = "codeanvil.yaml"

# Base models whose template LLaMA-Factory has under a name of its own. For others the line is left out, and it
# takes the tokenizer's chat template.
_TEMPLATES = {"deepseek-coder": "deepseekcoder"}


def write(
    folder: Path, config: RunConfig, train: Iterable[Mapping[str, Any]], validation: Iterable[Mapping[str, Any]]
) -> None:
    """Write everything into `folder`. Raises OSError."""
    counts = {}
    for name, rows in ((TRAIN, train), (VALIDATION, validation)):
        alpaca = [_row(row) for row in rows]
        counts[name] = len(alpaca)
        if alpaca:
            (folder / f"{name}.json").write_text(json.dumps(alpaca, ensure_ascii=False, indent=1), "utf-8")
    columns = {"prompt": "instruction", "query": "input", "response": "output"}
    info = {name: {"file_name": f"{name}.json", "columns": columns} for name, count in counts.items() if count}
    (folder / "dataset_info.json").write_text(json.dumps(info, indent=2) + "\n", "utf-8")
    (folder / CONFIG).write_text(_yaml(options(config, counts[TRAIN], counts[VALIDATION])), "utf-8")


def options(config: RunConfig, train_samples: int, validation_samples: int) -> dict[str, dict[str, Any]]:
    """LLaMA-Factory's options for `config`, by section.

    It packs nothing here: a row is one sample, so a batch is the micro-batch of the guide.
    """
    steps = max(1, train_samples // (config.micro_batch_rows * config.accumulate)) * config.epochs
    optimizer = config.optimizer
    model: dict[str, Any] = {"model_name_or_path": config.base_model}
    if config.method == "qlora":
        model |= {"quantization_bit": 4, "quantization_method": "bnb", "quantization_type": "nf4"}
        model |= {"double_quantization": True}
    if not config.gradient_checkpointing:
        model["disable_gradient_checkpointing"] = True
    method: dict[str, Any] = {
        "stage": "sft",
        "do_train": True,
        "finetuning_type": "full" if config.method == "full" else "lora",
    }
    if config.method != "full":
        targets = config.lora.target_modules
        method |= {
            "lora_rank": config.lora.r,
            "lora_alpha": config.lora.alpha,
            "lora_dropout": config.lora.dropout,
            "lora_target": "all" if isinstance(targets, str) else ",".join(targets),
        }
        if config.lora.train_embeddings:
            method["additional_target"] = "embed_tokens,lm_head"
    template = next((value for key, value in _TEMPLATES.items() if key in config.base_model), None)
    data = {
        "dataset_dir": ".",
        "dataset": TRAIN,
        **({"eval_dataset": VALIDATION} if validation_samples else {}),
        **({"template": template} if template else {}),
        "cutoff_len": config.max_length,
        "seed": config.seed,
    }
    train = {
        "per_device_train_batch_size": config.micro_batch_rows,
        "gradient_accumulation_steps": config.accumulate,
        "learning_rate": optimizer.learning_rate,
        "num_train_epochs": config.epochs,
        "lr_scheduler_type": "cosine_with_min_lr",
        "lr_scheduler_kwargs": {"min_lr_rate": optimizer.min_lr_ratio},
        # A whole number, since transformers 5 has no warmup_ratio and 4 takes no fraction here.
        "warmup_steps": round(steps * optimizer.warmup_ratio),
        "adam_beta1": optimizer.betas[0],
        "adam_beta2": optimizer.betas[1],
        "adam_epsilon": optimizer.eps,
        "weight_decay": optimizer.weight_decay,
        "max_grad_norm": optimizer.max_grad_norm,
        "bf16": True,
    }
    output = {"output_dir": "output", "logging_steps": 10, "save_steps": config.save_every, "report_to": "none"}
    evaluation = {"per_device_eval_batch_size": 1, "eval_strategy": "steps", "eval_steps": config.eval_every}
    sections = {"model": model, "method": method, "dataset": data, "train": train, "output": output}
    return sections | ({"eval": evaluation} if validation_samples else {})


def _row(row: Mapping[str, Any]) -> dict[str, str]:
    # LLaMA-Factory joins instruction and input with one line break, our messages have an empty line between.
    evidence = row.get("input") or ""
    return {
        "instruction": row["instruction"],
        "input": f"\n{evidence}" if evidence else "",
        "output": row["output"],
    }


def _yaml(sections: Mapping[str, Mapping[str, Any]]) -> str:
    blocks = (
        f"### {name}\n" + "".join(f"{key}: {_scalar(value)}\n" for key, value in values.items())
        for name, values in sections.items()
    )
    return "\n".join(blocks)


def _scalar(value: object) -> str:
    """JSON, which is YAML but for one thing: YAML 1.1 reads `5e-05` as text and `5.0e-05` as a number."""
    text = json.dumps(value)
    if isinstance(value, float) and "e" in text and "." not in text:
        return text.replace("e", ".0e")
    return text
