"""`serve`: the model in use over HTTP, in the foreground, until interrupted."""

import argparse
import signal
import time
from types import FrameType

from codeanvil.answers.host import ModelHost
from codeanvil.cli.output import Output
from codeanvil.cli.workspace import opened
from codeanvil.errors import ModelError
from codeanvil.runs.active import adopt_finished

_START_SECONDS = 600.0
_LOOK_SECONDS = 1.0
_NEVER_SECONDS = 1e9


def serve(arguments: argparse.Namespace, out: Output) -> None:
    """Start the model host and keep it until Ctrl-C; it does not unload when idle, as one started by `ask` does."""
    root, settings = opened(arguments)
    adopt_finished(root, settings)
    answers = settings.answers.model_copy(update={"idle_unload_seconds": _NEVER_SECONDS})
    host = ModelHost(root, settings.model_copy(update={"answers": answers}))
    signal.signal(signal.SIGTERM, _interrupt)
    host.stop()
    try:
        with out.working("Loading the model"):
            served = host.start(time.monotonic() + _START_SECONDS)
        if served is None:
            raise ModelError("The model could not be loaded in time: see `codeanvil doctor`.")
        out.document({"url": f"{served.url}/v1", "token": served.token, "model": served.model, "pid": served.pid})
        out.pairs([("URL", f"{served.url}/v1"), ("API key", served.token), ("Model", served.model)])
        out.say("Ctrl-C ends it.")
        while host.running() == served:
            time.sleep(_LOOK_SECONDS)
        raise ModelError("The model host has ended, or another run was put to use: start `codeanvil serve` again.")
    except KeyboardInterrupt:
        out.notice("Ended.")
    finally:
        host.stop()


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
