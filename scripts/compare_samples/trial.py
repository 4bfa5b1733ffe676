"""One trial: a run trained on given rows for so many tokens, and asked; and the figures of several over their seeds."""

import json
import shutil
import statistics
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from codeanvil.answers.evaluation.evaluate import evaluate
from codeanvil.contract import EMBEDDED, RunConfig, RunFolder, write_atomic
from codeanvil.runs import trainer
from codeanvil.runs.presets import PRESETS
from codeanvil.runs.run import Run
from codeanvil.samples.model import Question
from codeanvil.settings import Settings, load
from codeanvil.workspace.index.build import build_index

TOKENS = 360_000
"""What a run of the preset `cpu` trains: its data tokens times its epochs."""

EPOCHS = 10_000
"""As many as the tokens need."""


@dataclass(frozen=True, slots=True)
class Trial:
    """Rows, the seed, how many tokens are trained, and what differs from the preset `cpu`."""

    rows: Sequence[dict[str, str]]
    seed: int
    tokens: int
    changes: Mapping[str, Any] = field(default_factory=dict)


def indexed(folder: Path, work: Path) -> tuple[Path, Settings]:
    """A copy of the workspace in `work`, made and indexed unless it was before, and its settings."""
    root = work / "workspace"
    if not root.exists():
        shutil.copytree(folder, root, ignore=shutil.ignore_patterns(".codeanvil", ".git"))
    settings = load(root)
    build_index(root, settings)
    return root, settings


def trained(folder: RunFolder, trial: Trial, settings: Settings) -> Run:
    """The run of a trial in `folder`, trained unless it was before. Raises RuntimeError with the trainer's log."""
    run = Run(folder)
    if folder.merged.is_dir():
        return run
    config = RunConfig.model_validate(
        PRESETS["cpu"].model_dump()
        | {"base_model": EMBEDDED, "data_tokens": None, "epochs": EPOCHS, "max_tokens": trial.tokens}
        | {"seed": trial.seed, "threads": 1, "early_stop_evals": 0, "eval_every": 10**9, "save_every": 10**9}
        | dict(trial.changes)
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


def over_seeds(found: Sequence[dict[str, Any]], arm: str) -> dict[str, float]:
    """Of trials that differ in their seed: the mean share of right answers of `arm`, the lowest and the highest."""
    shares = [each[arm]["correct"] / each[arm]["n"] for each in found]
    return {
        "mean": round(statistics.fmean(shares), 4),
        "low": round(min(shares), 4),
        "high": round(max(shares), 4),
        "false_claims": round(statistics.fmean(each[arm]["false_claims"] for each in found), 3),
        "own_words": round(statistics.fmean(each[arm]["own_words"] or 0.0 for each in found), 3),
    }


def told(score: Mapping[str, float]) -> str:
    """What `over_seeds` found, for people."""
    return f"{score['mean']:.0%} ({score['low']:.0%} to {score['high']:.0%})"
