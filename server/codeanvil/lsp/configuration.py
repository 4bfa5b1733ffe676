"""The client's settings: pulled per folder where the client can, else as it pushed them."""

import asyncio
import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from codeanvil.lsp.protocol import capability
from codeanvil.settings import merged

if TYPE_CHECKING:
    from codeanvil.lsp.server import CodeAnvilServer

_log = logging.getLogger(__name__)

SECTION = "codeanvil"

PULL_SECONDS = 5.0
"""A client that does not answer in this time is taken at its initialization options."""


def pushed(settings: object) -> Mapping[str, Any] | None:
    """The settings in what a client sends of itself: bare, or under `settings` or `codeanvil`; None for others."""
    if not isinstance(settings, Mapping):
        return None
    for key in ("settings", SECTION):
        if isinstance(settings.get(key), Mapping):
            return pushed(settings[key])
    return settings


async def read_again(server: "CodeAnvilServer") -> None:
    """Read every folder's settings anew: its files, then the client's; start those anew that changed."""
    folders = list(server.folders)
    layers = await _pulled(server, [folder.name.as_uri() for folder in folders])
    for folder, layer in zip(folders, layers, strict=True):
        await server.folders.apply(folder, merged(server.folders.options, layer))


async def _pulled(server: "CodeAnvilServer", uris: list[str]) -> list[Mapping[str, Any]]:
    if not uris or not capability(server.client_capabilities, "workspace", "configuration"):
        return [{} for _ in uris]
    items = [types.ConfigurationItem(scope_uri=uri, section=SECTION) for uri in uris]
    try:
        async with asyncio.timeout(PULL_SECONDS):
            answers = await server.workspace_configuration_async(types.ConfigurationParams(items))
    except (TimeoutError, JsonRpcException) as error:
        _log.warning("The editor does not tell its settings (%s); those it started with are used.", error)
        answers = []
    found = [answer if isinstance(answer, Mapping) else {} for answer in answers]
    return [*found, *({} for _ in uris)][: len(uris)]
