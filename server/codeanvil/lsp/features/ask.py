"""`codeanvil.ask`: a checked answer. With a `token` its words are sent as they come, as `codeanvil/answerDelta`."""

import asyncio
from threading import Event
from typing import TYPE_CHECKING, Any

from pydantic import Field

from codeanvil.lsp.answering import answer
from codeanvil.lsp.arguments import Arguments, register_command

if TYPE_CHECKING:
    from codeanvil.lsp.server import CodeAnvilServer

ANSWER_DELTA = "codeanvil/answerDelta"


class AskArguments(Arguments):
    """`token` names the request in the notifications; without one nothing is sent before the whole answer."""

    question: str
    token: str | int | None = None
    model: bool = Field(True, description="Whether a model may write; if not, facts answer alone.")


def register(server: "CodeAnvilServer") -> None:
    """Offer the command."""
    register_command(server, "ask", AskArguments, _ask)


async def _ask(server: "CodeAnvilServer", arguments: AskArguments) -> Any:
    folder = server.folders.named(arguments.workspace)
    loop, left = asyncio.get_running_loop(), Event()

    def send(delta: str) -> None:
        if not left.is_set():
            server.protocol.notify(ANSWER_DELTA, {"token": arguments.token, "delta": delta})

    def tell(delta: str) -> None:
        loop.call_soon_threadsafe(send, delta)

    stream = tell if arguments.token is not None else None
    try:
        work = (folder.root, folder.settings, arguments.question)
        return await server.in_thread(answer, *work, with_model=arguments.model, on_delta=stream, cancelled=left.is_set)
    finally:
        left.set()
