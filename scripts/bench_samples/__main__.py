"""How fast samples are made: a data set of 5,000 from an up-to-date store, and what one changed file costs.

    scripts/bench samples [--json] [--rounds N]

The workspace is packages of Python's standard library. The peer is the training guide's own way, regular expressions
over the files and fixed sentences, written out in scripts/compare_samples/guide.py: it checks nothing, varies nothing
and keeps nothing. One worker process; the two take turns; medians. `speedup` is our rows a second over the guide's,
`speedup_of_a_change` the time of the guide's whole run, which it needs after every change, over the time in which our
store and samples follow a saved file (the facts of the whole project follow behind it, as in the language server).
"""

import argparse
import json
import os
import platform
import shutil
import statistics
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

HERE = Path(__file__).parent
REPOSITORY = HERE.parents[1]
PACKAGES = ("asyncio", "concurrent", "email", "http", "importlib", "json", "logging", "multiprocessing", "unittest",
            "urllib", "xml")  # fmt: skip
CHANGED = "http/cookies.py"
SAMPLES = 5_000
GOAL_SECONDS = 5.0
GOAL_CHANGE_SECONDS = 0.050


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="scripts/bench samples", description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--rounds", type=int, default=3, help="rounds whose medians are taken (default 3)")
    asked = parser.parse_args()
    sys.path[:0] = [str(REPOSITORY), str(REPOSITORY / "server")]
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(Path(folder), asked.rounds)
    print(json.dumps(figures) if asked.json else table(figures))
    return 0


def measure(folder: Path, rounds: int) -> dict[str, Any]:
    """Everything the bench says, as one JSON object; `folder` is empty and may be written to. Times in seconds."""
    from scripts.compare_samples import guide

    from codeanvil.settings import Settings
    from codeanvil.workspace.dataset import write_dataset
    from codeanvil.workspace.index.build import build_index
    from codeanvil.workspace.index.workers import Workers
    from codeanvil.workspace.location import index_path
    from codeanvil.workspace.store.writing import StoreWriter

    root = workspace(folder / "library")
    settings = Settings.model_validate({"data_dir": str(folder / "data"), "samples": {"max": SAMPLES}})
    times: dict[str, list[tuple[float, float]]] = {"data set": [], "change": [], "guide": []}
    with Workers(1) as workers:
        report = build_index(root, settings, workers=workers)
        store_path = index_path(root, settings)

        def as_saved() -> object:
            """What the language server does about a saved file: the make-up of the whole project follows later."""
            return build_index(root, settings, only=[CHANGED], workers=workers, wholly=False)

        for number in range(rounds):
            with StoreWriter(store_path) as store, store.transaction():
                store.drop_samples()
            times["data set"].append(timed(lambda: write_dataset(root, settings, workers)))
            with (root / CHANGED).open("a", encoding="utf-8") as file:
                file.write(f"\n\nclass Added{number}:\n    def more(self):\n        return {number}\n")
            times["change"].append(timed(as_saved))
            times["guide"].append(timed(lambda: guide.write_data_set(root, folder / "guide.jsonl")))
        data = write_dataset(root, settings, workers)
    rows = {"data set": data.samples, "guide": len((folder / "guide.jsonl").read_text("utf-8").splitlines())}
    distinct = {
        "data set": _distinct(Path(data.path)),
        "guide": _distinct(folder / "guide.jsonl"),
    }
    wall = {name: statistics.median(one for one, _ in taken) for name, taken in times.items()}
    cpu = {name: statistics.median(one for _, one in taken) for name, taken in times.items()}
    return {
        "speedup": round((rows["data set"] / wall["data set"]) / (rows["guide"] / wall["guide"]), 3),
        "speedup_of_a_change": round(wall["guide"] / wall["change"], 3),
        "seconds": wall["data set"],
        "goal_seconds": GOAL_SECONDS,
        "change_seconds": wall["change"],
        "goal_change_seconds": GOAL_CHANGE_SECONDS,
        "guide_seconds": wall["guide"],
        "cpu_seconds": cpu,
        "rows": rows,
        "distinct_rows": distinct,
        "chosen_from": data.samples + data.left_out,
        "files": sum(report.files.values()),
        "symbols": sum(report.symbols.values()),
        "rounds": rounds,
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, one worker process, "
        f"Python {platform.python_version()}",
    }


def workspace(root: Path) -> Path:
    """The packages of the standard library, without their tests."""
    library = Path(sysconfig.get_path("stdlib"))
    for package in PACKAGES:
        shutil.copytree(library / package, root / package, ignore=shutil.ignore_patterns("__pycache__", "test*"))
    return root


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds by the clock, and of processor time in this process and its children."""
    cpu, start = _cpu(), time.perf_counter()
    work()
    return time.perf_counter() - start, _cpu() - cpu


def _cpu() -> float:
    process = psutil.Process()
    each = [one.cpu_times() for one in (process, *process.children())]
    return sum(times.user + times.system for times in each)


def _distinct(path: Path) -> int:
    rows = map(json.loads, path.read_text("utf-8").splitlines())
    return len({(row["instruction"], row["input"], row["output"]) for row in rows})


def table(figures: dict[str, Any]) -> str:
    """The figures for people."""
    rows, distinct, cpu = figures["rows"], figures["distinct_rows"], figures["cpu_seconds"]
    changed = figures["change_seconds"]
    return "\n".join(
        [
            f"{figures['files']} files, {figures['symbols']:,} symbols; medians of {figures['rounds']};"
            f" {figures['machine']}",
            "",
            "| | seconds | processor seconds | rows | distinct rows | goal |",
            "|---|---|---|---|---|---|",
            f"| data set, chosen from {figures['chosen_from']:,} samples made | {figures['seconds']:.2f} |"
            f" {cpu['data set']:.2f} | {rows['data set']:,} | {distinct['data set']:,} | {GOAL_SECONDS:g} s |",
            f"| one changed file: store and samples follow | {changed:.3f} | {cpu['change']:.3f} | | |"
            f" {GOAL_CHANGE_SECONDS:g} s |",
            f"| the guide's way, all of it each time | {figures['guide_seconds']:.2f} | {cpu['guide']:.2f} |"
            f" {rows['guide']:,} | {distinct['guide']:,} | |",
            "",
            f"Rows a second: {figures['speedup']:.2f} times the guide's. After a change:"
            f" {figures['speedup_of_a_change']:.1f} times as fast.",
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
