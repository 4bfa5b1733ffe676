"""`codeanvil.promote` and `codeanvil.rollback`: which run answers, decided by hand."""

from typing import TYPE_CHECKING, Any

from codeanvil.lsp.arguments import Arguments, register_command
from codeanvil.runs.active import BY_HAND, Active, promote, rollback
from codeanvil.runs.run import find

if TYPE_CHECKING:
    from codeanvil.lsp.folder import Folder
    from codeanvil.lsp.server import CodeAnvilServer


class PromoteArguments(Arguments):
    """`run` is the run's id or its beginning."""

    run: str


def register(server: "CodeAnvilServer") -> None:
    """Offer both commands."""
    register_command(server, "promote", PromoteArguments, _promote)
    register_command(server, "rollback", Arguments, _rollback)


async def _promote(server: "CodeAnvilServer", arguments: PromoteArguments) -> Any:
    return await server.in_thread(_promoted, server.folders.named(arguments.workspace), arguments.run)


async def _rollback(server: "CodeAnvilServer", arguments: Arguments) -> Any:
    return await server.in_thread(_rolled_back, server.folders.named(arguments.workspace))


def _promoted(folder: "Folder", run_id: str) -> dict[str, Any]:
    run = find(folder.root, folder.settings, run_id)
    return _row(promote(folder.root, folder.settings, run, BY_HAND))


def _rolled_back(folder: "Folder") -> dict[str, Any]:
    return _row(rollback(folder.root, folder.settings))


def _row(in_use: Active | None) -> dict[str, Any]:
    """As `codeanvil runs promote --json` prints it."""
    return {"active": in_use.row() if in_use else None}
