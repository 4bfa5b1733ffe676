"""`textDocument/codeLens`: over each type, what is taught about it, who uses it, and a way to ask about it."""

from typing import TYPE_CHECKING, Any

from lsprotocol import types

from codeanvil.lsp.commands.explain import explain_command
from codeanvil.lsp.outline import name_range

if TYPE_CHECKING:
    from codeanvil.lsp.folder import Folder
    from codeanvil.lsp.server import CodeAnvilServer
    from codeanvil.workspace.store import Store


def register(server: "CodeAnvilServer") -> None:
    """Handle `textDocument/codeLens` and `codeLens/resolve`."""

    async def lenses(params: types.CodeLensParams) -> list[types.CodeLens] | None:
        """Where they are; what they say is looked up for those that are on the screen."""
        uri = params.text_document.uri
        place = server.folders.of_uri(uri)
        lines = server.lines_of(uri)
        if place is None or lines is None or not place[0].settings.editor.code_lens:
            return None
        folder, path = place
        symbols = await server.look(folder.read, lambda store: store.symbols_in(path)) or []
        return [
            types.CodeLens(
                name_range(symbol, lines, server.workspace.position_codec),
                data={"uri": uri, "name": symbol.name, "qualified": symbol.qualified, "lang": symbol.lang},
            )
            for symbol in symbols
            if symbol.is_type and not symbol.decl and symbol.line <= len(lines)
        ]

    async def resolve(lens: types.CodeLens) -> types.CodeLens:
        data = lens.data if isinstance(lens.data, dict) else {}
        place = server.folders.of_uri(str(data.get("uri", "")))
        if place is None or not {"name", "qualified", "lang"} <= set(data):
            return lens
        folder, path = place
        title = await server.in_thread(_title, folder, path, data)
        lens.command = explain_command(title, folder, data["qualified"])
        return lens

    server.feature(types.TEXT_DOCUMENT_CODE_LENS, types.CodeLensOptions(resolve_provider=True))(lenses)
    server.feature(types.CODE_LENS_RESOLVE)(resolve)


def _title(folder: "Folder", path: str, data: dict[str, Any]) -> str:
    counts = folder.read(lambda store: _counts(store, path, data))
    return " · ".join([*(counts or ()), "explain"])


def _counts(store: "Store", path: str, data: dict[str, Any]) -> list[str]:
    samples = sum(1 for sample in store.samples_of(path) if sample.subject == data["qualified"])
    used = store.referred(data["name"], data["lang"])
    return [
        *([_number(samples, "sample")] if samples else []),
        f"used in {_number(used, 'other file')}" if used else "not used in other files",
    ]


def _number(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
