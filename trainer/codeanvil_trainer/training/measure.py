"""How quick a run would be here: a few of its real steps on made-up samples, in a folder that is thrown away.

python -m codeanvil_trainer measure CONFIG.json     prints {"tokens_per_second", "tokens", "seconds"}
"""

import json
import tempfile
import time
from pathlib import Path

from codeanvil.contract import RunConfig, RunFolder
from codeanvil_trainer.training.loop import take_step
from codeanvil_trainer.training.setup import Setup, prepare

SECONDS = 4.0
"""Steps are taken for so long; at least one beside the first, which is slow and not counted."""

_ANSWER = "The class {0} is defined in src/{0}.py, line {1}, and derives from Base{0}; it has open and close. "


def measure(config: RunConfig) -> dict[str, float]:
    """Tokens a second of a run of `config` on this machine. Nothing is kept. Raises TrainerError."""
    with tempfile.TemporaryDirectory(prefix="codeanvil-measure-") as name:
        folder = RunFolder(Path(name))
        _write(folder, config)
        setup = prepare(folder, resume=False)
        take_step(folder, setup)
        return _timed(folder, setup)


def _timed(folder: RunFolder, setup: Setup) -> dict[str, float]:
    before, started = setup.state.tokens, time.perf_counter()
    for _ in setup.schedule.steps[1:]:
        take_step(folder, setup)
        if time.perf_counter() - started > SECONDS:
            break
    seconds = time.perf_counter() - started
    tokens = setup.state.tokens - before
    return {"tokens_per_second": round(tokens / seconds, 1), "tokens": tokens, "seconds": round(seconds, 2)}


def _write(folder: RunFolder, config: RunConfig) -> None:
    """A run folder with enough rows for some steps, of lengths as in a real data set: most short, some longer."""
    tokens_a_step = config.pack_length * config.micro_batch_rows * config.accumulate
    rows = max(64, tokens_a_step // 8)
    folder.train_data.parent.mkdir(parents=True)
    with folder.train_data.open("w", encoding="utf-8") as file:
        for i in range(rows):
            answer = "".join(_ANSWER.format(f"Type{i + j}", i) for j in range(1 + (i % 5 == 0) * 3))
            file.write(json.dumps({"instruction": f"Where is Type{i} defined?", "input": "", "output": answer}) + "\n")
    plan = config.model_copy(update={"start_from": None, "epochs": 20, "max_tokens": None, "keep_checkpoints": 1})
    folder.config.write_text(plan.model_dump_json(), "utf-8")
