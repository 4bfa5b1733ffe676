"""The figures of the bench, their goals, and the table of them."""

import argparse
import asyncio
import os
import platform
import statistics
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from client import Client
from first_token import first_tokens
from large import Point, make_large, points, questions
from peers import Peers
from training import training

from codeanvil.answers.ask import prepare
from codeanvil.workspace.store import Store


def measure(folder: Path, asked: argparse.Namespace) -> dict[str, Any]:
    """Everything the bench says, as one JSON object; `folder` is empty and may be written to. Times in milliseconds."""
    root = folder / "workspace"
    with make_large(root, asked.symbols) as store:
        symbols = sum(store.report().symbols.values())
        where, what = points(store, asked.hovers), questions(store, asked.questions)
        peers = Peers(root, folder)
        names = list(dict.fromkeys(name for _, name in what if name))[: asked.peers]
        with training(folder):
            load = os.getloadavg()[0]
            hovers, answers = asyncio.run(_served(root, where, [question for question, _ in what]))
            looked = [(peers.readtags(name), peers.grep(name)) for name in names]
        cpu = [_cpu(question, store) for question, _ in what]
        prompts = []
        for question, name in what[:: max(1, len(what) // asked.tokens)][: asked.tokens]:
            evidence = prepare(question, store).evidence[:1200]
            prompts.append(f"{question}\n\n{evidence}" if name else question)
    tokens = first_tokens(folder, prompts)
    whole, evidence_only = [a for a, _ in answers], [b for _, b in answers]
    readtags, both = statistics.median(a for a, _ in looked), statistics.median(a + b for a, b in looked)
    return {
        "speedup": round(both / statistics.median(whole), 2),
        "speedup_over_readtags": round(readtags / statistics.median(hovers), 2),
        "hover_p50_ms": round(statistics.median(hovers), 2),
        "hover_p95_ms": round(percentile(hovers, 95), 2),
        "evidence_p50_ms": round(statistics.median(evidence_only), 1),
        "evidence_p95_ms": round(percentile(evidence_only, 95), 1),
        "evidence_cpu_p50_ms": round(statistics.median(cpu), 1),
        "evidence_cpu_p95_ms": round(percentile(cpu, 95), 1),
        "answer_p50_ms": round(statistics.median(whole), 1),
        "answer_p95_ms": round(percentile(whole, 95), 1),
        "readtags_ms": round(readtags, 1),
        "readtags_and_grep_ms": round(both, 1),
        "first_token_overhead_p50_ms": round(statistics.median(a - b for a, b in tokens), 1),
        "first_token_overhead_p95_ms": round(percentile([a - b for a, b in tokens], 95), 1),
        "first_token_ms": round(statistics.median(a for a, _ in tokens), 1),
        "first_token_bare_ms": round(statistics.median(b for _, b in tokens), 1),
        "symbols": symbols,
        "hovers": len(hovers),
        "questions": len(answers),
        "load": round(load, 1),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
    }


async def _served(
    root: Path, where: Sequence[Point], what: Sequence[str]
) -> tuple[list[float], list[tuple[float, float]]]:
    """Times of hovers that say something, and of answers with the evidence's share, by one server."""
    async with Client(root) as client:
        await client.hover(where[0])
        await client.ask(what[0])  # the first one loads what the others use
        hovers = [milliseconds for milliseconds, told in [await client.hover(point) for point in where] if told]
        print(f"{len(hovers)} of {len(where)} hovers say something", file=sys.stderr)
        return hovers, [await client.ask(question) for question in what]


def _cpu(question: str, store: Store) -> float:
    """Milliseconds of CPU that the evidence for a question costs, whatever else the machine does."""
    started = time.thread_time()
    prepare(question, store)
    return 1000 * (time.thread_time() - started)


def table(figures: dict[str, Any]) -> str:
    """The figures for people, with the goals."""
    rows = [
        ("hover, p95 (p50)", f"{figures['hover_p95_ms']} ms ({figures['hover_p50_ms']})", "below 10 ms"),
        (
            "CPU time of the evidence, p95 (p50)",
            f"{figures['evidence_cpu_p95_ms']} ms ({figures['evidence_cpu_p50_ms']})",
            "",
        ),
        (
            "evidence for a question, p95 (p50)",
            f"{figures['evidence_p95_ms']} ms ({figures['evidence_p50_ms']})",
            "below 60 ms",
        ),
        ("whole answer from facts, p95 (p50)", f"{figures['answer_p95_ms']} ms ({figures['answer_p50_ms']})", ""),
        ("readtags and grep of the same names, p50", f"{figures['readtags_and_grep_ms']} ms", ""),
        ("an answer is quicker than readtags and grep by", figures["speedup"], ""),
        ("readtags alone, p50", f"{figures['readtags_ms']} ms", ""),
        ("a hover is quicker than readtags alone by", figures["speedup_over_readtags"], ""),
        (
            "first piece of text, the host's over bare generate's, p50 (p95)",
            f"{figures['first_token_overhead_p50_ms']} ms ({figures['first_token_overhead_p95_ms']})",
            "below 50 ms",
        ),
    ]  # fmt: skip
    head = (
        f"{figures['symbols']:,} symbols, {figures['hovers']} hovers and {figures['questions']} questions while a "
        f"model is trained (load {figures['load']}); {figures['machine']}; {figures['date']}"
    )
    lines = [head, "", "| measured | figure | goal |", "|---|---|---|"]
    return "\n".join([*lines, *(f"| {name} | {value} | {goal} |" for name, value, goal in rows)])


def percentile(values: Sequence[float], share: int) -> float:
    """The value below which so many percent of `values` lie, by the nearest rank."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * share // 100) - 1)]
