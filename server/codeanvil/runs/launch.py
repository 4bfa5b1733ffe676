"""Start a run: write its folder, then a detached trainer that outlives whoever started it."""

import fcntl
import json
import os
import secrets
import subprocess
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil

from codeanvil.contract import RunFolder, write_atomic
from codeanvil.errors import RunError
from codeanvil.runs import trainer
from codeanvil.runs.card import markdown
from codeanvil.runs.plan import RunPlan
from codeanvil.runs.run import Run, runs_folder
from codeanvil.samples.general import heldout
from codeanvil.settings import Settings

_ID_TIME = "%Y%m%d-%H%M%S"

CPU = "cpu"
"""The device of a run without a GPU."""


def launch(root: Path, settings: Settings, plan: RunPlan) -> Run:
    """Write the run folder of `plan` and start the trainer in it. Raises RunError.

    While another run has the device, of this workspace or of another one of the user's, it waits in the queue.
    """
    runs = runs_folder(root, settings)
    with only_launch(runs):
        created = _new_second(runs)
        run_id = f"{created:{_ID_TIME}}-{secrets.token_hex(2)}"
        run = Run(RunFolder(runs / run_id))
        folder = run.folder
        try:
            _write_rows(folder.train_data, (sample.row() | {"fact": sample.fact} for sample in plan.data.train))
            _write_rows(
                folder.validation_data, (sample.row() | {"fact": sample.fact} for sample in plan.data.validation)
            )
            _write_rows(folder.questions, (question.row() for question in plan.data.questions))
            write_atomic(folder.general_data, heldout())
            if plan.data.card:
                write_atomic(folder.card, json.dumps(plan.data.card, indent=2) + "\n")
                write_atomic(folder.card_text, markdown(plan.data.card))
            write_atomic(folder.config, plan.config.model_dump_json(indent=2) + "\n")
            manifest = {
                "id": run_id,
                "created": created.isoformat(),
                "workspace": str(root),
                "code_revision": plan.data.revision,
                "since": plan.data.since,
                "device": plan.gpu.uuid if plan.gpu else CPU,
                "data": plan.data.counts,
                "files": dict(plan.data.files),
            }
            write_atomic(folder.manifest, json.dumps(manifest, indent=2) + "\n")
        except OSError as error:
            raise RunError(
                f"The run folder {folder.path} cannot be written ({error.strerror or error}): free some "
                "space, or set data_dir in codeanvil.toml."
            ) from error
        start(run, settings)
    return run


def start(run: Run, settings: Settings, *arguments: str) -> None:
    """Start the trainer on `run`, detached from this process and its terminal. Call under `only_launch`.

    The trainer's output goes to `log.txt`. That descriptor carries a lock, which the kernel releases when the last
    process that holds it ends: so whether the process lives can be told from the folder alone, and at once.
    """
    folder = run.folder
    command = trainer.command(settings, "train", folder.path, *arguments)
    device = str(run.manifest.get("device", CPU))
    attempt: dict[str, Any] = {"started": time.time(), "device": device}
    try:
        write_atomic(folder.process, json.dumps(attempt))
        with folder.log.open("ab") as log:
            fcntl.flock(log, fcntl.LOCK_EX)
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                env=os.environ if device == CPU else {**os.environ, "CUDA_VISIBLE_DEVICES": device},
            )
    except OSError as error:
        raise RunError(
            f"The trainer cannot be started with {trainer.interpreter(settings)} ({error.strerror or error}): "
            "set train.python in codeanvil.toml to a Python that has CodeAnvil."
        ) from error
    # Waits so that no zombie is left while this process lives; a daemon, since the run may live longer.
    threading.Thread(target=process.wait, daemon=True).start()
    try:
        attempt |= {"pid": process.pid, "created": psutil.Process(process.pid).create_time()}
        write_atomic(folder.process, json.dumps(attempt))
    except psutil.NoSuchProcess:
        pass  # It has ended already; the run's state says how.


@contextmanager
def only_launch(runs: Path) -> Iterator[None]:
    """Hold the right to start a run in the folder `runs`; waits while another is being started. Raises RunError."""
    try:
        runs.mkdir(parents=True, exist_ok=True)
        lock = (runs / ".launch").open("ab")
    except OSError as error:
        raise RunError(
            f"{runs} cannot be written ({error.strerror or error}): set data_dir in codeanvil.toml "
            "to a folder that can."
        ) from error
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _new_second(runs: Path) -> datetime:
    """Now, once no run bears this second in its name: runs sort by name in the order they were started."""
    while True:
        now = datetime.now(UTC)
        if not any(runs.glob(f"{now:{_ID_TIME}}-*")):
            return now
        time.sleep(0.05)


def _write_rows(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    write_atomic(path, "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))
