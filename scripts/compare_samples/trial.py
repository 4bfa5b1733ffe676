"""One trial: a run trained on given rows for so many tokens, and asked."""

import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from codeanvil.answers.evaluation.evaluate import evaluate
from codeanvil.contract import EMBEDDED, RunConfig, RunFolder, write_atomic
from codeanvil.runs import trainer
from codeanvil.runs.presets import PRESETS
from codeanvil.runs.run import Run
from codeanvil.samples.model import Question
from codeanvil.settings import Settings

EPOCHS = 10_000
"""As many as the tokens need."""


@dataclass(frozen=True, slots=True)
class Trial:
    """Rows, the seed, and how many tokens are trained."""

    rows: Sequence[dict[str, str]]
    seed: int
    tokens: int


def trained(folder: RunFolder, trial: Trial, settings: Settings) -> Run:
    """The run of a trial in `folder`, trained unless it was before. Raises RuntimeError with the trainer's log."""
    run = Run(folder)
    if folder.merged.is_dir():
        return run
    config = RunConfig.model_validate(
        PRESETS["cpu"].model_dump()
        | {"base_model": EMBEDDED, "data_tokens": None, "epochs": EPOCHS, "max_tokens": trial.tokens}
        | {"seed": trial.seed, "threads": 1, "early_stop_evals": 0, "eval_every": 10**9, "save_every": 10**9}
    )
    folder.train_data.parent.mkdir(parents=True, exist_ok=True)
    for path, rows in ((folder.train_data, trial.rows), (folder.validation_data, ()), (folder.questions, ())):
        write_atomic(path, "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))
    write_atomic(folder.general_data, "")
    write_atomic(folder.config, config.model_dump_json(indent=2))
    write_atomic(folder.manifest, json.dumps({"id": folder.id, "data": {"train": len(trial.rows)}}))
    done = subprocess.run(trainer.command(settings, "train", folder.path), capture_output=True, text=True, check=False)
    if done.returncode or not folder.merged.is_dir():
        raise RuntimeError(f"The trial {folder.id} was not trained:\n{done.stdout}\n{done.stderr}")
    return run


def asked(run: Run, root: Path, settings: Settings, questions: Sequence[Question]) -> dict[str, Any]:
    """What the trained model answers: by arm, counts of right answers and false claims per answer as written."""
    known = run.folder.path / "asked.json"
    if not known.exists():
        report = evaluate(root, settings, questions, ["tuned", "tuned+index"], run=run)
        found = {
            name: {
                "correct": arm.overall.correct,
                "n": arm.overall.n,
                "own_words": arm.own_words,
                "false_claims": arm.false_claims.mean,
            }
            for name, arm in report.arms.items()
        }
        write_atomic(known, json.dumps(found))
    figures: dict[str, Any] = json.loads(known.read_text("utf-8"))
    return figures
