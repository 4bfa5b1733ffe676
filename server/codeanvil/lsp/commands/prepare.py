"""`codeanvil.prepare`: index and data set, and the report on both."""

from typing import TYPE_CHECKING, Any

from codeanvil.lsp.arguments import Arguments, register_command
from codeanvil.lsp.jobs import run_job

if TYPE_CHECKING:
    from codeanvil.lsp.server import CodeAnvilServer


def register(server: "CodeAnvilServer") -> None:
    """Offer the command."""
    register_command(server, "prepare", Arguments, _prepare)


async def _prepare(server: "CodeAnvilServer", arguments: Arguments) -> Any:
    folder = server.folders.named(arguments.workspace)
    await folder.index.updated()
    return await run_job("prepare", folder.root, folder.settings, {})
