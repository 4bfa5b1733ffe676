"""`codeanvil.status`: what is indexed, what is running and what is in use."""

from typing import TYPE_CHECKING, Any

from codeanvil.lsp.arguments import RunArguments, register_command
from codeanvil.runs.run import newest_or_named
from codeanvil.runs.status import status

if TYPE_CHECKING:
    from codeanvil.lsp.folder import Folder
    from codeanvil.lsp.server import CodeAnvilServer


def register(server: "CodeAnvilServer") -> None:
    """Offer the command."""
    register_command(server, "status", RunArguments, _status)


async def _status(server: "CodeAnvilServer", arguments: RunArguments) -> Any:
    folder = server.folders.named(arguments.workspace)
    return await server.in_thread(_report, folder, arguments.run)


def _report(folder: "Folder", run_id: str | None) -> dict[str, Any]:
    """As `codeanvil status --json`, with how the index stands just now and the run as in `codeanvil/runProgress`."""
    root, settings = folder.root, folder.settings
    run = newest_or_named(root, settings, run_id) if run_id else None
    found = status(root, settings, run)
    if found["run"]:
        found["run"] = {"run": found["run"]["id"], **found["run"]}
    return found | {"index": found["index"] | folder.index.row}
