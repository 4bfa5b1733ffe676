"""`doctor`: what this machine can train, how long it would take for this workspace, and what is missing."""

import argparse
from collections.abc import Mapping, Sequence
from typing import Any

from codeanvil.cli.output import Output
from codeanvil.cli.workspace import opened
from codeanvil.runs.doctor import examine
from codeanvil.runs.presets import PRESETS

_GIB = 2**30


def doctor(arguments: argparse.Namespace, out: Output) -> None:
    """Look at interpreter, packages, GPU, memory and disk; every problem comes with its remedy."""
    root, settings = opened(arguments)
    with out.working("Looking at this machine"):
        found = examine(root, settings)
    out.document(found)
    gpu, plan = found["gpu"], found["plan"]
    free, total = found["memory_available_bytes"], found["memory_bytes"]
    out.pairs(
        [
            ("CodeAnvil", f"{found['codeanvil']}, Python {found['python']}"),
            ("Trainer", found["interpreter"]),
            *_trainer_lines(found["trainer"]),
            ("GPU", f"{gpu['name']}, {_gib(gpu['free_bytes'])} of {_gib(gpu['total_bytes'])} free" if gpu else "none"),
            ("Processors", f"{found['cores']}"),
            ("Memory", f"{_gib(free)} of {_gib(total)} free"),
            ("Disk", f"{_gib(found['disk_free_bytes'])} free"),
            ("Trains here", f"{found['base_model']} with preset {found['preset']}, unless you say otherwise"),
            (
                "This workspace",
                "\n".join(plan["summary"][:2])
                if plan
                else "is not indexed yet: `codeanvil prepare` does that, then the time and the memory are told here",
            ),
        ]
    )
    if found["fits"]:
        out.say("")
        _fits(found["fits"], out)
    for problem in found["problems"]:
        out.say(problem)
    if not found["problems"]:
        out.say("Nothing is missing.")


def _trainer_lines(report: Mapping[str, Any] | None) -> list[tuple[str, str]]:
    """Versions, and whether 4-bit layers compute rightly."""
    if report is None:
        return []
    versions = report.get("versions") or {}
    named = [f"{name} {version or 'missing'}" for name, version in versions.items() if name != "python"]
    four_bit = report.get("four_bit") or {}
    lines = [("", ", ".join(named))] if named else []
    if four_bit:
        words = "forward and backward agree with plain weights" if four_bit["ok"] else four_bit.get("error", "wrong")
        lines.append(("4-bit layers", words))
    return lines


def _fits(rows: Sequence[Mapping[str, Any]], out: Output) -> None:
    """A line for each base model, a column for each preset: the memory it needs, and whether that is free."""
    bases = list(dict.fromkeys(row["base_model"] for row in rows))
    cells = {(row["base_model"], row["preset"]): _cell(row) for row in rows}
    to_fetch = {row["base_model"]: row["download_bytes"] for row in rows if row["download_bytes"]}
    out.table(
        ["memory a run needs", *PRESETS, "to fetch"],
        [
            [base, *(cells[base, preset] for preset in PRESETS), _gib(to_fetch[base]) if base in to_fetch else ""]
            for base in bases
        ],
    )


def _cell(row: Mapping[str, Any]) -> str:
    if row["needed_bytes"] is None:
        return "unknown"
    return f"{_gib(row['needed_bytes'])}{'' if row['fits'] else ', too much'}"


def _gib(size: int) -> str:
    return f"{size / _GIB:.1f} GiB"
