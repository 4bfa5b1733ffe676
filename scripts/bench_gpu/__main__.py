"""What the guide's run costs on the true 6.7B shape, on one GPU: ours beside the trainers that people use.

    scripts/bench gpu [--json] [--seconds N] [--again] [--only PART] [--tiny]

Random weights in NF4, the `guide` preset, lengths of a real data set. Each part (the card's ceiling; ours free to
choose, under a 16 GB cap, and with the smallest pass; the plain Trainer with peft; TRL's SFTTrainer with packing) is
measured in a process of its own and kept, so that a bench broken off goes on where it was; no part takes ten minutes.
`speedup` is ours over the plain Trainer, in tokens a second. `--tiny` tries the bench itself on a CPU, with figures
that mean nothing.
"""

import argparse
import contextlib
import hashlib
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
REPOSITORY = HERE.parents[1]
WORKSPACE = REPOSITORY / "tests" / "workspaces" / "dicom-viewer"
PART_SECONDS = 600


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="scripts/bench gpu", description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--seconds", type=float, default=90, help="seconds each part is measured for (default 90)")
    parser.add_argument("--again", action="store_true", help="measure again what was kept")
    parser.add_argument("--only", metavar="PART", help="one part alone, as JSON")
    parser.add_argument("--tiny", action="store_true", help="try the bench itself on a CPU, with a tiny shape")
    asked = parser.parse_args()
    sys.path[:0] = [str(HERE), str(REPOSITORY / "server"), str(REPOSITORY / "trainer")]
    import torch

    if not asked.tiny and not torch.cuda.is_available():
        print(
            "scripts/bench gpu: torch sees no GPU here. Run it on a machine with an NVIDIA GPU and torch built for "
            "CUDA, or try the bench itself with --tiny.",
            file=sys.stderr,
        )
        return 1
    if asked.only:
        with contextlib.redirect_stdout(sys.stderr):  # the peers print
            found = one_part(asked.only, tiny=asked.tiny, seconds=asked.seconds)
        print(json.dumps(found))
        return 0
    from figures import summary, table
    from parts import NAMES

    kept = Kept(tiny=asked.tiny, again=asked.again or asked.tiny)
    for name in NAMES:
        if name not in kept.results:
            print(f"measuring: {name}", file=sys.stderr)
            kept.add(name, in_its_own_process(name, asked))
    figures = summary({name: kept.results[name] for name in NAMES})
    print(json.dumps(figures) if asked.json else table(figures))
    return 0


class Kept:
    """Results of earlier parts on this card with this code, in the user's cache folder."""

    def __init__(self, *, tiny: bool, again: bool) -> None:
        import platformdirs
        import torch

        card = "cpu" if tiny else torch.cuda.get_device_name()
        key = hashlib.sha256(f"{card} {_code()}".encode()).hexdigest()[:16]
        self._path = Path(platformdirs.user_cache_dir("codeanvil", appauthor=False)) / f"bench-gpu-{key}.json"
        self._keeps = not tiny
        self.results: dict[str, Any] = {}
        if not again:
            with contextlib.suppress(OSError, ValueError):
                self.results = json.loads(self._path.read_text("utf-8"))

    def add(self, name: str, found: dict[str, Any]) -> None:
        """Keep a part; one that failed is tried again next time."""
        self.results[name] = found
        if self._keeps:
            from codeanvil.contract import write_atomic

            good = {name: one for name, one in self.results.items() if "missing" not in one}
            write_atomic(self._path, json.dumps(good, indent=1))


def in_its_own_process(name: str, asked: argparse.Namespace) -> dict[str, Any]:
    """`--only name`; a part that fails says so in the place of its figures."""
    command = [sys.executable, str(HERE), "--only", name, "--seconds", str(asked.seconds)]
    if asked.tiny:
        return one_part(name, tiny=True, seconds=asked.seconds)
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, timeout=PART_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return {"missing": f"not done within {PART_SECONDS} s"}
    if done.returncode:
        return {"missing": f"failed with exit code {done.returncode}; see above"}
    return dict(json.loads(done.stdout))


def one_part(name: str, *, tiny: bool, seconds: float) -> dict[str, Any]:
    """Measure a part in this process."""
    import torch
    import transformers
    from parts import make_bench, measure

    from codeanvil.settings import Settings
    from codeanvil.workspace.dataset import write_dataset
    from codeanvil.workspace.index.build import build_index

    transformers.logging.set_verbosity_error()
    if tiny:
        torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(sys.stderr):
        settings = Settings.model_validate({"data_dir": folder})
        build_index(WORKSPACE, settings)
        data = Path(write_dataset(WORKSPACE, settings).path)
        return measure(name, make_bench(Path(folder), data, tiny=tiny, seconds=seconds))


def _code() -> str:
    """The state of the trainer's and this bench's sources."""
    files = sorted([*(REPOSITORY / "trainer").rglob("*.py"), *HERE.glob("*.py")])
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
