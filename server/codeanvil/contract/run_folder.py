"""The folder of a training run, and what processes write there for each other: events, a request to stop, a report."""

import contextlib
import json
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, Field

from codeanvil.contract.files import write_atomic


@dataclass(frozen=True, slots=True)
class RunFolder:
    """Where everything of one run lies. The folder is the whole truth about the run."""

    path: Path

    @property
    def id(self) -> str:
        """The run's name: the folder's name."""
        return self.path.name

    @property
    def manifest(self) -> Path:
        """`manifest.json`: id, created (ISO 8601 UTC), workspace, code_revision, data counts."""
        return self.path / "manifest.json"

    @property
    def config(self) -> Path:
        """`config.json`: the RunConfig."""
        return self.path / "config.json"

    @property
    def train_data(self) -> Path:
        """Training rows (Alpaca JSON lines)."""
        return self.path / "data" / "train.jsonl"

    @property
    def validation_data(self) -> Path:
        """Rows of facts that no training row teaches."""
        return self.path / "data" / "validation.jsonl"

    @property
    def questions(self) -> Path:
        """Held-out questions with what an answer must contain (see `codeanvil evaluate`)."""
        return self.path / "data" / "questions.jsonl"

    @property
    def general_data(self) -> Path:
        """General coding instructions that are never trained on: loss on them tells of forgetting."""
        return self.path / "data" / "general.jsonl"

    @property
    def card(self) -> Path:
        """`card.json`: what the rows of the run are; `tokens` is added by the trainer (`add_tokens`)."""
        return self.path / "card.json"

    @property
    def card_text(self) -> Path:
        """`card.md`: the same for people."""
        return self.path / "card.md"

    @property
    def comparison(self) -> Path:
        """`comparison.jsonl`: {"id", "model", "text"}, the held-out questions answered by the `new` model and by the
        `current` one; written before `finished`."""
        return self.path / "comparison.jsonl"

    @property
    def events(self) -> Path:
        """`events.jsonl`: one event a line, appended by the trainer only."""
        return self.path / "events.jsonl"

    @property
    def log(self) -> Path:
        """Standard output and error of the trainer."""
        return self.path / "log.txt"

    @property
    def checkpoints(self) -> Path:
        """`step-<n>/` folders, each complete or absent."""
        return self.path / "checkpoints"

    @property
    def adapter(self) -> Path:
        """The trained adapter (peft layout, safetensors)."""
        return self.path / "adapter"

    @property
    def merged(self) -> Path:
        """Merged full-precision model (safetensors)."""
        return self.path / "merged"

    @property
    def token_cache(self) -> Path:
        """Samples in tokens, kept from run to run: `tokens/` in the data folder, for a run that lies in its `runs/`."""
        return (self.path.parents[1] if self.path.parent.name == "runs" else self.path) / "tokens"

    @property
    def report(self) -> Path:
        """`report.json`: what the run reached; sections are added by train, merge and evaluate."""
        return self.path / "report.json"

    @property
    def process(self) -> Path:
        """`process.json`, written by the launcher: pid, its creation time, when this attempt was started, and the
        device that it is for: `cpu`, or what names a GPU in CUDA_VISIBLE_DEVICES."""
        return self.path / "process.json"

    @property
    def lock(self) -> Path:
        """Held with flock by the trainer while it trains: a run is running exactly when this is locked."""
        return self.path / "lock"

    @property
    def stop_request(self) -> Path:
        """Created by whoever wants the run to stop; the trainer saves a checkpoint, removes it and exits.

        `pause` in it: the run means to go on, and its last event is `paused`.
        """
        return self.path / "stop"

    @property
    def heartbeat(self) -> Path:
        """Touched by the run's process every


        HEARTBEAT_SECONDS while it lives."""
        return self.path / "heartbeat"


HEARTBEAT_SECONDS = 5.0

PAUSE = "pause"


def stop_kind(folder: RunFolder) -> Literal["stopped", "paused"]:
    """What a run becomes that is asked to stop now: `paused` where the request says so."""
    try:
        return "paused" if folder.stop_request.read_text("utf-8").strip() == PAUSE else "stopped"
    except OSError:
        return "stopped"


EventKind = Literal[
    "waiting",  # reason (queue, power, load), place (how many runs are before it, or None), text: one sentence
    "phase",  # text: loading, tokenising, training, merging, ...
    "started",  # steps, epochs, trainable_parameters, total_parameters, train_tokens, train_samples,
    # resumed_from, processes, pass_tokens, gradient_checkpointing, moments, memory_bytes {needed, free, probed}
    "step",  # step, steps, epoch, loss, lr, grad_norm, tokens_per_second, samples_per_second, eta_seconds,
    # ram_bytes, gpu_memory_bytes, gpu_utilisation (percent), gpu_temperature (°C); None without a GPU
    "validation",  # step, loss, perplexity, best
    "checkpoint",  # step, path (relative to the run folder)
    "notice",  # text: one sentence for the user (guards, early stop, what was cut)
    "finished",  # step, loss, validation_loss, seconds
    "stopped",  # step; can be resumed
    "paused",  # step; the same, and means to be
    "failed",  # text: one sentence that names the remedy
]


class Event(BaseModel):
    """One line of `events.jsonl`. `data` holds the fields listed beside the kind above."""

    kind: EventKind
    time: float = Field(default_factory=time.time, description="Seconds since the epoch.")
    data: dict[str, Any] = Field(default_factory=dict)


def append_event(folder: RunFolder, kind: EventKind, **data: Any) -> Event:
    """Append one event as a whole line, so that a reader never sees half of it."""
    event = Event(kind=kind, data=data)
    line = event.model_dump_json().encode() + b"\n"
    fd = os.open(folder.events, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    try:
        os.write(fd, line)
    finally:
        os.close(fd)
    return event


def read_events(folder: RunFolder, offset: int = 0) -> tuple[list[Event], int]:
    """Events from byte `offset` on, and the offset to go on from. A half-written last line is left for later."""
    try:
        with folder.events.open("rb") as file:
            file.seek(offset)
            data = file.read()
    except FileNotFoundError:
        return [], offset
    whole = data.rfind(b"\n") + 1
    events = []
    for line in data[:whole].splitlines():
        with contextlib.suppress(ValueError):
            events.append(Event.model_validate_json(line))
    return events, offset + whole


def update_report(folder: RunFolder, section: str, values: Mapping[str, Any]) -> None:
    """Set one section of `report.json`, atomically, keeping the others."""
    try:
        report = json.loads(folder.report.read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        report = {}
    report[section] = dict(values)
    write_atomic(folder.report, json.dumps(report, indent=2) + "\n")
