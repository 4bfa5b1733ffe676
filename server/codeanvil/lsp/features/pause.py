"""`codeanvil.pause`: the run saves a checkpoint and gives its memory back until it is resumed."""

from typing import TYPE_CHECKING, Any

from codeanvil.lsp.arguments import RunArguments, register_command
from codeanvil.lsp.jobs import run_job

if TYPE_CHECKING:
    from codeanvil.lsp.server import CodeAnvilServer


def register(server: "CodeAnvilServer") -> None:
    """Offer the command."""
    register_command(server, "pause", RunArguments, _pause)


async def _pause(server: "CodeAnvilServer", arguments: RunArguments) -> Any:
    folder = server.folders.named(arguments.workspace)
    result = await run_job("pause", folder.root, folder.settings, {"run": arguments.run})
    folder.runs.look()
    return result
