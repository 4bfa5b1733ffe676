"""`codeanvil.runs`: every run of a folder, newest first, as `codeanvil runs --json` has them."""

from typing import TYPE_CHECKING, Any

from codeanvil.lsp.arguments import Arguments, register_command
from codeanvil.runs.active import adopt_finished
from codeanvil.runs.story import listed

if TYPE_CHECKING:
    from codeanvil.lsp.folder import Folder
    from codeanvil.lsp.server import CodeAnvilServer


def register(server: "CodeAnvilServer") -> None:
    """Offer the command."""
    register_command(server, "runs", Arguments, _runs)


async def _runs(server: "CodeAnvilServer", arguments: Arguments) -> Any:
    return await server.in_thread(_listed, server.folders.named(arguments.workspace))


def _listed(folder: "Folder") -> list[dict[str, Any]]:
    adopt_finished(folder.root, folder.settings)
    return listed(folder.root, folder.settings)
