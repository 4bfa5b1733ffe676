"""The protocol as pygls has it, with what the specification asks beyond that.

pygls 2.1 cancels only handlers it has not begun, breaks on `shutdown` while a request runs, leaves requests after
`shutdown` and those it cannot read unanswered, keeps every notification's future, ends the process from inside a
handler, and splits lines where the specification does not.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInvalidParams, JsonRpcInvalidRequest
from pygls.protocol import LanguageServerProtocol, lsp_method
from pygls.protocol.json_rpc import RPCMessage
from pygls.workspace import TextDocument, Workspace

from codeanvil.lsp.arguments import as_response_errors
from codeanvil.lsp.words import split_lines

if TYPE_CHECKING:
    from codeanvil.lsp.server import CodeAnvilServer


TRAINING_PLAN = "codeanvil/trainingPlan"


@dataclass
class OwnRequest:
    """A request that the specification does not have; its parameters stay as they came."""

    id: int | str
    method: str
    params: dict[str, Any] | None = None
    jsonrpc: str = "2.0"


class CodeAnvilProtocol(LanguageServerProtocol):
    """LSP over whatever transport; every request is answered exactly once.

    Where pygls has its own handlers as generators, ours are coroutines or plain functions: it takes all three.
    """

    _server: "CodeAnvilServer"
    _leaving: asyncio.Task[Any] | None = None

    @property
    def is_shut_down(self) -> bool:
        """Whether the client has sent `shutdown`."""
        return bool(self._shutdown)

    def get_message_type(self, method: str) -> type[Any] | None:  # type: ignore[override]
        """The form of a message; those of ours that pygls would make objects without a type of."""
        return OwnRequest if method == TRAINING_PLAN else super().get_message_type(method)

    def structure_message(self, data: dict[str, Any]) -> Any:
        """A message from its JSON; a request that cannot be read is answered with what is wrong with it."""
        is_request = "jsonrpc" in data and "id" in data and "method" in data
        try:
            message = super().structure_message(data)
            if is_request and not hasattr(message, "id"):
                raise JsonRpcInvalidRequest(f"'{data['method']}' is a notification: send it without an id.")
        except JsonRpcException as error:
            if is_request:
                self._send_response(data["id"], error=error.to_response_error())
            raise
        return message

    def handle_message(self, message: RPCMessage) -> None:
        """Pass a message on, or answer a request that comes before `initialize` or after `shutdown` with an error."""
        method = getattr(message, "method", None)
        refusal = self._refusal(method)
        if refusal is None:
            super().handle_message(message)
            # At once, not when its task begins: further messages may have been read by then.
            self._shutdown = self._shutdown or method == types.SHUTDOWN
        elif hasattr(message, "id"):
            self._send_response(message.id, error=refusal.to_response_error())

    def _execute_handler(
        self,
        msg_id: int | str,
        handler: Callable[..., Any],
        callback: Callable[..., Any],
        args: tuple[Any, ...] | None = None,
        kwargs: dict[str, Any] | None = None,
    ) -> None:
        """Run a handler, and forget it when it has ended: pygls keeps those of notifications for ever."""
        super()._execute_handler(msg_id, handler, callback, args, kwargs)
        future = self._request_futures.get(msg_id)
        if future is not None:
            future.add_done_callback(lambda _: self._request_futures.pop(msg_id, None))

    def _refusal(self, method: str | None) -> JsonRpcException | None:
        if method is None or method == types.EXIT:
            return None
        if self._shutdown:
            return JsonRpcException("The server is shutting down.", types.ErrorCodes.InvalidRequest)
        if (self._workspace is None) != (method == types.INITIALIZE):
            if self._workspace is None:
                return JsonRpcException("Send `initialize` first.", types.ErrorCodes.ServerNotInitialized)
            return JsonRpcException("The server is initialized already.", types.ErrorCodes.InvalidRequest)
        return None

    def use_documents(self, folders: Sequence[types.WorkspaceFolder]) -> None:
        """Keep open documents with lines as the specification counts them."""
        old = self.workspace
        self._workspace = _Documents(
            old.root_uri, types.TextDocumentSyncKind.Incremental, folders, old.position_encoding
        )

    @lsp_method(types.WORKSPACE_EXECUTE_COMMAND)
    async def lsp_workspace__execute_command(self, params: types.ExecuteCommandParams) -> Any:  # type: ignore[override]
        """Run a command in a task of its own, so that cancelling the request cancels the work."""
        handler = self.fm.commands.get(params.command)
        if handler is None:
            known = ", ".join(sorted(self.fm.commands))
            raise JsonRpcInvalidParams(f"There is no command '{params.command}'; there are {known}.")
        with as_response_errors():
            self._server.trust.needed()
            return await handler(*(params.arguments or ()))

    @lsp_method(types.SHUTDOWN)
    async def lsp_shutdown(self, *_: Any) -> None:  # type: ignore[override]
        """End all work; the answer comes when it has ended. Training runs go on."""
        self._leaving = asyncio.current_task()
        own = self.msg_id
        for number, future in list(self._request_futures.items()):
            if number != own:
                future.cancel()
        await self._server.close()

    async def answered_shutdown(self) -> None:
        """Wait until `shutdown` is answered; an impatient client sends `exit` before that."""
        if self._leaving is not None:
            await asyncio.wait([self._leaving])

    @lsp_method(types.EXIT)
    def lsp_exit(self, *_: Any) -> None:  # type: ignore[override]
        """Stop reading; the transport ends the process with the server's exit code."""
        self._server.stop()


class _Documents(Workspace):
    def _create_text_document(
        self, doc_uri: str, source: str | None = None, version: int | None = None, language_id: str | None = None
    ) -> TextDocument:
        return _Document(
            doc_uri, source, version, language_id, sync_kind=self._sync_kind, position_codec=self._position_codec
        )


class _Document(TextDocument):
    @property
    def lines(self) -> Sequence[str]:
        """Lines with their ends; a form feed or a Unicode line separator does not end one."""
        return split_lines(self.source)


def capability(capabilities: types.ClientCapabilities, *path: str) -> Any:
    """A client capability by its path of attribute names; None where the client does not tell."""
    value: Any = capabilities
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else getattr(value, name, None)
        if value is None:
            return None
    return value
