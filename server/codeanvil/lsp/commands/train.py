"""`codeanvil.train`: starts a training run, which outlives this server, or with `dry_run` says what it would do."""

from typing import TYPE_CHECKING, Any

from pydantic import Field

from codeanvil.lsp.arguments import Arguments, register_command
from codeanvil.lsp.jobs import run_job

if TYPE_CHECKING:
    from codeanvil.lsp.server import CodeAnvilServer


class RunWishes(Arguments):
    """What the user wants of a run. Left out: the settings decide."""

    preset: str | None = None
    base_model: str | None = None
    overrides: dict[str, Any] = Field(default_factory=dict, description="RunConfig keys, nested.")
    since_last: bool = Field(False, description="Go on from the adapter in use with what has changed since.")


class TrainArguments(RunWishes):
    """`dry_run` starts nothing and says what would be done."""

    dry_run: bool = False


def register(server: "CodeAnvilServer") -> None:
    """Offer the command."""
    register_command(server, "train", TrainArguments, _train)


async def _train(server: "CodeAnvilServer", arguments: TrainArguments) -> Any:
    folder = server.folders.named(arguments.workspace)
    await folder.index.updated()
    result = await run_job("train", folder.root, folder.settings, arguments.model_dump(exclude={"workspace"}))
    folder.runs.look()
    return result
