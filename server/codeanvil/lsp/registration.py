"""What the client is asked for once it runs: file events, changes of settings, lenses shown anew."""

import logging
from typing import TYPE_CHECKING

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from codeanvil.lsp.configuration import SECTION
from codeanvil.lsp.protocol import capability

if TYPE_CHECKING:
    from codeanvil.lsp.server import CodeAnvilServer

_log = logging.getLogger(__name__)

# Everything: which files matter is decided by the index, and a folder that goes away has no suffix.
_WATCHERS = types.DidChangeWatchedFilesRegistrationOptions([types.FileSystemWatcher("**/*")])


async def register_dynamically(server: "CodeAnvilServer") -> None:
    """Ask for file events and settings; watch the disk ourselves where the client gives no file events."""
    wanted = []
    if _dynamic(server, "did_change_watched_files"):
        wanted.append(_registration(types.WORKSPACE_DID_CHANGE_WATCHED_FILES, _WATCHERS))
    if _dynamic(server, "did_change_configuration"):
        options = types.DidChangeConfigurationRegistrationOptions(section=SECTION)
        wanted.append(_registration(types.WORKSPACE_DID_CHANGE_CONFIGURATION, options))
    told = False
    if wanted:
        try:
            await server.client_register_capability_async(types.RegistrationParams(wanted))
            told = _dynamic(server, "did_change_watched_files")
        except JsonRpcException as error:
            _log.warning("The editor refuses to tell of changed files (%s); the disk is watched instead.", error)
    if not told:
        server.folders.watch()


async def refresh_lenses(server: "CodeAnvilServer") -> None:
    """Have the client ask for code lenses again: what they say has changed."""
    if capability(server.client_capabilities, "workspace", "code_lens", "refresh_support"):
        try:
            await server.workspace_code_lens_refresh_async(None)
        except JsonRpcException as error:
            _log.info("The editor does not show lenses anew (%s).", error)


def _dynamic(server: "CodeAnvilServer", feature: str) -> bool:
    return bool(capability(server.client_capabilities, "workspace", feature, "dynamic_registration"))


def _registration(method: str, options: object) -> types.Registration:
    return types.Registration(id=f"codeanvil-{method}", method=method, register_options=options)
