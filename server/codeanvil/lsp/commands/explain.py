"""`codeanvil.explain`: what a symbol is, shown to the user by the editor's own means.

A lens and a code action are carried out by whatever editor shows them, and few show the result of a command. So the
answer is written to a file beside the index, which the editor is asked to open; one that opens no files shows it as a
message. VS Code's extension asks in its own view instead and does not send this command.
"""

import logging
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from codeanvil.contract import write_atomic
from codeanvil.errors import WorkspaceError
from codeanvil.lsp.answering import Asked, answer
from codeanvil.lsp.arguments import Arguments, register_command
from codeanvil.lsp.protocol import capability
from codeanvil.workspace.location import make_data_folder

if TYPE_CHECKING:
    from codeanvil.lsp.folder import Folder
    from codeanvil.lsp.server import CodeAnvilServer

_log = logging.getLogger(__name__)

FILE_NAME = "answer.md"

_RELATIVE_LINK = re.compile(r"\]\((?![a-z]+:|/)")


class ExplainArguments(Arguments):
    """`symbol` is a name as the index has it, `question` what to ask of it instead of what it is."""

    symbol: str
    question: str | None = None


def explain_command(title: str, folder: "Folder", symbol: str) -> types.Command:
    """The command as a lens or an action of a document in `folder` offers it."""
    return types.Command(title, "codeanvil.explain", arguments=[{"workspace": str(folder.root), "symbol": symbol}])


def register(server: "CodeAnvilServer") -> None:
    """Offer the command."""
    register_command(server, "explain", ExplainArguments, _explain)


async def _explain(server: "CodeAnvilServer", arguments: ExplainArguments) -> Any:
    folder = server.folders.named(arguments.workspace)
    question = arguments.question or f"Tell me about {arguments.symbol}."
    found = await answer(server, folder, Asked(question), None)
    if not await _opened(server, folder, f"# {arguments.symbol}\n\n{found['answer']}\n"):
        server.window_show_message(types.ShowMessageParams(types.MessageType.Info, found["answer"]))
    return found


async def _opened(server: "CodeAnvilServer", folder: "Folder", text: str) -> bool:
    """Whether the editor has opened the answer as a file."""
    if not capability(server.client_capabilities, "window", "show_document", "support"):
        return False
    try:
        path = await server.in_thread(_write, folder, text)
        shown = await server.window_show_document_async(types.ShowDocumentParams(path.as_uri(), take_focus=True))
    except (OSError, WorkspaceError, JsonRpcException) as error:
        _log.warning("The answer is shown as a message, since its file cannot be opened: %s", error)
        return False
    return shown.success


def _write(folder: "Folder", text: str) -> Path:
    """The answer's links are relative to the workspace; in the file they are to where it lies."""
    path = make_data_folder(folder.root, folder.settings) / FILE_NAME
    root = Path(os.path.relpath(folder.root, path.parent)).as_posix()
    write_atomic(path, _RELATIVE_LINK.sub(f"]({root}/", text))
    return path
