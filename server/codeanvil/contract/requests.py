"""What the trainer is asked for beside a run: models that answer, the needs of a run, forms of an export."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from pydantic import Field

from codeanvil.contract.configuration import EMBEDDED, RunConfig, Strict

QUANTIZATIONS = ("f32", "f16", "bf16", "q8_0", "q5_1", "q5_0", "q4_1", "q4_0")
"""Of a GGUF export, most precise first."""

DEFAULT_QUANTIZATION = "q8_0"
"""Half of 16 bits, and on the embedded model every answer is still the same (README, "Measured")."""


def messages(instruction: str, evidence: str = "") -> list[dict[str, str]]:
    """The conversation a model sees, in training and in asking alike: one user turn.

    The base model's own chat template turns it into tokens. `evidence` is the Alpaca `input`.
    """
    return [{"role": "user", "content": f"{instruction}\n\n{evidence}" if evidence else instruction}]


class Weights(Strict):
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


class Prompt(Strict):
    """One question of a batch; `evidence` as in `messages`."""

    id: str
    instruction: str
    evidence: str = ""


class GenerateRequest(Strict):
    """A batch to answer offline: `python -m codeanvil_trainer generate FILE`; prints {"id", "model", "text"} lines.

    `models` maps a label to a folder of merged weights, or to null for the base itself. With `general_data`, rows of
    instructions, each model's losses on them follow as {"model", "losses"}: nats per label token, one for each row.
    """

    base_model: str = EMBEDDED
    models: Mapping[str, Path | None]
    prompts: Sequence[Prompt]
    general_data: Path | None = None
    max_new_tokens: int = Field(192, ge=1)
    batch_size: int = Field(16, ge=1)
    threads: int = Field(0, ge=0)


class EstimateRequest(Strict):
    """Runs to say the needs of: `python -m codeanvil_trainer estimate FILE` prints a JSON list of `TrainingNeeds`."""

    configs: Sequence[RunConfig]
    on_gpu: bool


class TrainingNeeds(Strict):
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
