"""The model host's process: load, listen on loopback, say where, end when idle.

    python -m codeanvil_trainer serve CONFIG.json       (contract.ServeConfig)

The state file appears once requests are answered and goes when the host ends. The host needs no parent:
a client finds it by that file, and it ends by itself after `idle_unload_seconds` without a request.
"""

import asyncio
import contextlib
import ipaddress
import json
import os
import secrets
import signal
import socket
import time

import torch
import uvicorn

from codeanvil.contract import ServeConfig, Weights, write_atomic
from codeanvil.http_contract import server_config
from codeanvil_trainer.answering import loading
from codeanvil_trainer.answering.writing import Writer
from codeanvil_trainer.errors import TrainerError
from codeanvil_trainer.machine.device import set_threads
from codeanvil_trainer.serving.handover import is_training
from codeanvil_trainer.serving.host import Host

LOOK_SECONDS = 0.5
"""How often it is asked whether the host may end."""

NO_ROOM = (
    "The GPU has no room for the model, since other programs use its memory: close them, or let the index alone answer "
    "(answers.model = off)."
)


def serve(config: ServeConfig) -> None:
    """Serve until idle or told to end (SIGTERM, SIGINT). Raises TrainerError when it cannot start."""
    sock = _listening_socket(config.host, config.port)
    with contextlib.closing(sock):
        try:
            writer = _open(config, config.threads)
        except torch.OutOfMemoryError as error:
            raise TrainerError(NO_ROOM) from error
        server = _Server(writer, secrets.token_urlsafe(32), config, sock)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)  # outlive the terminal that started us
        server.run(sockets=[sock])


def _open(weights: Weights, threads: int) -> Writer:
    """A writer with these weights."""
    model, tokenizer = loading.load(weights.base_model, adapter=weights.adapter, merged=weights.merged)
    set_threads(threads, sum(parameter.numel() for parameter in model.parameters()))
    return Writer(model, tokenizer)


class _Server(uvicorn.Server):
    """uvicorn that tells where it listens and what answers there; it ends when idle, or when training wants the GPU."""

    def __init__(self, writer: Writer, token: str, config: ServeConfig, sock: socket.socket) -> None:
        self._on_gpu = writer.model.device.type == "cuda"
        # Beside each other two models have no room on a GPU: there the host is ended and another started.
        load = None if self._on_gpu else lambda weights: _open(weights, config.threads)
        host = Host(writer, config.model_name, load, self._tell)
        super().__init__(server_config(host.app(token)))
        self._host = host
        self._idle_seconds = config.idle_unload_seconds
        self._state_file = config.state_file
        name, port = sock.getsockname()[:2]
        url = f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"
        self._place = {"url": url, "token": token, "pid": os.getpid()}
        self._state = json.dumps({**self._place, "model": config.model_name})
        self._runs = config.runs

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        write_atomic(self._state_file, self._state, mode=0o600)
        self._idle = asyncio.create_task(self._end_when_idle())

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._idle.cancel()
        self._remove_state()
        self._host.close()
        await super().shutdown(sockets)

    def _tell(self, model_name: str) -> None:
        """Say that another model answers from now on."""
        self._state = json.dumps({**self._place, "model": model_name})
        write_atomic(self._state_file, self._state, mode=0o600)

    async def _end_when_idle(self) -> None:
        while True:
            left = self._host.last_used + self._idle_seconds - time.monotonic()
            if (left <= 0 and not self._host.busy) or self._training_wants_it():
                break
            await asyncio.sleep(min(max(left, 0.1), LOOK_SECONDS))
        self._remove_state()
        self._host.close()
        self.should_exit = True

    def _training_wants_it(self) -> bool:
        return self._on_gpu and self._runs is not None and is_training(self._runs)

    def _remove_state(self) -> None:
        """Remove the state file, unless another host has written its own since."""
        with contextlib.suppress(OSError):
            if self._state_file.read_text("utf-8") == self._state:
                self._state_file.unlink()


def _listening_socket(name: str, port: int) -> socket.socket:
    """A socket bound to a loopback address. Raises TrainerError."""
    try:
        address = ipaddress.ip_address("127.0.0.1" if name == "localhost" else name)
    except ValueError:
        address = None
    if address is None or not address.is_loopback:
        raise TrainerError(f"The model host serves this machine only, not {name}: use 127.0.0.1.")
    sock = socket.socket(socket.AF_INET6 if address.version == 6 else socket.AF_INET)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((str(address), port))
    except OSError as error:
        sock.close()
        raise TrainerError(
            f"Port {port} of {name} cannot be used: {error.strerror}. Use port 0 for a free one."
        ) from error
    return sock
