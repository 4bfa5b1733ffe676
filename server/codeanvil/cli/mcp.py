"""`mcp`: tools for agents over standard input and output, until the client closes."""

import argparse

from codeanvil import mcp
from codeanvil.cli.output import Output
from codeanvil.cli.workspace import opened


def serve(arguments: argparse.Namespace, _out: Output) -> None:
    """Serve the tools; nothing but the protocol is written to standard output."""
    mcp.run(*opened(arguments))
