"""`status` and `runs`: where the workspace and its runs stand."""

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from codeanvil.cli.curve import curve
from codeanvil.cli.output import Output
from codeanvil.cli.run_bar import duration
from codeanvil.cli.workspace import opened
from codeanvil.errors import RunError
from codeanvil.runs.active import BY_HAND, Active, adopt_finished, promote, rollback
from codeanvil.runs.run import Run, find
from codeanvil.runs.status import losses
from codeanvil.runs.status import status as workspace_status
from codeanvil.runs.story import listed
from codeanvil.settings import Settings

_MOST_PROBLEMS = 5


def status(arguments: argparse.Namespace, out: Output) -> None:
    """The index's report, the run that goes on (or the newest, or a named one), and the run in use."""
    root, settings = opened(arguments)
    run = find(root, settings, arguments.run) if arguments.run else None
    adopt_finished(root, settings)
    found = workspace_status(root, settings, run)
    out.document(found)
    out.pairs([("Workspace", found["workspace"]), *index_lines(found["index"]), *_run_lines(found["run"])])
    if found["run"]:
        for line in curve(losses(find(root, settings, found["run"]["id"]))):
            out.say(line)
    in_use = found["active"]
    out.pairs([("In use", f"{in_use['run']}. {in_use['why']}" if in_use else "no trained model; the index answers")])


def runs(arguments: argparse.Namespace, out: Output) -> None:
    """Every run of the workspace, newest first; or the data `card` of one, `promote` it by hand, or `rollback`."""
    root, settings = opened(arguments)
    adopt_finished(root, settings)
    if arguments.action is not None:
        _change(root, settings, arguments, out)
        return
    rows = listed(root, settings)
    out.document(rows)
    if not rows:
        out.say("There is no training run yet: start one with `codeanvil train`.")
        return
    out.table(
        ["run", "state", "preset", "base model", "step", "loss", "held out", "wordings", "right", "minutes", ""],
        [
            [
                row["id"],
                row["state"],
                row["preset"] or "",
                row["base_model"] or "",
                f"{row['step']} of {row['steps']}" if row["steps"] else "",
                _number(row["loss"]),
                _number(row["validation_loss"]),
                _number(row["wording_loss"]),
                _share(row["accuracy"]),
                f"{row['seconds'] / 60:.0f}" if row["seconds"] is not None else "",
                "in use" if row["active"] else "",
            ]
            for row in rows
        ],
    )


def _change(root: Path, settings: Settings, arguments: argparse.Namespace, out: Output) -> None:
    if arguments.action == "card":
        _card(find(root, settings, arguments.run), out)
        return
    if arguments.action == "promote":
        in_use: Active | None = promote(root, settings, find(root, settings, arguments.run), BY_HAND)
    else:
        in_use = rollback(root, settings)
    out.say(f"Run {in_use.run} is in use now." if in_use else "No trained model is in use now; the index answers.")
    out.document({"active": in_use.row() if in_use else None})


def _card(run: Run, out: Output) -> None:
    """What a run's model was taught: its data card."""
    try:
        text, card = run.folder.card_text.read_text("utf-8"), json.loads(run.folder.card.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise RunError(f"Run {run.id} has no data card: it was made by an older version, or damaged since.") from error
    out.say(text.rstrip())
    out.document(card)


def index_lines(index: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The index's report in lines for people."""
    if index["revision"] is None:
        return [("Index", next(iter(index["problems"].values()), "none yet: run `codeanvil prepare`"))]
    lines = [
        (
            "Files",
            _counts(index["files"])
            or "none that CodeAnvil reads: no source in a language it knows, and no build files",
        ),
        ("Symbols", _counts(index["symbols"])),
        ("Samples", _counts(index["samples"], most=6)),
        ("Left out", _counts(index["left_out"])),
        ("Secrets hidden", _counts(index["secrets"])),
    ]
    set_aside = [index["problems"][path] for path in index["set_aside"]]
    others = [problem for path, problem in index["problems"].items() if path not in index["set_aside"]]
    if len(others) > _MOST_PROBLEMS:
        others[_MOST_PROBLEMS:] = [f"and {len(others) - _MOST_PROBLEMS} more (--json lists all)"]
    lines += [("Set aside", "\n".join(set_aside)), ("Problems", "\n".join(others))]
    return [(name, text) for name, text in lines if text]


def _run_lines(run: Mapping[str, Any] | None) -> list[tuple[str, str]]:
    if run is None:
        return [("Run", "none yet: start one with `codeanvil train`")]
    at = f" at step {run['step']} of {run['steps']}" if run["steps"] else ""
    lines = [("Run", f"{run['id']} is {run['state']}{at} ({run['base_model']}, preset {run['preset']})")]
    if run["state"] in {"running", "queued"} and run["phase"] not in {"", "waiting"}:
        lines.append(("", run["phase"]))
    known = [
        f"loss {_number(run['loss'])}" if run["loss"] is not None else "",
        f"held out {_number(run['validation_loss'])}" if run["validation_loss"] is not None else "",
        f"{run['tokens_per_second']:,.0f} tokens/s" if run["tokens_per_second"] is not None else "",
        f"{duration(run['eta_seconds'])} left" if run["eta_seconds"] is not None else "",
    ]
    lines.append(("", ", ".join(filter(None, known))))
    lines.append(("", _machine(run)))
    lines.append(("", run["text"]))
    return [(name, text) for name, text in lines if text]


def _machine(run: Mapping[str, Any]) -> str:
    """What the run uses of the machine while it goes."""
    if run["state"] != "running":
        return ""
    known = [
        f"{run['ram_bytes'] / 2**30:.1f} GiB of memory" if run["ram_bytes"] is not None else "",
        f"{run['gpu_memory_bytes'] / 2**30:.1f} GiB of the GPU's" if run["gpu_memory_bytes"] is not None else "",
        f"GPU at {run['gpu_utilisation']:.0f}%" if run["gpu_utilisation"] is not None else "",
        f"{run['gpu_temperature']:.0f} °C" if run["gpu_temperature"] is not None else "",
    ]
    return ", ".join(filter(None, known))


def _counts(counts: Mapping[str, int], most: int = 8) -> str:
    """`1,204: 800 method, 300 class, ...`, the most frequent first."""
    if not counts:
        return ""
    by_count = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    named = [f"{count:,} {name}" for name, count in by_count[:most]]
    if len(by_count) > most:
        named.append(f"{sum(count for _, count in by_count[most:]):,} others")
    return f"{sum(counts.values()):,}: {', '.join(named)}"


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.0%}"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"
