"""Arguments of commands: one object, checked, with a sentence for what is wrong."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from lsprotocol import types
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pygls.exceptions import JsonRpcException, JsonRpcInvalidParams

from codeanvil.errors import CodeAnvilError, UsageError

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


def register_request(
    server: "CodeAnvilServer",
    method: str,
    model: type[_A],
    handler: Callable[["CodeAnvilServer", _A], Awaitable[Any]],
) -> None:
    """Answer the request `method`, whose parameters are as those of a command."""

    async def answer(params: dict[str, Any] | None) -> Any:
        with as_response_errors():
            server.trust.needed()
            return await handler(server, parse(method, model, (params or {},)))

    server.feature(method)(answer)


@contextmanager
def as_response_errors() -> Iterator[None]:
    """Turn errors that a user can act on into those of the protocol, with their sentence."""
    try:
        yield
    except UsageError as error:
        raise JsonRpcInvalidParams(str(error)) from error
    except CodeAnvilError as error:
        raise JsonRpcException(str(error), types.LSPErrorCodes.RequestFailed) from error


def parse(name: str, model: type[_A], arguments: tuple[Any, ...]) -> _A:
    """The one argument of the command `name` as a `model`. Raises UsageError."""
    if len(arguments) > 1 or not all(isinstance(argument, dict) for argument in arguments):
        raise UsageError(f"{name} takes one object as its argument.")
    try:
        return model.model_validate(arguments[0] if arguments else {})
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        if first["type"] == "extra_forbidden":
            raise UsageError(f"{name} has no argument '{key}': {_known(model)}.") from error
        raise UsageError(f"The argument '{key}' of {name} cannot be used: {first['msg']}.") from error


def _known(model: type[Arguments]) -> str:
    return f"it takes {', '.join(model.model_fields)}"
