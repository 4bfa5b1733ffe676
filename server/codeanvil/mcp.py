"""Tools for agents, over standard input and output (https://modelcontextprotocol.io), with the official SDK.

    codeanvil mcp [WORKSPACE]

Every tool reads the index and changes nothing; the index is brought up to date before a tool answers. Answers are the
checked ones of `codeanvil ask`. Needs the extra `mcp`.
"""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Annotated, Any, TypeVar

import anyio
from pydantic import Field

from codeanvil import __version__
from codeanvil.answers.ask import ask as answer_of
from codeanvil.answers.models.host import writer_for
from codeanvil.answers.understanding.nearest import closest, slip
from codeanvil.errors import CodeAnvilError
from codeanvil.facts.model import BuildFacts, Symbol
from codeanvil.runs.active import adopt_finished
from codeanvil.runs.status import status
from codeanvil.settings import Settings
from codeanvil.workspace.index.fresh import FreshIndex
from codeanvil.workspace.store import Store

MOST_FOUND = 20

_T = TypeVar("_T")

INSTRUCTIONS = (
    "Facts about the code in this workspace, read from an index that follows the files. `ask` answers a question in "
    "words and with links, each name looked up; `find_symbol` and `describe_type` give facts; `build_info` how it is "
    "built, run and tested. What is not in the index is said not to be there: trust that before your memory."
)


class Tools:
    """What the tools do, for one workspace. Raises CodeAnvilError, whose sentence the agent is shown."""

    def __init__(self, root: Path, settings: Settings) -> None:
        self._root, self._settings = root, settings
        self._index = FreshIndex(root, settings)

    def close(self) -> None:
        """End the processes that read files."""
        self._index.close()

    def ask(self, question: str, history: Sequence[str] = ()) -> dict[str, Any]:
        """A checked answer, as `codeanvil ask --json` gives it; `history` are the conversation's earlier questions."""
        adopt_finished(self._root, self._settings)
        writer = writer_for(self._root, self._settings)
        asked = partial(answer_of, question, writer=writer, root=self._root, history=history)
        return self._with_store(lambda store: asked(store).row())

    def find_symbol(self, name: str) -> dict[str, Any]:
        """Symbols of that name, or the nearest names and what full text finds."""

        def find(store: Store) -> dict[str, Any]:
            exact = store.symbols_named(name) or store.symbols_named_nocase(name)
            found = exact or store.search(name, MOST_FOUND)
            return {
                "exact": bool(exact),
                "symbols": [symbol_row(symbol) for symbol in found[:MOST_FOUND]],
                "left_out": max(0, len(found) - MOST_FOUND),
                "nearest": [] if exact else _nearest(name, store),
            }

        return self._with_store(find)

    def describe_type(self, name: str) -> dict[str, Any]:
        """The types of that name with members, bases and derived types."""

        def describe(store: Store) -> dict[str, Any]:
            types = [s for s in store.symbols_named(name) or store.symbols_named_nocase(name) if s.is_type]
            types = [symbol for symbol in types if not symbol.decl] or types
            return {
                "types": [_type_row(symbol, store) for symbol in types[:MOST_FOUND]],
                "left_out": max(0, len(types) - MOST_FOUND),
                "nearest": [] if types else _nearest(name, store),
            }

        return self._with_store(describe)

    def build_info(self) -> dict[str, Any]:
        """Every build system with its folder, commands, targets, options and dependencies; and the stack."""

        def tell(store: Store) -> dict[str, Any]:
            stack = store.stack()
            return {
                "builds": [_build_row(build) for build in store.builds()],
                "languages": {share.lang: round(share.share, 4) for share in stack.languages},
                "test_frameworks": list(stack.test_frameworks),
                "entry_points": [{"path": path, "line": line, "how": how} for path, line, how in stack.entry_points],
            }

        return self._with_store(tell)

    def training_status(self) -> dict[str, Any]:
        """What is indexed, which training run goes on, which one is in use and why."""
        return status(self._root, self._settings)

    def _with_store(self, read: Callable[[Store], _T]) -> _T:
        with self._index.store() as store:
            return read(store)


def symbol_row(symbol: Symbol) -> dict[str, Any]:
    """A symbol as an agent sees it."""
    return {
        "kind": symbol.kind,
        "qualified": symbol.qualified,
        "path": symbol.file,
        "line": symbol.line,
        "end": symbol.end,
        "signature": symbol.signature,
        "doc": symbol.doc,
    }


def _nearest(name: str, store: Store) -> list[str]:
    """The name it is a slip for, then those that share most with it."""
    names = store.symbol_names()
    return list(dict.fromkeys(filter(None, [slip(name, names), *closest(name, names)])))


def _type_row(symbol: Symbol, store: Store) -> dict[str, Any]:
    return symbol_row(symbol) | {
        "bases": list(symbol.bases),
        "derived": [symbol_row(derived) for derived in store.derived_from(symbol.name)[:MOST_FOUND]],
        "members": [symbol_row(member) for member in store.members_of(symbol)],
    }


def _build_row(build: BuildFacts) -> dict[str, Any]:
    return {
        "system": build.system,
        "path": build.file,
        "folder": build.folder or ".",
        "name": build.name,
        "version": build.version,
        "commands": dict(build.commands),
        "targets": [{"name": t.name, "kind": t.kind, "line": t.line, "command": t.command} for t in build.targets],
        "options": [{"name": o.name, "default": o.default, "doc": o.doc} for o in build.options],
        "dependencies": [{"name": d.name, "version": d.version, "group": d.group} for d in build.dependencies],
        "problem": build.problem,
    }


def run(root: Path, settings: Settings) -> None:
    """Serve until the client closes. Raises CodeAnvilError where the SDK is missing."""
    try:
        from mcp.server.mcpserver import MCPServer
        from mcp.server.mcpserver.exceptions import ToolError
        from mcp.types import ToolAnnotations
    except ImportError as error:
        raise CodeAnvilError(
            "The tools for agents need the package mcp: install it with `pip install 'codeanvil[mcp]'`."
        ) from error
    tools = Tools(root, settings)
    server = MCPServer("codeanvil", version=__version__, instructions=INSTRUCTIONS, log_level="ERROR")
    reads = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)

    async def answered(work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        try:
            return await anyio.to_thread.run_sync(work)
        except CodeAnvilError as error:
            raise ToolError(str(error)) from error

    @server.tool(annotations=reads)
    async def ask(
        question: Annotated[str, Field(description="In plain words, about this workspace.")],
        history: Annotated[list[str] | None, Field(description="Earlier questions it goes on from, in order.")] = None,
    ) -> dict[str, Any]:
        """Answer a question about this codebase: where things are, what they do, how it is built. Names are checked."""
        return await answered(lambda: tools.ask(question, history or ()))

    @server.tool(annotations=reads)
    async def find_symbol(
        name: Annotated[str, Field(description="Simple or qualified name, or words of it.")],
    ) -> dict[str, Any]:
        """Find classes, functions and methods by name: where they are, signature, first sentence of their doc."""
        return await answered(lambda: tools.find_symbol(name))

    @server.tool(annotations=reads)
    async def describe_type(name: Annotated[str, Field(description="Name of a class-like type.")]) -> dict[str, Any]:
        """Describe a class, struct, interface or enum: bases, derived types, members with their signatures."""
        return await answered(lambda: tools.describe_type(name))

    @server.tool(annotations=reads)
    async def build_info() -> dict[str, Any]:
        """Tell how this project is configured, built, tested and run, with targets, options and dependencies."""
        return await answered(tools.build_info)

    @server.tool(annotations=reads)
    async def training_status() -> dict[str, Any]:
        """Tell what is indexed, whether a training run goes on and how far it is, and which model is in use."""
        return await answered(tools.training_status)

    try:
        server.run("stdio")
    finally:
        tools.close()
