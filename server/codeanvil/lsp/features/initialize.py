"""`initialize`: the client's settings and folders. Nothing is started before the client says `initialized`."""

from typing import TYPE_CHECKING

from lsprotocol import types
from pygls.uris import from_fs_path

from codeanvil.lsp.parent import end_with

if TYPE_CHECKING:
    from codeanvil.lsp.server import CodeAnvilServer


def register(server: "CodeAnvilServer") -> None:
    """Handle `initialize`."""

    def initialize(params: types.InitializeParams) -> None:
        folders = _folders(params)
        server.protocol.use_documents(folders)
        server.trust.take_options(params.initialization_options)
        server.folders.take_options(params.initialization_options)
        for folder in folders:
            server.folders.open(folder.uri)
        if server.follow_parent and params.process_id is not None:
            server.start(end_with(params.process_id, server.stop), "watching the editor's process")

    server.feature(types.INITIALIZE)(initialize)


def _folders(params: types.InitializeParams) -> list[types.WorkspaceFolder]:
    """The client's folders; of older clients, the one root."""
    if params.workspace_folders:
        return list(params.workspace_folders)
    root = params.root_uri or (from_fs_path(params.root_path) if params.root_path else None)
    return [types.WorkspaceFolder(root, root.rstrip("/").rpartition("/")[2])] if root else []
