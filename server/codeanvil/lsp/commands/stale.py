"""`codeanvil.stale`: what has changed since the model in use was trained, in the form of `codeanvil.ask`."""

from typing import TYPE_CHECKING, Any

from codeanvil.lsp.arguments import Arguments, register_command

if TYPE_CHECKING:
    from codeanvil.lsp.folder import Folder
    from codeanvil.lsp.server import CodeAnvilServer


def register(server: "CodeAnvilServer") -> None:
    """Offer the command."""
    register_command(server, "stale", Arguments, _stale)


async def _stale(server: "CodeAnvilServer", arguments: Arguments) -> Any:
    folder = server.folders.named(arguments.workspace)
    await folder.index.updated()
    return await server.in_thread(_told, folder)


def _told(folder: "Folder") -> dict[str, Any]:
    from codeanvil.answers.checking.changes import since_training
    from codeanvil.workspace.location import index_path
    from codeanvil.workspace.store import Store

    with Store(index_path(folder.root, folder.settings)) as store:
        return since_training(folder.root, folder.settings, store).row()
