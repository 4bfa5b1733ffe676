"""What the server and the trainer both read: run configuration, run folder, events, messages.

The two sides are separate processes, perhaps of separate interpreters. All they say to each other
is in the files described here and in the model host's HTTP. This module imports nothing of either.
"""

import contextlib
import json
import os
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

EMBEDDED = "embedded"
"""The base model that CodeAnvil carries with it: small, a demonstration, needs no hub and no GPU."""

GUIDE_TARGETS = ("q_proj", "k_proj", "v_proj", "o_proj")

QUANTIZATIONS = ("f32", "f16", "bf16", "q8_0", "q5_1", "q5_0", "q4_1", "q4_0")
"""Of a GGUF export, most precise first."""

DEFAULT_QUANTIZATION = "q8_0"
"""Half of 16 bits, and on the embedded model every answer is still the same (README, "Measured")."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)


class LoraConfig(_Strict):
    """The adapter. `target_modules` is the module names, or `all-linear` for every linear layer but the head."""

    r: int = Field(128, ge=1, description="Rank of the update BA.")
    alpha: int = Field(256, ge=1, description="The update is scaled by alpha / r.")
    dropout: float = Field(0.05, ge=0, lt=1)
    target_modules: tuple[str, ...] | Literal["all-linear"] = GUIDE_TARGETS
    train_embeddings: bool = Field(
        False, description="Train token embeddings (and the head tied to them) beside the adapter, for new names."
    )


class OptimizerConfig(_Strict):
    """AdamW, linear warm-up, cosine decay to `min_lr_ratio` of the peak."""

    learning_rate: float = Field(5e-4, gt=0)
    betas: tuple[float, float] = (0.9, 0.999)
    eps: float = Field(1e-8, gt=0)
    weight_decay: float = Field(0.01, ge=0)
    warmup_ratio: float = Field(0.05, ge=0, lt=1)
    min_lr_ratio: float = Field(0.1, ge=0, le=1)
    max_grad_norm: float = Field(1.0, gt=0)
    moments: Literal["auto", "fp32", "8bit"] = Field(
        "auto", description="AdamW's two moments; auto takes 8 bits (paged on a GPU) only where memory asks for it."
    )


class RunConfig(_Strict):
    """Everything that decides a training run; written to `config.json` before the run starts."""

    base_model: str = Field(EMBEDDED, description="`embedded`, a local path, or a Hugging Face name.")
    start_from: str | None = Field(
        None, description="Folder of trained weights to go on from, in the place of a fresh adapter."
    )
    compare_with: str | None = Field(
        None, description="Folder of merged weights in use when the run was launched; None is the base model."
    )
    preset: str = "cpu"
    method: Literal["qlora", "lora", "full"] = "qlora"
    lora: LoraConfig = LoraConfig()
    optimizer: OptimizerConfig = OptimizerConfig()
    epochs: float = Field(10, gt=0)
    max_tokens: int | None = Field(
        None, ge=1, description="Stop after about this many training tokens, whatever `epochs` says."
    )
    data_tokens: int | None = Field(
        None, ge=1_000, description="Most tokens of the training set: few facts in many wordings, for small models."
    )
    max_length: int = Field(2048, ge=32, description="Longest sample in tokens; longer ones are cut and counted.")
    pack_length: int = Field(2048, ge=32, description="Tokens per packed row; at least `max_length`.")
    micro_batch_rows: int = Field(1, ge=1, description="Packed rows per forward pass.")
    accumulate: int = Field(8, ge=1, description="Forward passes per optimizer step.")
    tokens_per_pass: int | None = Field(
        None,
        ge=32,
        description="Most tokens of a forward pass, of a step of micro_batch_rows x accumulate rows. "
        "None: on a GPU as many as fit into its memory, on a CPU micro_batch_rows x pack_length.",
    )
    eval_every: int = Field(500, ge=1, description="Steps between validations; also at each epoch's end.")
    save_every: int = Field(500, ge=1, description="Steps between checkpoints; also at each epoch's end.")
    keep_checkpoints: int = Field(2, ge=1, description="Newest checkpoints kept, beside the best.")
    early_stop_evals: int = Field(
        3, ge=0, description="Stop when validation loss has not improved for so many validations; 0 never."
    )
    gradient_checkpointing: bool | Literal["auto"] = Field(
        "auto", description="Activations made twice and not kept; auto: only where memory asks for it."
    )
    memory_gb: float | None = Field(
        None, gt=0, description="Most GiB of the GPU, or of RAM without one, to be used; None is what is free."
    )
    seed: int = 0
    threads: int = Field(0, ge=0, description="CPU threads for torch; 0 chooses.")
    only_on_mains: bool = Field(False, description="Go only while the machine is on mains power; else wait.")
    only_when_idle: bool = Field(False, description="Go only while others leave the processors alone; else wait.")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.pack_length < self.max_length:
            raise ValueError(
                f"pack_length ({self.pack_length}) is shorter than max_length ({self.max_length}): raise pack_length"
            )
        return self


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
        """Touched by the run's process every HEARTBEAT_SECONDS while it lives."""
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


def write_atomic(path: Path, content: str | bytes, mode: int = 0o644) -> None:
    """Replace `path`: after a crash there is the old file or the new one, never a part. Raises OSError.

    The file is never readable by more than `mode` allows, not even for a moment.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    fd, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(fd, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(mode)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def read_json_lines(path: Path) -> Iterator[dict[str, Any]]:
    """Objects of a JSON-lines file; blank lines are passed over. Raises OSError, ValueError."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            if line.strip():
                yield json.loads(line)


def update_report(folder: RunFolder, section: str, values: Mapping[str, Any]) -> None:
    """Set one section of `report.json`, atomically, keeping the others."""
    try:
        report = json.loads(folder.report.read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        report = {}
    report[section] = dict(values)
    write_atomic(folder.report, json.dumps(report, indent=2) + "\n")


TOKENS_UNKNOWN = "Tokens are counted when the training starts."
"""The line of `card.md` in whose place `add_tokens` says how many there are."""


def add_tokens(folder: RunFolder, lengths: Sequence[int], *, cut: int, dropped: int, most: int) -> None:
    """Tell in the data card how long the training rows are, in tokens of the base; nothing where there is no card.

    `lengths` are of the rows as they are trained on: at most `most` tokens, `cut` of them without their end; `dropped`
    rows had no room for an answer.
    """
    try:
        card = json.loads(folder.card.read_text("utf-8"))
        text = folder.card_text.read_text("utf-8")
    except (OSError, ValueError):
        return
    if card.get("tokens") or not lengths:
        return
    ordered, count = sorted(lengths), len(lengths)
    median = (ordered[(count - 1) // 2] + ordered[count // 2]) / 2
    figures = {"total": sum(lengths), "mean": round(sum(lengths) / count, 1), "median": median, "max": ordered[-1]}
    card["tokens"] = figures | {"cut": cut, "dropped": dropped, "limit": most}
    told = (
        f"Tokens of the base's tokenizer: {figures['total']:,} in all; {figures['mean']:g} a row on average, median "
        f"{median:g}, at most {ordered[-1]:,}. {cut:,} answers were cut at {most:,} tokens, {dropped:,} rows left out "
        "because their question alone is longer."
    )
    write_atomic(folder.card, json.dumps(card, indent=2) + "\n")
    write_atomic(folder.card_text, text.replace(TOKENS_UNKNOWN, told))


def messages(instruction: str, evidence: str = "") -> list[dict[str, str]]:
    """The conversation a model sees, in training and in asking alike: one user turn.

    The base model's own chat template turns it into tokens. `evidence` is the Alpaca `input`.
    """
    return [{"role": "user", "content": f"{instruction}\n\n{evidence}" if evidence else instruction}]


class Weights(_Strict):
    """A model to answer with: base and adapter, or merged weights; and the name it goes by."""

    base_model: str = EMBEDDED
    adapter: Path | None = None
    merged: Path | None = Field(None, description="A merged model instead of base and adapter.")
    model_name: str = "base"


class ServeConfig(Weights):
    """What a model host loads; a JSON file given to `python -m codeanvil_trainer serve FILE`.

    The host writes `state_file` ({"url", "token", "pid", "model"}, mode 0600) once it listens and removes it when it
    ends. `POST /load` with Weights puts others in the place of its own. On a GPU it ends as soon as one of the `runs`
    is being trained: the GPU is theirs.
    """

    state_file: Path
    runs: Path | None = Field(None, description="Folder of the training runs that come first on a GPU.")
    host: str = "127.0.0.1"
    port: int = Field(0, ge=0, le=65535, description="0 takes a free one.")
    idle_unload_seconds: float = Field(300, gt=0, description="Exit after so long without a request.")
    threads: int = Field(0, ge=0)


class GenerateRequest(_Strict):
    """A batch to answer offline: `python -m codeanvil_trainer generate FILE`; prints {"id", "model", "text"} lines.

    `models` maps a label to a folder of merged weights, or to null for the base itself. With `general_data`, rows of
    instructions, each model's losses on them follow as {"model", "losses"}: nats per label token, one for each row.
    """

    base_model: str = EMBEDDED
    models: Mapping[str, Path | None]
    prompts: Sequence["Prompt"]
    general_data: Path | None = None
    max_new_tokens: int = Field(192, ge=1)
    batch_size: int = Field(16, ge=1)
    threads: int = Field(0, ge=0)


class Prompt(_Strict):
    """One question of a batch; `evidence` as in `messages`."""

    id: str
    instruction: str
    evidence: str = ""


class EstimateRequest(_Strict):
    """Runs to say the needs of: `python -m codeanvil_trainer estimate FILE` prints a JSON list of `TrainingNeeds`."""

    configs: Sequence[RunConfig]
    on_gpu: bool


class TrainingNeeds(_Strict):
    """What a run would need, in bytes and parameters; None where nothing here tells what the base model is made of.

    `weights`: they are CodeAnvil's own, in a folder, in the hub's cache, or must be fetched from the hub first.
    """

    base_model: str
    weights: Literal["embedded", "folder", "cached", "hub"]
    parameters: int | None = None
    trainable: int | None = None
    memory_bytes: int | None = None
    disk_bytes: int | None = None
    download_bytes: int | None = None


GenerateRequest.model_rebuild()
