"""Samples a second of our trainer against the trainers that people use, on a CPU, all in one run.

    scripts/bench train [--json] [--samples N] [--rounds N]

Same base, adapter, samples and rate for all; one epoch; one thread. The rounds take turns, so that what else the
machine does falls on all alike, and medians are compared. `speedup` is ours over the plain Trainer as the training
guide sets it up (batch 1, 8 accumulated).
"""

import argparse
import contextlib
import json
import os
import platform
import statistics
import sys
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")
warnings.filterwarnings("ignore")

HERE = Path(__file__).parent
REPOSITORY = HERE.parents[1]
WORKSPACE = REPOSITORY / "tests" / "workspaces" / "dicom-viewer"
PADDED = (2, 4, 8, 16)
TRL_ROWS = (1, 4)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="scripts/bench train", description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--samples", type=int, default=400, help="samples trained on (default 400)")
    parser.add_argument("--rounds", type=int, default=3, help="rounds whose medians are taken (default 3)")
    asked = parser.parse_args()
    sys.path[:0] = [str(HERE), str(REPOSITORY / "server"), str(REPOSITORY / "trainer")]
    with contextlib.redirect_stdout(sys.stderr):  # the peers print
        figures = measure(asked.samples, asked.rounds)
    print(json.dumps(figures) if asked.json else table(figures))
    return 0


def measure(most: int, rounds: int) -> dict[str, Any]:
    """Everything the bench says, as one JSON object."""
    import ours
    import peers
    import torch
    import transformers
    from job import make_job

    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    with tempfile.TemporaryDirectory() as folder:
        job = make_job(data_set(Path(folder)), "embedded", most)
    arms: dict[str, Callable[[], Any]] = {
        "ours": lambda: ours.run(job),
        "Trainer, batch 1 x 8": lambda: peers.plain_trainer(job, *peers.GUIDE),
        **{f"Trainer, padded batch {size}": _bound(peers.plain_trainer, job, size, 1) for size in PADDED},
        **{f"TRL packing, batch {size}": _bound(peers.trl_packing, job, size) for size in TRL_ROWS},
    }
    taken: dict[str, list[Any]] = {name: [] for name in arms}
    for _ in range(rounds):
        for name, arm in arms.items():
            taken[name].append(arm())
            print(f"{name}: {taken[name][-1].wall:.1f} s", file=sys.stderr)
    rows = {
        name: {
            "samples_per_second": len(job.samples) / statistics.median(one.wall for one in runs),
            "samples_per_cpu_second": len(job.samples) / statistics.median(one.cpu for one in runs),
            "loss": runs[0].loss,
            "steps": runs[0].steps,
            "checkpoints": runs[0].checkpoints,
        }
        for name, runs in taken.items()
    }
    best = {
        kind: max((name for name in rows if name.startswith(kind)), key=lambda name: rows[name]["samples_per_second"])
        for kind in ("Trainer, padded", "TRL")
    }
    mine = rows["ours"]
    return {
        "speedup": _ratio(mine, rows["Trainer, batch 1 x 8"]),
        "speedup_over_best_padded": _ratio(mine, rows[best["Trainer, padded"]]),
        "speedup_over_trl_packing": _ratio(mine, rows[best["TRL"]]),
        "largest_loss_difference": max(abs(row["loss"] / mine["loss"] - 1) for row in rows.values()),
        "samples": len(job.samples),
        "tokens": job.tokens,
        "label_tokens": job.labels,
        "arms": rows,
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, one thread, torch {torch.__version__}",
    }


def data_set(folder: Path) -> Path:
    """The training data of the small workspace that the tests use."""
    from codeanvil.settings import Settings
    from codeanvil.workspace.dataset import write_dataset
    from codeanvil.workspace.index.build import build_index

    settings = Settings.model_validate({"data_dir": str(folder)})
    build_index(WORKSPACE, settings)
    return Path(write_dataset(WORKSPACE, settings).path)


def table(figures: dict[str, Any]) -> str:
    """The figures for people."""
    lines = [
        f"{figures['samples']} samples, {figures['tokens']:,} tokens, {figures['label_tokens']:,} of them learned;"
        f" NF4 base of 2.6 million weights, rank 128 on every linear layer; {figures['machine']}",
        "",
        "| trainer | samples/s | samples per CPU second | steps | checkpoints "
        "| loss of a label token | ours is quicker by |",
        "|---|---|---|---|---|---|---|",
    ]
    mine = figures["arms"]["ours"]
    lines += [
        f"| {name} | {row['samples_per_second']:.1f} | {row['samples_per_cpu_second']:.1f} | {row['steps']} | "
        f"{row['checkpoints']} | {row['loss']:.4f} | {_ratio(mine, row):.2f} |"
        for name, row in figures["arms"].items()
    ]
    lines += [
        "",
        "Each trainer with the checkpoints it writes by default, in the time measured: the Trainer and TRL one at the "
        "end, ours one before the first step and one at the end, with hashes and synced to the disk.",
    ]
    return "\n".join(lines)


def _ratio(one: dict[str, float], other: dict[str, float]) -> float:
    return round(one["samples_per_second"] / other["samples_per_second"], 3)


def _bound(function: Callable[..., Any], *arguments: Any) -> Callable[[], Any]:
    return lambda: function(*arguments)


if __name__ == "__main__":
    sys.exit(main())
