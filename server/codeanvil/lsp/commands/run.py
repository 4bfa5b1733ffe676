"""`codeanvil.run`: one run's curves, events, accuracy, data and log, for a view of it."""

from typing import TYPE_CHECKING, Any

from codeanvil.lsp.arguments import RunArguments, register_command
from codeanvil.runs.run import newest_or_named
from codeanvil.runs.story import story

if TYPE_CHECKING:
    from codeanvil.lsp.folder import Folder
    from codeanvil.lsp.server import CodeAnvilServer


def register(server: "CodeAnvilServer") -> None:
    """Offer the command."""
    register_command(server, "run", RunArguments, _run)


async def _run(server: "CodeAnvilServer", arguments: RunArguments) -> Any:
    return await server.in_thread(_story, server.folders.named(arguments.workspace), arguments.run)


def _story(folder: "Folder", run_id: str | None) -> dict[str, Any]:
    return story(newest_or_named(folder.root, folder.settings, run_id))
