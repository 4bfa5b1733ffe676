"""The parts of the bench, each a figure or two, each in a process of its own: what one leaves behind harms no other."""

import json
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from base import TINY, TRUE, random_base, write_folder
from clock import Until, finished, peak, reset_peak
from figures import PEERS, operations_per_token
from peers import plain_trainer, trl_packing

from codeanvil.contract import LoraConfig, RunConfig, RunFolder
from codeanvil.runs.presets import PRESETS
from codeanvil_trainer import models
from codeanvil_trainer.footprint.shapes import Shape
from codeanvil_trainer.tokens.data import Encoded, encode_rows, read_rows
from codeanvil_trainer.training import loop
from codeanvil_trainer.training.setup import prepare

CAP = 16e9
"""Bytes of a card sold as 16 GB."""

OURS = {
    "ours": {},
    "ours, 16 GB": {"memory_gb": CAP / 2**30},
    "1 x 2,048": {"tokens_per_pass": 2048, "gradient_checkpointing": True},
}
"""Runs of ours and what they change in the preset: free to choose; under a cap; the guide's smallest pass."""

NAMES = ("ceiling", *OURS, *PEERS)
"""In the order in which they are measured."""


@dataclass(frozen=True, slots=True)
class Bench:
    """What all parts are given: real rows, a base of random weights, the guide's preset, seconds to measure for."""

    folder: Path
    rows: list[dict[str, Any]]
    samples: list[Encoded]
    tokenizer: Any
    tiny: bool
    seconds: float

    @property
    def device(self) -> torch.device:
        """The GPU, or for a trial of the bench the CPU."""
        return torch.device("cpu" if self.tiny else "cuda")

    def config(self, **changes: Any) -> RunConfig:
        """The guide's preset on the random base."""
        values = PRESETS["guide"].model_dump() | {
            "base_model": str(self.folder),
            "epochs": 50,
            "eval_every": 10**9,
            "save_every": 10**9,
            "early_stop_evals": 0,
        }
        if self.tiny:
            values |= {"lora": {"r": 8, "alpha": 16}, "max_length": 256, "pack_length": 256}
        return RunConfig.model_validate(values | changes)

    def model(self) -> Any:
        """The base with a fresh adapter, as the other trainers take it."""
        torch.manual_seed(0)
        adapted = models.attach_adapter(random_base(self.folder, self.device), self.lora)
        if not self.tiny:
            models.set_checkpointing(adapted, on=True)
        return adapted

    @property
    def lora(self) -> LoraConfig:
        """The guide's adapter."""
        return self.config().lora


def make_bench(folder: Path, data: Path, *, tiny: bool, seconds: float) -> Bench:
    """Rows of a real data set in tokens of the embedded model's tokenizer, which makes a few more of a text."""
    base = write_folder(folder / "base", TINY if tiny else TRUE)
    tokenizer = models.load_tokenizer(str(base))
    longest = 256 if tiny else 2048
    rows = read_rows(data)[:: 20 if tiny else 1]
    samples, kept = [], []
    for row in rows:
        encoding = encode_rows([row], tokenizer, longest)
        if encoding.samples and not encoding.cut:
            samples += encoding.samples
            kept.append(row)
    return Bench(base, kept, samples, tokenizer, tiny, seconds)


def measure(name: str, bench: Bench) -> dict[str, Any]:
    """One part, by its name."""
    if name == "ceiling":
        return ceiling(bench.device)
    if name in OURS:
        return ours(bench, OURS[name])
    peer: Callable[..., Any] = plain_trainer if name == PEERS[0] else trl_packing
    try:
        return dict(peer(bench))
    except ImportError as error:
        return {"missing": f"not installed: {error.name}"}
    except torch.OutOfMemoryError:
        return {"missing": "out of memory"}


def ceiling(device: torch.device) -> dict[str, Any]:
    """What the card's matrix units reach on one large product in bf16, the best of some seconds."""
    size = 8192 if device.type == "cuda" else 256
    dtype = torch.bfloat16 if device.type == "cuda" else torch.float32
    one, other = (torch.randn(size, size, device=device, dtype=dtype) for _ in range(2))
    best = float("inf")
    for _ in range(50):
        finished(device)
        started = time.perf_counter()
        torch.mm(one, other)
        finished(device)
        best = min(best, time.perf_counter() - started)
    name = torch.cuda.get_device_name(device) if device.type == "cuda" else "CPU (a trial of the bench)"
    return {"operations_per_second": 2 * size**3 / best, "device": name}


def ours(bench: Bench, changes: dict[str, Any]) -> dict[str, Any]:
    """Our trainer, as `codeanvil train` runs it; only the base is not read from files but made."""
    models.load_base = lambda *_, **__: random_base(bench.folder, bench.device)
    config = bench.config(**changes)
    if bench.tiny:
        config = config.model_copy(update={"memory_gb": None})
    with tempfile.TemporaryDirectory() as name:
        folder = RunFolder(Path(name) / "run")
        folder.train_data.parent.mkdir(parents=True)
        folder.train_data.write_text("".join(json.dumps(row) + "\n" for row in bench.rows), "utf-8")
        folder.config.write_text(config.model_dump_json(), "utf-8")
        setup = prepare(folder, resume=False)
        reset_peak(bench.device)
        clock = Until(bench.seconds, bench.device, lambda: (setup.state.step, setup.state.tokens, setup.state.samples))
        loop.fit(folder, setup, clock)
    shape = Shape.of(json.loads((bench.folder / "config.json").read_text("utf-8")))
    if shape is None:
        raise RuntimeError("the bench's own shape is not known")
    labels = sum(sample.label_count for sample in bench.samples) / sum(len(sample.ids) for sample in bench.samples)
    checkpointing = "with" if setup.passes.checkpointing else "without"
    return {
        **clock.figures(),
        "peak_bytes": peak(bench.device),
        "way": f"{setup.passes.tokens:,} tokens a pass, {checkpointing} gradient checkpointing, "
        f"moments in {setup.passes.moments}",
        "operations_per_token": operations_per_token(shape, config.lora.r, tuple(config.lora.target_modules), labels),
    }
