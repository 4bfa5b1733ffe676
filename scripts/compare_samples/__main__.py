"""What samples teach: ours against the training guide's, and without their parts.

    scripts/compare-samples [FOLDER] [--seeds N] [--tokens N] [--arms A B ...] [--work DIR] [--json]

The embedded model is trained on each data set for the same number of tokens, with each seed, as the preset `cpu` trains
(without early stopping), and asked the held-out questions of a run about what all of the data sets teach: the build,
and where a class is, its methods, bases and purpose, in wordings that none of them holds. Closed book, and with
evidence from the index, where what the model says is checked and facts answer where it does not pass. Shares of right
answers: the mean over the seeds, and the lowest and highest of them. FOLDER is tests/workspaces/dicom-viewer if left
out. What is trained already in DIR is kept.
"""

import argparse
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from scripts.compare_samples.arms import ARMS, Source, asked_of_all
from scripts.compare_samples.trial import TOKENS, Trial, asked, indexed, over_seeds, told, trained

from codeanvil.contract import RunFolder
from codeanvil.runs.data import gather
from codeanvil.runs.presets import PRESETS

REPOSITORY = Path(__file__).parents[2]


def main() -> int:
    """Train, ask, print."""
    parser = argparse.ArgumentParser(prog="scripts/compare-samples", description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, default=REPOSITORY / "tests" / "workspaces" / "dicom-viewer")
    parser.add_argument("--seeds", type=int, default=3, help="runs of each data set (default 3)")
    parser.add_argument("--tokens", type=int, default=TOKENS, help=f"tokens a run trains (default {TOKENS:,})")
    parser.add_argument("--arms", nargs="+", choices=list(ARMS), default=list(ARMS), help="data sets (default all)")
    parser.add_argument("--work", type=Path, help="folder where trials are kept and found again")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    options = parser.parse_args()
    if not options.folder.is_dir():
        parser.error(f"there is no folder {options.folder}")
    with tempfile.TemporaryDirectory(prefix="compare-samples-") as temporary:
        work: Path = options.work or Path(temporary)
        figures = compare(options.folder, work, options.arms, range(options.seeds), options.tokens)
    print(json.dumps(figures) if options.json else table(figures))
    return 0


def compare(folder: Path, work: Path, arms: Sequence[str], seeds: Sequence[int], tokens: int) -> dict[str, Any]:
    """All figures, as one JSON object; `work` gets a copy of the workspace and a folder for each trial."""
    root, settings = indexed(folder, work)
    data = gather(root, settings, seed=0, tokens=PRESETS["cpu"].data_tokens)
    questions = asked_of_all(data.questions, root)
    build = next(sample.output for sample in data.train if sample.kind == "build")
    source = Source(root, data.train, build)
    results: dict[str, list[dict[str, Any]]] = {}
    rows = {}
    for arm in arms:
        made = ARMS[arm](source)
        rows[arm] = {"rows": len(made), "distinct": len({(row["instruction"], row["output"]) for row in made})}
        for seed in seeds:
            run = trained(RunFolder(work / f"{arm}-{seed}"), Trial(made, seed, tokens), settings)
            results.setdefault(arm, []).append(asked(run, root, settings, questions))
            print(f"{arm}, seed {seed}: {results[arm][-1]}", file=sys.stderr, flush=True)
    return {
        "workspace": folder.name,
        "questions": len(questions),
        "categories": dict(sorted(Counter(question.category for question in questions).items())),
        "seeds": len(seeds),
        "tokens": tokens,
        "arms": {arm: rows[arm] | {name: over_seeds(found, name) for name in SHOWN} for arm, found in results.items()},
    }


SHOWN = ("tuned", "tuned+index")


def table(figures: dict[str, Any]) -> str:
    """The figures for people."""
    asked_by = ", ".join(f"{count} {name}" for name, count in figures["categories"].items())
    return "\n".join(
        [
            f"{figures['workspace']}: {figures['questions']} questions ({asked_by}), {figures['seeds']} seeds, "
            f"{figures['tokens']:,} tokens trained in each run.",
            "",
            "| data set | rows (distinct) | closed book | with evidence, checked | "
            "its own words pass the check | false claims per answer: closed, with evidence |",
            "|---|---|---|---|---|---|",
            *(
                f"| {arm} | {row['rows']:,} ({row['distinct']:,}) | {told(row['tuned'])} | "
                f"{told(row['tuned+index'])} | {row['tuned+index']['own_words']:.0%} | "
                f"{row['tuned']['false_claims']:.2f}, {row['tuned+index']['false_claims']:.2f} |"
                for arm, row in figures["arms"].items()
            ),
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
