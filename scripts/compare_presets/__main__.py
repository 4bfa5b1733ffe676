"""What presets learn: each preset's adapter and optimizer, on the same samples.

    scripts/compare-presets [FOLDER] [--seeds N] [--tokens N] [--presets P ...] [--work DIR] [--json]

The embedded model is trained with each preset's adapter and optimizer, with each seed, for the same number of tokens;
base model, rows, and the length of a step are those of the preset `cpu` for all, since the guide's steps of 16,384
tokens would be twenty for a small workspace. The held-out questions of a run are asked, closed book, and with evidence
from the index. Shares of right answers: the mean over the seeds, and the lowest and highest of them. FOLDER is
tests/workspaces/dicom-viewer if left out. What is trained already in DIR is kept.
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from scripts.compare_samples.command import run
from scripts.compare_samples.trial import Trial, asked, indexed, over_seeds, told, trained

from codeanvil.contract import RunConfig, RunFolder
from codeanvil.runs.data import gather
from codeanvil.runs.presets import PRESETS

SHOWN = ("tuned", "tuned+index")


def main() -> int:
    """Train, ask, print."""
    return run("compare-presets", __doc__.splitlines()[0], ("presets", PRESETS), compare, table)


def compare(folder: Path, work: Path, presets: Sequence[str], seeds: Sequence[int], tokens: int) -> dict[str, Any]:
    """All figures, as one JSON object; `work` gets a copy of the workspace and a folder for each trial."""
    root, settings = indexed(folder, work)
    data = gather(root, settings, seed=0, tokens=PRESETS["cpu"].data_tokens)
    rows = [sample.row() | {"fact": sample.fact} for sample in data.train]
    results: dict[str, dict[str, Any]] = {}
    for name in presets:
        found, trainable = [], 0
        for seed in seeds:
            folder_of_run = RunFolder(work / f"{name}-{seed}")
            taught = trained(folder_of_run, Trial(rows, seed, tokens, changes(PRESETS[name])), settings)
            found.append(asked(taught, root, settings, data.questions))
            trainable = trainable_of(folder_of_run)
            print(f"{name}, seed {seed}: {found[-1]}", file=sys.stderr, flush=True)
        results[name] = {"trainable": trainable} | {arm: over_seeds(found, arm) for arm in SHOWN}
    return {
        "workspace": folder.name,
        "rows": len(rows),
        "questions": len(data.questions),
        "seeds": len(seeds),
        "tokens": tokens,
        "presets": results,
    }


def changes(preset: RunConfig) -> dict[str, Any]:
    """What a trial takes of a preset: its adapter and its optimizer."""
    return {"lora": preset.lora.model_dump(), "optimizer": preset.optimizer.model_dump()}


def trainable_of(folder: RunFolder) -> int:
    """Weights that the run trained, as its report says."""
    return int(json.loads(folder.report.read_text("utf-8"))["training"]["trainable_parameters"])


def table(figures: dict[str, Any]) -> str:
    """The figures for people."""
    return "\n".join(
        [
            f"{figures['workspace']}: {figures['questions']} questions, {figures['rows']:,} rows, {figures['seeds']} "
            f"seeds, {figures['tokens']:,} tokens trained in each run.",
            "",
            "| adapter and optimizer of | weights trained | closed book | with evidence, checked | "
            "false claims per answer: closed, with evidence |",
            "|---|---|---|---|---|",
            *(
                f"| `{name}` | {row['trainable']:,} | {told(row['tuned'])} | {told(row['tuned+index'])} | "
                f"{row['tuned']['false_claims']:.2f}, {row['tuned+index']['false_claims']:.2f} |"
                for name, row in figures["presets"].items()
            ),
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
