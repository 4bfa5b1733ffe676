"""`codeanvil.ask`: a checked answer. With a `token` its words are sent as they come, as `codeanvil/answerDelta`."""

from typing import TYPE_CHECKING, Any

from pydantic import Field

from codeanvil.lsp.answering import Asked, answer
from codeanvil.lsp.arguments import Arguments, register_command

if TYPE_CHECKING:
    from codeanvil.lsp.server import CodeAnvilServer

ANSWER_DELTA = "codeanvil/answerDelta"


class AskArguments(Arguments):
    """`token` names the request in the notifications; without one nothing is sent before the whole answer.

    `history` are the earlier questions of the conversation, oldest first.
    """

    question: str
    token: str | int | None = None
    history: list[str] = Field(default_factory=list, max_length=100)
    model: bool = Field(True, description="Whether a model may write; if not, facts answer alone.")


def register(server: "CodeAnvilServer") -> None:
    """Offer the command."""
    register_command(server, "ask", AskArguments, _ask)


async def _ask(server: "CodeAnvilServer", arguments: AskArguments) -> Any:
    folder = server.folders.named(arguments.workspace)
    token = arguments.token

    def tell(delta: str) -> None:
        server.protocol.notify(ANSWER_DELTA, {"token": token, "delta": delta})

    stream = tell if token is not None else None
    asked = Asked(arguments.question, tuple(arguments.history), arguments.model)
    return await answer(server, folder, asked, stream)
