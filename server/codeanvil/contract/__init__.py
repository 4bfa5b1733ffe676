"""What the server and the trainer both read: a run's configuration and its folder, requests to the trainer.

The two sides are separate processes, perhaps of separate interpreters. All they say to each other
is in the files described here and in the model host's HTTP. This room imports nothing of either.
"""

from codeanvil.contract.card import (
    TOKENS_UNKNOWN,
    add_tokens,
)
from codeanvil.contract.configuration import (
    EMBEDDED,
    GUIDE_TARGETS,
    LoraConfig,
    OptimizerConfig,
    RunConfig,
)
from codeanvil.contract.files import (
    read_json_lines,
    write_atomic,
)
from codeanvil.contract.requests import (
    DEFAULT_QUANTIZATION,
    QUANTIZATIONS,
    EstimateRequest,
    GenerateRequest,
    Prompt,
    ServeConfig,
    TrainingNeeds,
    Weights,
    messages,
)
from codeanvil.contract.run_folder import (
    HEARTBEAT_SECONDS,
    PAUSE,
    Event,
    EventKind,
    RunFolder,
    append_event,
    read_events,
    stop_kind,
    update_report,
)

__all__ = [
    "DEFAULT_QUANTIZATION",
    "EMBEDDED",
    "GUIDE_TARGETS",
    "HEARTBEAT_SECONDS",
    "PAUSE",
    "QUANTIZATIONS",
    "TOKENS_UNKNOWN",
    "EstimateRequest",
    "Event",
    "EventKind",
    "GenerateRequest",
    "LoraConfig",
    "OptimizerConfig",
    "Prompt",
    "RunConfig",
    "RunFolder",
    "ServeConfig",
    "TrainingNeeds",
    "Weights",
    "add_tokens",
    "append_event",
    "messages",
    "read_events",
    "read_json_lines",
    "stop_kind",
    "update_report",
    "write_atomic",
]
