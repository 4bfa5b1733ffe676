"""How fast the index is: beside universal-ctags and bare tree-sitter, and what a reopening and a save cost.

    scripts/bench index [--json] [--files N] [--rounds N] [--saves N]

The workspace is made of what is installed here: Python's standard library and the environment's packages, and the C and
C++ headers among them. In each round all three read the same files, from a new process to its end: ours with two
workers, until hover and ask have all they need; ctags as it comes, with one process; tree-sitter in two processes that
parse and run the same queries and do nothing else; all below normal priority, as the index is. The rounds take turns,
and medians are compared, since others may use the machine. `speedup` is ctags' time over ours, `of_bare_throughput`
bare tree-sitter's time over ours. `work_times_ctags` and `work_of_bare` are the same of the processors' time, which
hangs less on what others do. At the end a real language server indexes the workspace once more from nothing and
is asked for hovers all the while, and files are saved one after another.
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
    parser = argparse.ArgumentParser(prog="scripts/bench index", description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--files", type=int, default=10_000, help="files of the workspace (default 10,000)")
    parser.add_argument("--rounds", type=int, default=3, help="rounds whose medians are taken (default 3)")
    parser.add_argument("--saves", type=int, default=40, help="saves that are timed (default 40)")
    asked = parser.parse_args()
    sys.path[:0] = [str(HERE), str(REPOSITORY / "server")]
    from figures import measure, table

    with tempfile.TemporaryDirectory(prefix="bench-index-") as folder:
        figures = measure(Path(folder), asked.files, asked.rounds, asked.saves)
    print(json.dumps(figures) if asked.json else table(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
