"""Models reached over HTTP: the built-in host, started on demand, or any OpenAI-compatible server.

The host is a process of the trainer (`python -m codeanvil_trainer serve`). Its state file in the data folder
says where it listens; whoever finds a living one there uses it, so that all clients of a workspace share it.
"""

import contextlib
import fcntl
import json
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import httpx
import psutil

from codeanvil.answers.models.chat import Endpoint, chat
from codeanvil.answers.models.writer import Cancelled, OnDelta
from codeanvil.contract import EMBEDDED, ServeConfig, Weights, write_atomic
from codeanvil.errors import ModelError, RunError
from codeanvil.runs import trainer
from codeanvil.runs.active import active_run
from codeanvil.runs.launch import CPU
from codeanvil.runs.run import Run
from codeanvil.runs.run import running as running_run
from codeanvil.settings import Settings

_POLL_SECONDS = 0.05
_HEALTH_SECONDS = 2.0
_END_SECONDS = 5.0


def writer_for(root: Path, settings: Settings) -> "ServerWriter | ModelHost | None":
    """Who writes answers of the workspace at `root`; None when facts answer alone.

    None where models are off, or where no server is named and no trained model is in use. Raises RunError for a
    damaged record of the run in use.
    """
    if settings.answers.model == "off":
        return None
    if settings.answers.server_url:
        return ServerWriter(settings)
    return ModelHost(root, settings) if active_run(root, settings) else None


class ServerWriter:
    """Asks the OpenAI-compatible server of `answers.server_url`; the first model it lists."""

    revision: str | None = None
    learned: Mapping[str, str] = MappingProxyType({})

    def __init__(self, settings: Settings) -> None:
        self._answers = settings.answers
        self._model = ""

    @property
    def name(self) -> str:
        """The model's name on that server."""
        return self._model or self._answers.server_url

    def endpoint(self) -> Endpoint:
        """Where the server is."""
        return Endpoint(self._answers.server_url)

    def model_name(self) -> str:
        """The first model that the server lists. Raises ModelError."""
        self._model = self._model or self.endpoint().first_model(_HEALTH_SECONDS * 2)
        return self._model

    def write(
        self, instruction: str, evidence: str, on_delta: OnDelta | None = None, cancelled: Cancelled | None = None
    ) -> str:
        """See Writer."""
        if cancelled is not None and cancelled():
            return ""
        end = time.monotonic() + self._answers.timeout_seconds
        return chat(
            self.endpoint(),
            self.model_name(),
            instruction,
            evidence,
            max_new_tokens=self._answers.max_new_tokens,
            end=end,
            on_delta=on_delta,
            cancelled=cancelled,
        )


@dataclass(frozen=True, slots=True)
class _Running:
    url: str
    token: str
    pid: int
    model: str


class ModelHost:
    """The built-in host with the run in use: merged weights where there are, else base and adapter."""

    def __init__(self, root: Path, settings: Settings) -> None:
        self._root = root
        self._settings = settings
        self._folder = settings.data_folder(root)
        self._run: Run | None = None

    @property
    def name(self) -> str:
        """The id of the run in use."""
        return self._run.id if self._run else ""

    @property
    def revision(self) -> str | None:
        """The code revision that the run in use was trained on."""
        value = self._run.manifest.get("code_revision") if self._run else None
        return str(value) if value else None

    @property
    def learned(self) -> Mapping[str, str]:
        """The content hash of each file that the run in use was trained on."""
        files = self._run.manifest.get("files") if self._run else None
        return files if isinstance(files, dict) else {}

    def model_name(self) -> str:
        """The id of the run in use. Raises ModelError where there is none."""
        return self._active().id

    def endpoint(self) -> Endpoint:
        """Where the host of the run in use answers, started if need be. Raises ModelError."""
        running = self.start(time.monotonic() + self._settings.answers.timeout_seconds)
        if running is None:
            raise ModelError("The model is still loading: ask again in a moment.")
        return Endpoint(running.url, running.token)

    def write(
        self, instruction: str, evidence: str, on_delta: OnDelta | None = None, cancelled: Cancelled | None = None
    ) -> str:
        """See Writer. The host is started where none runs; a host of another run is ended first."""
        answers = self._settings.answers
        end = time.monotonic() + answers.timeout_seconds
        running = self.start(end, cancelled)
        if running is None:
            return ""
        endpoint = Endpoint(running.url, running.token)
        return chat(
            endpoint,
            running.model,
            instruction,
            evidence,
            max_new_tokens=answers.max_new_tokens,
            end=end,
            on_delta=on_delta,
            cancelled=cancelled,
        )

    def start(self, end: float, cancelled: Cancelled | None = None) -> _Running | None:
        """The running host of the run in use, started if need be; None when cancelled before it was ready.

        A running host with another run is given the weights of this one, and only where it cannot take them ended and
        another started. Raises ModelError when there is no run in use, while the GPU is being trained on, when the
        host ends while starting, and at `end` (monotonic seconds) when it is not ready by then; it goes on loading for
        the next question.
        """
        self._run = self._active()
        with self._lock(end, cancelled) as held:
            if not held:
                return None
            running = self.running()
            if running and running.model == self._run.id:
                return running
            if running and (swapped := self._swapped(running, self._run, end)):
                return swapped
            if running:
                self._end(running)
            self._refuse_while_trained()
            process = self._starting() or self._launch(self._run)
            return self._ready(process, end, cancelled)

    def running(self) -> _Running | None:
        """The host that the state file names, if its process lives and it answers."""
        try:
            values = json.loads(self._state_file.read_text("utf-8"))
            state = _Running(str(values["url"]), str(values["token"]), int(values["pid"]), str(values["model"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return state if _is_host(state.pid) and _is_healthy(state.url) else None

    def stop(self) -> None:
        """End the host of this workspace, if one runs, and give its memory back."""
        running = self.running()
        if running:
            self._end(running)

    @property
    def _state_file(self) -> Path:
        return self._folder / "host.json"

    @property
    def _log(self) -> Path:
        return self._folder / "host.log"

    def _active(self) -> Run:
        try:
            run = active_run(self._root, self._settings)
        except RunError as error:
            raise ModelError(str(error)) from error
        if run is None:
            raise ModelError("No trained model is in use here: train one with `codeanvil train`.")
        return run

    @contextmanager
    def _lock(self, end: float, cancelled: Cancelled | None) -> Iterator[bool]:
        """Only one client starts a host. False when cancelled while waiting. Raises ModelError at `end`."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / "host.lock").open("w") as file:
            while True:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if not _goes_on(end, cancelled):
                        yield False
                        return
            yield True

    def _weights(self, run: Run) -> Weights:
        merged = run.folder.merged if run.folder.merged.is_dir() else None
        return Weights(
            base_model=run.config.base_model or EMBEDDED,
            merged=merged,
            adapter=None if merged else run.folder.adapter,
            model_name=run.id,
        )

    def _swapped(self, running: _Running, run: Run, end: float) -> _Running | None:
        """The host with the weights of `run` in the place of its own; None where it cannot do that."""
        try:
            reply = httpx.post(
                f"{running.url}/load",
                content=self._weights(run).model_dump_json(),
                headers=Endpoint(running.url, running.token).headers,
                timeout=max(_HEALTH_SECONDS, end - time.monotonic()),
                trust_env=False,
            )
        except httpx.HTTPError:
            return None
        return replace(running, model=run.id) if reply.status_code == httpx.codes.OK else None

    def _refuse_while_trained(self) -> None:
        """Raises ModelError while a run has the GPU: it ends a host that is on it, and another would only be ended."""
        training = running_run(self._root, self._settings)
        if training and training.state == "running" and training.manifest.get("device", CPU) != CPU:
            raise ModelError(
                f"Run {training.id} is being trained on the GPU, so the facts answer until it is done or paused."
            )

    def _launch(self, run: Run) -> psutil.Process:
        try:
            lacking = trainer.packages(self._settings)
        except RunError as error:
            raise ModelError(str(error)) from error
        if lacking.missing:
            raise ModelError(lacking.remedy)
        config = ServeConfig(
            **self._weights(run).model_dump(),
            state_file=self._state_file,
            runs=run.folder.path.parent,
            idle_unload_seconds=self._settings.answers.idle_unload_seconds,
            threads=self._settings.train.threads,
        )
        path = self._folder / "host-config.json"
        write_atomic(path, config.model_dump_json(indent=2) + "\n")
        self._state_file.unlink(missing_ok=True)
        try:
            with self._log.open("wb") as log:
                process = subprocess.Popen(
                    trainer.command(self._settings, "serve", path),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
        except OSError as error:
            raise ModelError(
                f"The model host cannot be started: {error}. Check train.python in the settings."
            ) from error
        started = psutil.Process(process.pid)
        # Whose process a number is its time of creation tells from the first moment on; its command line does not.
        write_atomic(self._folder / "host.pid", f"{started.pid} {started.create_time()} {run.id}\n")
        threading.Thread(target=process.wait, daemon=True).start()  # so that it leaves no zombie
        return started

    def _starting(self) -> psutil.Process | None:
        """A host of the same run that an earlier question started and that is still loading."""
        try:
            pid, created, run_id = (self._folder / "host.pid").read_text("utf-8").split()
            process = psutil.Process(int(pid))
            same = abs(process.create_time() - float(created)) < 1
        except (OSError, ValueError, psutil.Error):
            return None
        return process if same and self._run and run_id == self._run.id and _lives(process) else None

    def _ready(self, process: psutil.Process, end: float, cancelled: Cancelled | None) -> _Running | None:
        while True:
            if running := self.running():
                return running
            if not _lives(process):
                raise ModelError(f"The model could not be loaded: {self._last_words()}")
            if not _goes_on(end, cancelled):
                return None

    def _last_words(self) -> str:
        try:
            lines = [line for line in self._log.read_text("utf-8", "replace").splitlines() if line.strip()]
        except OSError:
            lines = []
        return (
            f"{lines[-1].rstrip('.')}. The log is {self._log}."
            if lines
            else f"it ended without a word; see {self._log}."
        )

    def _end(self, running: _Running) -> None:
        with contextlib.suppress(psutil.Error):
            process = psutil.Process(running.pid)
            process.terminate()
            try:
                process.wait(_END_SECONDS)
            except psutil.TimeoutExpired:
                process.kill()
        self._state_file.unlink(missing_ok=True)


def _goes_on(end: float, cancelled: Cancelled | None) -> bool:
    """Wait a moment; false once cancelled. Raises ModelError at `end`."""
    if cancelled is not None and cancelled():
        return False
    if time.monotonic() >= end:
        raise ModelError("The model is still loading, so the facts answer: ask again in a moment.")
    time.sleep(_POLL_SECONDS)
    return True


def _is_host(pid: int) -> bool:
    """Whether the process is a model host of ours: a number in a file may be another process's by now."""
    try:
        line = psutil.Process(pid).cmdline()
    except psutil.Error:
        return False
    return "codeanvil_trainer" in line and "serve" in line


def _lives(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def _is_healthy(url: str) -> bool:
    try:
        reply: Any = httpx.get(f"{url}/health", timeout=_HEALTH_SECONDS, trust_env=False)
    except httpx.HTTPError:
        return False
    return bool(reply.status_code == httpx.codes.OK)
