"""`serve`: grounded, checked answers about the workspace over HTTP, in the foreground, until interrupted."""

import argparse
import asyncio
import secrets
import signal
import socket
import time
from types import FrameType

import uvicorn

from codeanvil.answers.models.endpoint import GROUNDED, AnswerEndpoint
from codeanvil.answers.models.host import ModelHost, writer_for
from codeanvil.cli.index import brought_up_to_date
from codeanvil.cli.output import Output
from codeanvil.cli.workspace import opened
from codeanvil.errors import ModelError
from codeanvil.http_contract import server_config
from codeanvil.runs.active import adopt_finished

_START_SECONDS = 600.0
_NEVER_SECONDS = 1e9


def serve(arguments: argparse.Namespace, out: Output) -> None:
    """Serve until Ctrl-C. The model in use is loaded at once and stays; without one the facts answer."""
    signal.signal(signal.SIGTERM, _interrupt)
    root, settings = opened(arguments)
    brought_up_to_date(root, settings, out)
    adopt_finished(root, settings)
    answers = settings.answers.model_copy(update={"idle_unload_seconds": _NEVER_SECONDS})
    settings = settings.model_copy(update={"answers": answers})
    writer = writer_for(root, settings)
    host = writer if isinstance(writer, ModelHost) else None
    with socket.create_server(("127.0.0.1", arguments.port)) as sock:
        endpoint, token = AnswerEndpoint(root, settings), secrets.token_urlsafe(32)
        try:
            model = _loaded(host, out) if host else writer.model_name() if writer else None
            url = f"http://127.0.0.1:{sock.getsockname()[1]}/v1"
            out.document({"url": url, "token": token, "model": GROUNDED, "plain": model})
            out.pairs([("URL", url), ("API key", token), ("Checked answers", GROUNDED)])
            out.say(
                f"The model {model} can be asked by its own name." if model else "No model is in use: facts answer."
            )
            out.say("Ctrl-C ends it.")
            _run(endpoint, token, sock)
        except KeyboardInterrupt:
            out.notice("Ended.")
        finally:
            endpoint.close()
            if host:
                host.stop()


def _loaded(host: ModelHost, out: Output) -> str:
    """The name of the model in use, once it is loaded anew, so that it stays. Raises ModelError."""
    host.stop()
    with out.working("Loading the model"):
        served = host.start(time.monotonic() + _START_SECONDS)
    if served is None:
        raise ModelError("The model could not be loaded in time: see `codeanvil doctor`.")
    return served.model


def _run(endpoint: AnswerEndpoint, token: str, sock: socket.socket) -> None:
    """Answer until interrupted (SIGINT, SIGTERM), which uvicorn raises anew once all is answered: KeyboardInterrupt."""
    server = uvicorn.Server(server_config(endpoint.app(token)))
    asyncio.run(server.serve(sockets=[sock]))


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
