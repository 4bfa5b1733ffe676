"""Arguments of commands: one object, checked, with a sentence for what is wrong."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from codeanvil.errors import UsageError

if TYPE_CHECKING:
    from codeanvil.lsp.server import CodeAnvilServer


class Arguments(BaseModel):
    """What every command takes."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    workspace: str | None = Field(None, description="Path or URI of an open folder; the first one when left out.")


class RunArguments(Arguments):
    """A command about a run."""

    run: str | None = Field(None, description="Id of the run, or its beginning; the newest when left out.")


_A = TypeVar("_A", bound=Arguments)


def register_command(
    server: "CodeAnvilServer",
    verb: str,
    model: type[_A],
    handler: Callable[["CodeAnvilServer", _A], Awaitable[Any]],
) -> None:
    """Offer `codeanvil.<verb>`. Left-out arguments take the defaults of `model`, unknown ones are refused."""
    name = f"codeanvil.{verb}"

    async def execute(*arguments: Any) -> Any:
        return await handler(server, parse(name, model, arguments))

    server.command(name)(execute)


def parse(name: str, model: type[_A], arguments: tuple[Any, ...]) -> _A:
    """The one argument of the command `name` as a `model`. Raises UsageError."""
    if len(arguments) > 1 or not all(isinstance(argument, dict) for argument in arguments):
        raise UsageError(f"The command {name} takes one object as its argument.")
    try:
        return model.model_validate(arguments[0] if arguments else {})
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        if first["type"] == "extra_forbidden":
            raise UsageError(f"The command {name} has no argument '{key}': {_known(model)}.") from error
        raise UsageError(f"The argument '{key}' of {name} cannot be used: {first['msg']}.") from error


def _known(model: type[Arguments]) -> str:
    return f"it takes {', '.join(model.model_fields)}"
