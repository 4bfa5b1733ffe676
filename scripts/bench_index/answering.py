"""The language server while its first index is made: a real process, spoken to over its standard input and output.

Two kinds of hovers take turns. One is on a blank line, where nothing is looked up: how long its answer takes is how
long the server's loop was busy with something else, and the way there and back. The other is on the name of a base:
what somebody waits for who points at it.
"""

import asyncio
import itertools
import os
import re
import shutil
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.lsp.client import LanguageClient

from codeanvil.settings import Settings
from codeanvil.workspace.index.workers import child_environment

EVERY_SECONDS = 0.01
OPEN = 20
"""Documents that the editor has open, and hovers over in turn."""

_CLASS = re.compile(r"^class (\w+)\(([A-Za-z_]\w*)\)", re.MULTILINE)


@dataclass
class Waited:
    """Seconds that answers took: those that need the loop alone, and those on names; how many of these were cards."""

    loop: list[float] = field(default_factory=list)
    hovers: list[float] = field(default_factory=list)
    cards: int = 0


def answering(root: Path, settings: Settings) -> Waited:
    """Have a language server index the workspace at `root` from nothing, and ask it all the while."""
    shutil.rmtree(settings.data_folder(root), ignore_errors=True)
    return asyncio.run(_asked(root, settings))


async def _asked(root: Path, settings: Settings) -> Waited:
    client = LanguageClient("bench", "1")
    indexed = asyncio.Event()

    @client.feature("codeanvil/indexProgress")
    def progress(params: Any) -> None:
        if params.state != "indexing":
            indexed.set()

    await client.start_io(sys.executable, "-m", "codeanvil.lsp", "--stdio", env={**os.environ, **child_environment()})
    try:
        folder = types.WorkspaceFolder(root.as_uri(), root.name)
        options = {"settings": settings.model_dump(mode="json", exclude_defaults=True)}
        await client.initialize_async(
            types.InitializeParams(
                types.ClientCapabilities(), workspace_folders=[folder], initialization_options=options
            )
        )
        client.initialized(types.InitializedParams())
        return await _hovers(client, _opened(client, root), indexed)
    finally:
        await client.shutdown_async(None)
        client.exit(None)
        await client.stop()


def _opened(client: LanguageClient, root: Path) -> list[tuple[str, types.Position, types.Position]]:
    """Open documents; of each, its address, a blank place, and where it names the base of a class."""
    places = []
    for path in sorted(root.rglob("*.py")):
        text = path.read_text("utf-8", "replace")
        found = _CLASS.search(text)
        blank = next((number for number, line in enumerate(text.splitlines()) if not line.strip()), None)
        if found and blank is not None and text.isascii():
            client.text_document_did_open(
                types.DidOpenTextDocumentParams(types.TextDocumentItem(path.as_uri(), "python", 1, text))
            )
            line = text.count("\n", 0, found.start())
            column = found.start(2) - found.start()
            places.append((path.as_uri(), types.Position(blank, 0), types.Position(line, column)))
            if len(places) == OPEN:
                break
    return places


async def _hovers(
    client: LanguageClient, places: Sequence[tuple[str, types.Position, types.Position]], indexed: asyncio.Event
) -> Waited:
    waited = Waited()
    for uri, blank, name in itertools.cycle(places):
        if indexed.is_set():
            return waited
        await _timed(client, uri, blank, waited.loop)
        waited.cards += await _timed(client, uri, name, waited.hovers) is not None
        await asyncio.sleep(EVERY_SECONDS)
    return waited


async def _timed(client: LanguageClient, uri: str, at: types.Position, waited: list[float]) -> types.Hover | None:
    started = time.monotonic()
    hover = await client.text_document_hover_async(types.HoverParams(types.TextDocumentIdentifier(uri), at))
    waited.append(time.monotonic() - started)
    return hover
