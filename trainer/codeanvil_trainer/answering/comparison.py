"""The last phase of a run: the new model and the one it would replace answer the same questions, before any is used.

Both answer the run's held-out questions by themselves, without evidence; on general coding instructions their loss is
taken. What follows from that is decided elsewhere (`codeanvil.runs.gate`): here it is only measured.
"""

import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from codeanvil.contract import (
    GenerateRequest,
    Prompt,
    RunConfig,
    RunFolder,
    read_json_lines,
    update_report,
    write_atomic,
)
from codeanvil_trainer.answering import loading
from codeanvil_trainer.answering.batch import answers, general_losses
from codeanvil_trainer.machine.device import set_threads
from codeanvil_trainer.tokens.data import read_rows

QUESTIONS = 200
"""Questions that are asked at most, evenly spread: enough to tell 7 points apart."""

ANSWER_TOKENS = 96

NEW, CURRENT = "new", "current"


def compare(run: RunFolder) -> None:
    """Write `comparison.jsonl` ({"id", "model", "text"} of both) and the report's section "comparison":

    `questions`, `current` (the folder of the model in use; null for the base), `general_loss` (of each model, a mean
    loss per label token for each general instruction), `seconds`. Raises TrainerError, OSError.
    """
    started = time.monotonic()
    config = RunConfig.model_validate_json(run.config.read_text("utf-8"))
    current = Path(config.compare_with) if config.compare_with else None
    if current is not None and not current.is_dir():
        current = None  # it was removed since: the base is what there is to compare with
    models: dict[str, Path | None] = {NEW: run.merged, CURRENT: current}
    asked = _spread(list(read_json_lines(run.questions)) if run.questions.exists() else [])
    request = GenerateRequest(
        base_model=config.base_model,
        models=models,
        prompts=[Prompt(id=str(row["id"]), instruction=row["question"]) for row in asked],
        max_new_tokens=ANSWER_TOKENS,
        threads=config.threads,
    )
    write_atomic(run.comparison, "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in answers(request)))
    general = read_rows(run.general_data) if run.general_data.exists() else []
    update_report(
        run,
        "comparison",
        {
            "questions": len(asked),
            "current": str(current) if current else None,
            "general_loss": {
                label: losses(config, folder, general) if general else [] for label, folder in models.items()
            },
            "seconds": round(time.monotonic() - started, 1),
        },
    )


def losses(config: RunConfig, merged: Path | None, rows: Sequence[dict[str, Any]]) -> list[float]:
    """Mean loss per label token of each row, by the model in `merged` or the base (None)."""
    model, tokenizer = loading.load(config.base_model, merged=merged)
    set_threads(config.threads, sum(parameter.numel() for parameter in model.parameters()))
    return general_losses(model, tokenizer, rows)


def _spread(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    if len(rows) <= QUESTIONS:
        return rows
    return [rows[i * len(rows) // QUESTIONS] for i in range(QUESTIONS)]
