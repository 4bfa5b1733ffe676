"""`codeanvil.stop`, `codeanvil.pause` and `codeanvil.resume`: a run ends, gives its memory back, or goes on."""

from typing import TYPE_CHECKING, Any

from codeanvil.lsp.arguments import RunArguments, register_command
from codeanvil.lsp.jobs import run_job

if TYPE_CHECKING:
    from codeanvil.lsp.server import CodeAnvilServer


def register(server: "CodeAnvilServer") -> None:
    """Offer the three commands."""
    for verb in ("stop", "pause", "resume"):
        _register(server, verb)


def _register(server: "CodeAnvilServer", verb: str) -> None:
    async def handle(server: "CodeAnvilServer", arguments: RunArguments) -> Any:
        folder = server.folders.named(arguments.workspace)
        result = await run_job(verb, folder.root, folder.settings, {"run": arguments.run})
        folder.runs.look()
        return result

    register_command(server, verb, RunArguments, handle)
