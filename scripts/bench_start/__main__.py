"""How soon `codeanvil train` trains on a large project, and how the machine feels meanwhile.

    scripts/bench start [--json] [--files N]

Indexes a project of N files (default 1,000, of Python's standard library) and trains the embedded model on it, by the
command that a user gives; nothing is there before. Then another program's latency is measured: short work that is due
every 20 ms, in a session of its own, taking turns while the run goes, while it is paused, and while as many processes
compute at normal priority as there are cores (what a trainer on all cores does). `seconds` are from the command
to the first step; `cpu_seconds` what all processes had worked by then. Other load falls on all alike: `load` tells it.
"""

import argparse
import contextlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil

HERE = Path(__file__).parent
REPOSITORY = HERE.parents[1]
LIMIT_SECONDS = 300.0
ROUNDS = 3


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="scripts/bench start", description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--files", type=int, default=1000, help="files of the project (default 1,000)")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        figures = measure(project(Path(name) / "project", asked.files), Path(name) / "cache")
    print(json.dumps(figures) if asked.json else table(figures))
    return 0


def project(root: Path, files: int) -> Path:
    """So many files of the standard library, its own before its tests."""
    library = Path(sysconfig.get_paths()["stdlib"])
    found = (path for path in library.rglob("*.py") if "site-packages" not in path.parts)
    for path in sorted(found, key=lambda path: ("test" in path.parts, path))[:files]:
        target = root / path.relative_to(library)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    return root


def measure(root: Path, cache: Path) -> dict[str, Any]:
    """Everything the bench says, as one JSON object."""
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join(str(REPOSITORY / part) for part in ("server", "trainer")),
        "XDG_CACHE_HOME": str(cache),
        "CUDA_VISIBLE_DEVICES": "",
    }
    command = [sys.executable, "-P", "-m", "codeanvil.cli"]
    load = os.getloadavg()[0]
    begun = time.time()
    train = subprocess.Popen(
        [*command, "train", str(root), "--set", "epochs=50"], env=environment, stdout=2, start_new_session=True
    )
    try:
        told = first_events(root, train, begun)
        told["cpu_seconds"] = round(worked(train.pid) + worked(run_process(root)), 1)
        latencies: dict[str, list[float]] = {"paused": [], "training": [], "all cores busy": []}
        trainer = psutil.Process(run_process(root))
        for _ in range(ROUNDS):
            latencies["training"] += latency()
            trainer.suspend()
            latencies["paused"] += latency()
            with busy_cores():
                latencies["all cores busy"] += latency()
            trainer.resume()
    finally:
        subprocess.run([*command, "stop", str(root)], env=environment, stdout=2, check=False)
        train.wait(60)
    return {
        **told,
        "load": round(load, 1),
        "cores": os.cpu_count(),
        "latency_ms": {name: percentiles(values) for name, values in latencies.items()},
        "slowdown": round(statistics.median(latencies["training"]) / statistics.median(latencies["paused"]), 2),
    }


def first_events(root: Path, train: "subprocess.Popen[bytes]", begun: float) -> dict[str, Any]:
    """Seconds from the command to the run's first word and to its first step."""
    while time.time() - begun < LIMIT_SECONDS and train.poll() is None:
        for path in root.glob(".codeanvil/runs/*/events.jsonl"):
            events = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
            steps = [event["time"] for event in events if event["kind"] == "step"]
            if steps:
                return {"first_word": round(events[0]["time"] - begun, 1), "seconds": round(steps[0] - begun, 1)}
        time.sleep(0.05)
    raise SystemExit(f"No step was taken within {LIMIT_SECONDS:.0f} s.")


def run_process(root: Path) -> int:
    """The number of the run's process."""
    return int(json.loads(next(root.glob(".codeanvil/runs/*/process.json")).read_text("utf-8"))["pid"])


def worked(pid: int) -> float:
    """Processor seconds of a process and all that it started."""
    process = psutil.Process(pid)
    times = process.cpu_times()
    total = times.user + times.system + times.children_user + times.children_system
    for child in process.children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            total += sum(child.cpu_times()[:2])
    return total


LATENCY = """
import json, time
taken = []
for _ in range(150):
    due = time.perf_counter() + 0.02
    time.sleep(0.02)
    sum(range(100_000))
    taken.append((time.perf_counter() - due) * 1000)
print(json.dumps(taken))
"""


def latency() -> list[float]:
    """Milliseconds from when work is due until it is done, in another process with a session of its own."""
    command = [sys.executable, "-c", LATENCY]
    done = subprocess.run(command, capture_output=True, check=True, start_new_session=True)
    return list(json.loads(done.stdout))


@contextlib.contextmanager
def busy_cores() -> Iterator[None]:
    """A process at normal priority for each core that computes."""
    command = [sys.executable, "-c", "while True: sum(range(100_000))"]
    started = [subprocess.Popen(command, start_new_session=True) for _ in range(os.cpu_count() or 1)]
    try:
        yield
    finally:
        for process in started:
            process.kill()
            process.wait()


def percentiles(values: list[float]) -> dict[str, float]:
    """The middle and the 95th."""
    cuts = statistics.quantiles(values, n=20)
    return {"p50": round(cuts[9], 2), "p95": round(cuts[18], 2)}


def table(figures: dict[str, Any]) -> str:
    """The figures in lines."""
    lines = [
        f"first word of the run after {figures['first_word']} s, first step after {figures['seconds']} s "
        f"({figures['cpu_seconds']} processor seconds), load {figures['load']} on {figures['cores']} cores",
        f"{'another program, ms':<24}{'p50':>8}{'p95':>8}",
    ]
    lines += [f"{name:<24}{row['p50']:>8}{row['p95']:>8}" for name, row in figures["latency_ms"].items()]
    return "\n".join([*lines, f"work takes {figures['slowdown']} times as long while the run goes"])


if __name__ == "__main__":
    sys.exit(main())
