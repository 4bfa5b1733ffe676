"""How long hover, evidence and the first word of an answer take on a large workspace, while a model is trained.

    scripts/bench answers [--json] [--symbols N] [--hovers N] [--questions N] [--tokens N]

The workspace is made of what is installed here (as for `scripts/bench index`) until it has `--symbols` symbols. A real
language server runs on it, and beside it a real training run of the embedded model has the CPU. A client hovers over
names where they stand in the sources, and asks questions without a model; both are timed by the client, questions also
by the server's own clock (`timings` of the answer: link and evidence). The peers are asked about the same names in
turn: `readtags` on a sorted tags file of universal-ctags tells where a name is defined, `grep -rnw` who mentions it.
`speedup` is readtags and grep together over a whole answer from the index, `speedup_over_readtags` that of hover over
readtags alone, which knows nothing but places.

Then, with the training ended, the model host and a bare `generate` get the same prompts in turn, in processes of their
own with one thread: what the host adds until the first piece of text is there.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
REPOSITORY = HERE.parents[1]


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="scripts/bench answers", description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--symbols", type=int, default=100_000, help="symbols of the workspace (default 100,000)")
    parser.add_argument("--hovers", type=int, default=400, help="hovers that are timed (default 400)")
    parser.add_argument("--questions", type=int, default=200, help="questions that are timed (default 200)")
    parser.add_argument("--peers", type=int, default=12, help="names that the peers look up (default 12)")
    parser.add_argument("--tokens", type=int, default=30, help="prompts whose first token is timed (default 30)")
    asked = parser.parse_args()
    sys.path[:0] = [
        str(HERE),
        str(HERE.parent / "bench_index"),
        str(REPOSITORY / "server"),
        str(REPOSITORY / "trainer"),
    ]
    from figures import measure, table

    with tempfile.TemporaryDirectory(prefix="bench-answers-") as folder:
        figures = measure(Path(folder), asked)
    print(json.dumps(figures) if asked.json else table(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
