"""`codeanvil.stop`: the run saves a checkpoint and ends."""

from typing import TYPE_CHECKING, Any

from codeanvil.lsp.arguments import RunArguments, register_command
from codeanvil.lsp.jobs import run_job

if TYPE_CHECKING:
    from codeanvil.lsp.server import CodeAnvilServer


def register(server: "CodeAnvilServer") -> None:
    """Offer the command."""
    register_command(server, "stop", RunArguments, _stop)


async def _stop(server: "CodeAnvilServer", arguments: RunArguments) -> Any:
    folder = server.folders.named(arguments.workspace)
    result = await run_job("stop", folder.root, folder.settings, {"run": arguments.run})
    folder.runs.look()
    return result
