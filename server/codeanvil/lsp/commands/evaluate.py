"""`codeanvil.evaluate`: how right the answers are, by arm and category."""

from typing import TYPE_CHECKING, Any

from codeanvil.lsp.arguments import RunArguments, register_command
from codeanvil.lsp.jobs import run_job
from codeanvil.lsp.progress import WorkDone

if TYPE_CHECKING:
    from codeanvil.lsp.server import CodeAnvilServer


class EvaluateArguments(RunArguments):
    """Left out: the held-out questions of the run, and every arm."""

    questions: str | None = None
    arms: list[str] | None = None


def register(server: "CodeAnvilServer") -> None:
    """Offer the command."""
    register_command(server, "evaluate", EvaluateArguments, _evaluate)


async def _evaluate(server: "CodeAnvilServer", arguments: EvaluateArguments) -> Any:
    folder = server.folders.named(arguments.workspace)
    asked = arguments.model_dump(exclude={"workspace"})
    with WorkDone(server, "CodeAnvil: evaluating") as bar:
        return await run_job("evaluate", folder.root, folder.settings, asked, bar.count)
