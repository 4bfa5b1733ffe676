"""The prompts on which two forms of a run's model are compared."""

from typing import Any

from codeanvil.contract import RunFolder, messages
from codeanvil_trainer.tokens.data import read_rows
from codeanvil_trainer.tokens.template import encode_prompt

PROMPTS = 16
"""Prompts of a comparison, evenly spread over the rows."""


def comparison_prompts(run: RunFolder, tokenizer: Any) -> list[list[int]]:
    """Token ids of validation prompts of `run`; of training prompts where it has none. Raises TrainerError."""
    data = run.validation_data if run.validation_data.exists() else run.train_data
    rows = read_rows(data) or read_rows(run.train_data)
    chosen = rows[:: max(1, len(rows) // PROMPTS)][:PROMPTS]
    return [encode_prompt(tokenizer, messages(row["instruction"], row.get("input", ""))) for row in chosen]
