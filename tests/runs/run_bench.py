"""A workspace whose trainer trains nothing, and hand-made runs."""

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from codeanvil.contract import RunFolder
from codeanvil.runs.data import RunData
from codeanvil.runs.launch import launch
from codeanvil.runs.plan import RunPlan
from codeanvil.runs.presets import PRESETS
from codeanvil.runs.run import Run, list_runs
from codeanvil.samples.model import Question, Sample
from codeanvil.settings import Settings


def sample(number: int) -> Sample:
    """A sample of a fact of its own."""
    return Sample(
        f"id{number}", "where", f"Type{number}", "src/a.py", f"fact{number}", f"Where is Type{number}?", "",
        f"In src/a.py, line {number}.",
    )  # fmt: skip


FAKE_TRAINER = Path(__file__).with_name("fake_trainer.py")


@dataclass
class Bench:
    """A workspace whose trainer is the fake one."""

    root: Path
    settings: Settings
    trainer: Path

    def behave(self, **plan: Any) -> None:
        """What the trainer does from when it next begins to train: steps, step_seconds, start_seconds, ending, deaf."""
        self.trainer.with_suffix(".json").write_text(json.dumps(plan))

    def launch(self) -> Run:
        return launch(self.root, self.settings, self.plan())

    def plan(self) -> RunPlan:
        data = RunData(
            tuple(sample(number) for number in range(4)),
            (sample(9),),
            (Question("q1", "And where is Type1?", "where", (("src/a.py",),), fact="fact1"),),
            "revision1",
        )
        return RunPlan(PRESETS["cpu"], data, None, ())

    @property
    def runs(self) -> list[Run]:
        return list_runs(self.root, self.settings)


def wait_for(run: Run, *states: str, seconds: float = 90) -> str:
    """Wait until the run is in one of `states`."""
    deadline = time.monotonic() + seconds
    while run.state not in states:
        assert time.monotonic() < deadline, f"{run.state}: {run.last_log_lines()}"
        time.sleep(0.02)
    return run.state


def hand_made(root: Path, settings: Settings, run_id: str) -> Run:
    """A run folder with a manifest and nothing else."""
    folder = RunFolder(settings.data_folder(root) / "runs" / run_id)
    folder.path.mkdir(parents=True)
    folder.manifest.write_text(json.dumps({"id": run_id, "workspace": str(root)}))
    return Run(folder)
