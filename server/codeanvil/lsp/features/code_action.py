"""`textDocument/codeAction`: "Ask CodeAnvil about" the name under the cursor."""

from typing import TYPE_CHECKING

from lsprotocol import types

from codeanvil.lsp.commands.explain import explain_command
from codeanvil.lsp.words import word_at

if TYPE_CHECKING:
    from codeanvil.lsp.server import CodeAnvilServer


def register(server: "CodeAnvilServer") -> None:
    """Handle `textDocument/codeAction`."""

    def actions(params: types.CodeActionParams) -> list[types.Command]:
        """One where the index knows the name. Only for who asks: no light bulb beside every name."""
        place = server.folders.of_uri(params.text_document.uri)
        lines = server.lines_of(params.text_document.uri)
        if server.trust.is_withheld:
            return []
        by_itself = params.context.trigger_kind == types.CodeActionTriggerKind.Automatic
        if place is None or lines is None or by_itself or params.context.only:
            return []
        folder, _ = place
        word = word_at(lines, params.range.start, server.workspace.position_codec)
        if word is None or not folder.read(lambda store: store.symbols_named(word.name)):
            return []
        title = f"Ask CodeAnvil about {word.name}"
        qualified = f"{word.qualifier}.{word.name}" if word.qualifier else word.name
        known = folder.read(lambda store: store.symbols_named(qualified))
        return [explain_command(title, folder, qualified if known else word.name)]

    server.feature(types.TEXT_DOCUMENT_CODE_ACTION)(actions)
