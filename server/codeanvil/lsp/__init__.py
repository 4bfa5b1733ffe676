"""The language server: pygls wiring and features, nothing else.

codeanvil-lsp [--stdio | --tcp HOST:PORT | --ws HOST:PORT] [--version]

Beyond the Language Server Protocol a client may use:

`initializationOptions`: `{"settings": {...}}`, settings nested as in codeanvil.toml. A client with
`workspace/configuration` is asked for the section `codeanvil` of each folder besides.

Commands (`workspace/executeCommand`) `codeanvil.prepare|train|stop|resume|ask|status|runs|promote|rollback|evaluate|
export` take one object, all of it optional but an `ask`'s `question`, a `promote`'s `run` and an `export`'s `format`
and `out`; `workspace` names the folder, else it is the first one. Results are what the command line prints with
`--json`. For views there are besides: `codeanvil.run` {run?}, see `runs/story.py`; `codeanvil.samples` {source}, the
samples made from one file, as rows and as Markdown; `codeanvil.stale`, what has changed since the model in use was
trained, as an answer.

Notifications: `codeanvil/indexProgress` {workspace, state, done, total, text?}, state being indexing, ready or
failed; `codeanvil/runProgress` {workspace, run, state, phase, text, step, steps, epoch, loss, ...};
`codeanvil/answerDelta` {token, delta} for questions that were asked with a `token`.
"""

import argparse
import os
import sys
from collections.abc import Sequence

from codeanvil import __version__
from codeanvil.errors import UsageError


def main(argv: Sequence[str] | None = None) -> int:
    """Serve until the client leaves; the exit code is 0 when it said so properly, 2 on bad usage, else 1."""
    parser = argparse.ArgumentParser(prog="codeanvil-lsp", description="CodeAnvil's language server.")
    ways = parser.add_mutually_exclusive_group()
    ways.add_argument("--stdio", action="store_true", help="speak on standard input and output (default)")
    ways.add_argument("--tcp", metavar="HOST:PORT", type=_address, help="listen for TCP connections")
    ways.add_argument("--ws", metavar="HOST:PORT", type=_address, help="listen for WebSocket connections")
    parser.add_argument("--version", action="version", version=f"codeanvil-lsp {__version__}")
    # Clients of vscode-languageclient may add it to any command line; `initialize` says the same.
    parser.add_argument("--clientProcessId", help=argparse.SUPPRESS)
    arguments = parser.parse_args(argv)

    from codeanvil.lsp.logs import log_to_stderr
    from codeanvil.lsp.transport import serve_stdio, serve_tcp, serve_websocket

    # For every process started here: `python -m` looks into the current folder first, which may be a workspace, and
    # its `json.py` must not be run.
    os.environ["PYTHONSAFEPATH"] = "1"
    log_to_stderr()
    try:
        if arguments.tcp:
            return serve_tcp(*arguments.tcp)
        if arguments.ws:
            return serve_websocket(*arguments.ws)
        return serve_stdio()
    except UsageError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 1


def _address(text: str) -> tuple[str, int]:
    host, colon, port = text.rpartition(":")
    if not colon or not port.isdecimal() or int(port) > 65535:
        raise argparse.ArgumentTypeError(f"'{text}' is not HOST:PORT, for example 127.0.0.1:2087")
    return host.strip("[]") or "127.0.0.1", int(port)
