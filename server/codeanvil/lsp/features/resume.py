"""`codeanvil.resume`: a run that was stopped or broke off goes on from its last checkpoint."""

from typing import TYPE_CHECKING, Any

from codeanvil.lsp.arguments import RunArguments, register_command
from codeanvil.lsp.jobs import run_job

if TYPE_CHECKING:
    from codeanvil.lsp.server import CodeAnvilServer


def register(server: "CodeAnvilServer") -> None:
    """Offer the command."""
    register_command(server, "resume", RunArguments, _resume)


async def _resume(server: "CodeAnvilServer", arguments: RunArguments) -> Any:
    folder = server.folders.named(arguments.workspace)
    result = await run_job("resume", folder.root, folder.settings, {"run": arguments.run})
    folder.runs.look()
    return result
