"""The figures of the bench, their goals, and the table of them."""

import platform
import statistics
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
import runs
from answering import answering
from workspace import make_workspace


def measure(folder: Path, files: int, rounds: int, saves: int) -> dict[str, Any]:
    """Everything the bench says, as one JSON object; `folder` is empty and may be written to. Times in seconds."""
    root = folder / "workspace"
    make_workspace(root, files)
    times: dict[str, list[float]] = {"ctags": [], "bare": [], "cold": [], "reopened": []}
    work: dict[str, list[float]] = {"ctags": [], "bare": [], "cold": []}
    cold = reopened = None
    for _ in range(rounds):
        for name, run in (("ctags", runs.ctags), ("bare", runs.bare)):
            seconds, spent = run(root)
            times[name].append(seconds)
            work[name].append(spent)
        cold = runs.cold(root)
        times["cold"].append(cold.seconds)
        work["cold"].append(cold.work)
        reopened = runs.reopened(root)
        times["reopened"].append(reopened.seconds)
    served = answering(root, runs.SETTINGS)
    assert cold is not None and reopened is not None, "there must be a round"
    saved = runs.saves(root, saves)
    median = {name: statistics.median(values) for name, values in times.items()}
    worked = {name: statistics.median(values) for name, values in work.items()}
    return {
        "speedup": round(median["ctags"] / median["cold"], 3),
        "times_ctags": round(median["cold"] / median["ctags"], 2),
        "of_bare_throughput": round(median["bare"] / median["cold"], 3),
        "work_times_ctags": round(worked["cold"] / worked["ctags"], 2),
        "work_of_bare": round(worked["bare"] / worked["cold"], 3),
        "reopened_share": round(median["reopened"] / median["cold"], 3),
        "reopened_parsed": len(reopened.report.parsed),
        "save_p50_ms": round(1000 * percentile(saved, 50)),
        "save_p95_ms": round(1000 * percentile(saved, 95)),
        "loop_delay_p99_ms": round(1000 * percentile(served.loop, 99), 1),
        "hover_p50_ms": round(1000 * percentile(served.hovers, 50), 1),
        "hover_p99_ms": round(1000 * percentile(served.hovers, 99), 1),
        "hovers": len(served.hovers),
        "cards": served.cards,
        "memory_mb": round(cold.memory),
        "workers_memory_mb": round(cold.workers_memory),
        "seconds": {name: [round(value, 2) for value in values] for name, values in times.items()},
        "work_seconds": {name: [round(value, 2) for value in values] for name, values in work.items()},
        "files": sum(cold.report.files.values()),
        "lines": _lines(root),
        "symbols": sum(cold.report.symbols.values()),
        "rounds": rounds,
        "saves": len(saved),
        "ctags": _first_line(["ctags", "--version"]),
        "machine": machine(),
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
    }


def table(figures: dict[str, Any]) -> str:
    """The figures for people, with the goals."""
    rows = [
        ("cold index, times universal-ctags' time", figures["times_ctags"], "at most 5"),
        ("throughput, share of bare tree-sitter's", figures["of_bare_throughput"], "at least 0.75"),
        ("the same of processors' time", f"{figures['work_times_ctags']} and {figures['work_of_bare']}", "none"),
        ("reopening unchanged, share of the cold time", figures["reopened_share"], "below 0.1"),
        ("files parsed when reopened", figures["reopened_parsed"], "0"),
        ("from a save to its samples, p95 (p50)", f"{figures['save_p95_ms']} ms ({figures['save_p50_ms']})", "150 ms"),
        ("server's loop delayed while the cold index runs, p99", f"{figures['loop_delay_p99_ms']} ms", "below 20 ms"),
        ("hover meanwhile, p99 (p50)", f"{figures['hover_p99_ms']} ms ({figures['hover_p50_ms']})", "none"),
        ("memory of the index process (its workers)",
         f"{figures['memory_mb']} MB ({figures['workers_memory_mb']})", "below 400 MB"),
    ]  # fmt: skip
    medians = ", ".join(f"{name} {statistics.median(each):.2f} s" for name, each in figures["seconds"].items())
    return "\n".join(
        [
            f"{figures['files']:,} files, {figures['lines']:,} lines, {figures['symbols']:,} symbols; "
            f"medians of {figures['rounds']} rounds: {medians}",
            "",
            "| measured | figure | goal |",
            "|---|---|---|",
            *(f"| {name} | {figure} | {goal} |" for name, figure, goal in rows),
            "",
            f"{figures['machine']}; {figures['ctags']}; {figures['date']}",
        ]
    )


def percentile(values: Sequence[float], percent: int) -> float:
    """The value that so many percent of `values` do not exceed; 0 without values."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)] if ordered else 0.0


def machine() -> str:
    """What was measured on, and how busy others kept it."""
    load = psutil.getloadavg()[0]
    cores = psutil.cpu_count()
    return f"{platform.machine()}, {cores} cores, Python {platform.python_version()}, load {load:.1f} at the end"


def _lines(root: Path) -> int:
    return sum(
        path.read_bytes().count(b"\n") for path in root.rglob("*") if path.is_file() and ".codeanvil" not in path.parts
    )


def _first_line(command: list[str]) -> str:
    return (
        subprocess.run(command, check=True, capture_output=True, text=True).stdout.split("\n", 1)[0].partition(",")[0]
    )
