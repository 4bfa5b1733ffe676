"""How far a run is: its events, folded one by one into one value."""

from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from codeanvil.contract import Event


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is. None: not known yet.

    `step` of `steps` optimizer steps, `epoch` with its fraction, `loss` the newest, `best_validation_loss` the
    lowest so far, `wording_loss` that of trained facts in held-out wordings, memory in bytes, the GPU's use in percent
    and its temperature in °C,
    `text` the last sentence the trainer had for the user, `place` how many runs are before it while it waits in the
    queue.
    """

    step: int = 0
    steps: int | None = None
    epoch: float | None = None
    loss: float | None = None
    first_loss: float | None = None
    validation_loss: float | None = None
    best_validation_loss: float | None = None
    wording_loss: float | None = None
    eta_seconds: float | None = None
    tokens_per_second: float | None = None
    trainable_parameters: int | None = None
    ram_bytes: int | None = None
    gpu_memory_bytes: int | None = None
    gpu_utilisation: float | None = None
    gpu_temperature: float | None = None
    phase: str = ""
    text: str = ""
    place: int | None = None

    def row(self) -> dict[str, Any]:
        """The fields as JSON values."""
        return asdict(self)


_NAMES = {field.name for field in fields(Progress)}
_ON_MACHINE = {"tokens_per_second", "ram_bytes", "gpu_memory_bytes", "gpu_utilisation", "gpu_temperature"}
_FROM_STEP = _NAMES & ({"step", "steps", "epoch", "loss", "eta_seconds"} | _ON_MACHINE)
_FROM_START = _NAMES & {"steps", "trainable_parameters"}


def advance(progress: Progress, event: Event) -> Progress:
    """`progress` after one more event."""
    data = event.data
    changes: dict[str, Any] = {}
    if progress.phase == "waiting":  # what it waited for is not news any more
        progress = replace(progress, text="", place=None)
    match event.kind:
        case "waiting":
            text = str(data.get("text", ""))
            changes = {"phase": "waiting", "text": text, "place": data.get("place"), "eta_seconds": None}
        case "phase":
            changes = {"phase": str(data.get("text", ""))}
        case "started":
            changes = {"phase": "training", "text": ""} | _taken(data, _FROM_START)
            if data.get("resumed_from") is not None:
                changes["step"] = data["resumed_from"]
        case "step":
            first = data.get("loss") if progress.first_loss is None else progress.first_loss
            changes = {"first_loss": first} | _taken(data, _FROM_STEP)
        case "validation":
            loss = data.get("loss")
            known = [value for value in (progress.best_validation_loss, loss) if value is not None]
            changes = {
                "validation_loss": loss,
                "best_validation_loss": min(known, default=None),
                "wording_loss": data.get("wording_loss"),
            }
        case "notice":
            changes = {"text": str(data.get("text", ""))}
        case "failed":
            changes = {"phase": "failed", "text": str(data.get("text", "")), "eta_seconds": None}
        case "finished" | "stopped" | "paused":
            changes = {"phase": event.kind, "eta_seconds": None}
    return replace(progress, **changes)


def _taken(data: dict[str, Any], names: set[str]) -> dict[str, Any]:
    return {name: data[name] for name in names if data.get(name) is not None}
