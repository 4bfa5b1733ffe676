"""Our trainer on the job: the loop of a run, with its events, as `codeanvil train` runs it."""

import json
import tempfile
from pathlib import Path

from job import Job
from measure import Measured, timed

from codeanvil.contract import RunFolder
from codeanvil_trainer.training import loop as train
from codeanvil_trainer.training.checkpoint import listed
from codeanvil_trainer.training.setup import prepare
from codeanvil_trainer.training.validation import mean_loss

ROWS = 4
"""Packed rows in a forward pass: with 256 tokens each, the `cpu` preset's."""


def run(job: Job) -> Measured:
    """Train once over the samples. The loss is taken over the same packed rows afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        made = RunFolder(Path(folder) / "run")
        made.train_data.parent.mkdir(parents=True)
        made.train_data.write_text("".join(json.dumps(row) + "\n" for row in job.rows), "utf-8")
        made.config.write_text(job.config(micro_batch_rows=ROWS, accumulate=1).model_dump_json(), "utf-8")
        setup = prepare(made, resume=False)
        with timed() as clock:
            train.fit(made, setup, train.StopSignals())
        written = len(listed(made))
        loss = mean_loss(setup, setup.samples)
    if loss is None:
        raise RuntimeError("there were no samples to measure")
    return Measured(clock.wall, clock.cpu, loss, len(setup.schedule.steps), written)
