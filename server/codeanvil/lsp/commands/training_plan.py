"""`codeanvil/trainingPlan`: what a run would take (samples, base model, memory, time, disk), before anybody starts it.

The answer has the fields of `codeanvil.runs.forecast.forecast` and `workspace`, the path of the folder. Samples are
counted where they are made already and estimated else, so that the editor's dialog need not wait.
"""

from typing import TYPE_CHECKING, Any

from pydantic import Field

from codeanvil.lsp.arguments import register_request
from codeanvil.lsp.commands.train import RunWishes
from codeanvil.lsp.jobs import run_job
from codeanvil.lsp.protocol import TRAINING_PLAN

if TYPE_CHECKING:
    from codeanvil.lsp.server import CodeAnvilServer


class PlanArguments(RunWishes):
    """Left out: the settings decide, as of `codeanvil.train`."""

    measure: bool = Field(
        True, description="Try how quick such a run is where no run tells; on a CPU that takes ten seconds, once."
    )


def register(server: "CodeAnvilServer") -> None:
    """Answer the request."""
    register_request(server, TRAINING_PLAN, PlanArguments, _plan)


async def _plan(server: "CodeAnvilServer", arguments: PlanArguments) -> Any:
    folder = server.folders.named(arguments.workspace)
    await folder.index.updated()
    return await run_job("training_plan", folder.root, folder.settings, arguments.model_dump(exclude={"workspace"}))
