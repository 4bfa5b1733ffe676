"""What samples teach: ours against the training guide's, and without their parts.

    scripts/compare-samples [FOLDER] [--seeds N] [--tokens N] [--arms A B ...] [--work DIR] [--json]

The embedded model is trained on each data set for the same number of tokens, with each seed, as the preset `cpu` trains
(without early stopping), and asked the held-out questions of a run about what all of the data sets teach: the build,
and where a class is, its methods, bases and purpose, in wordings that none of them holds. Closed book, and with
evidence from the index, where what the model says is checked and facts answer where it does not pass. Shares of right
answers: the mean over the seeds, and the lowest and highest of them. FOLDER is tests/workspaces/dicom-viewer if left
out. What is trained already in DIR is kept.
"""

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from scripts.compare_samples.arms import ARMS, Source, asked_of_all
from scripts.compare_samples.command import run
from scripts.compare_samples.trial import Trial, asked, indexed, over_seeds, told, trained

from codeanvil.contract import RunFolder
from codeanvil.runs.data import gather
from codeanvil.runs.presets import PRESETS


def main() -> int:
    """Train, ask, print."""
    return run("compare-samples", __doc__.splitlines()[0], ("arms", ARMS), compare, table)


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
            taught = trained(RunFolder(work / f"{arm}-{seed}"), Trial(made, seed, tokens), settings)
            results.setdefault(arm, []).append(asked(taught, root, settings, questions))
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
