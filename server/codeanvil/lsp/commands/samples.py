"""`codeanvil.samples`: the training samples that were made from one file, to be read by people."""

from typing import TYPE_CHECKING, Any

from codeanvil.lsp.arguments import Arguments, register_command
from codeanvil.lsp.jobs import run_job

if TYPE_CHECKING:
    from codeanvil.lsp.server import CodeAnvilServer


class SamplesArguments(Arguments):
    """`source` is a file's path in the folder."""

    source: str


def register(server: "CodeAnvilServer") -> None:
    """Offer the command."""
    register_command(server, "samples", SamplesArguments, _samples)


async def _samples(server: "CodeAnvilServer", arguments: SamplesArguments) -> Any:
    folder = server.folders.named(arguments.workspace)
    await folder.index.updated()
    return await run_job("samples", folder.root, folder.settings, {"source": arguments.source})
