"""`codeanvil.export`: a model or its data, taken out of the workspace."""

from typing import TYPE_CHECKING, Any

from codeanvil.lsp.arguments import RunArguments, register_command
from codeanvil.lsp.jobs import run_job

if TYPE_CHECKING:
    from codeanvil.lsp.server import CodeAnvilServer


class ExportArguments(RunArguments):
    """`out` is a new or empty folder; a relative one is in the workspace."""

    format: str
    out: str


def register(server: "CodeAnvilServer") -> None:
    """Offer the command."""
    register_command(server, "export", ExportArguments, _export)


async def _export(server: "CodeAnvilServer", arguments: ExportArguments) -> Any:
    folder = server.folders.named(arguments.workspace)
    return await run_job("export", folder.root, folder.settings, arguments.model_dump(exclude={"workspace"}))
