"""What is said over HTTP by the two ends that serve answers, the model host and `codeanvil serve`.

Who may ask, the part of OpenAI's chat API that both speak, requests in and response bodies out. The other half of
`contract/`; it imports nothing of either end.

Fields that change nothing here (`user`, `presence_penalty`, ...) are accepted and passed over, since clients send them
by habit; those that ask for what cannot be done (`n`, `tools`) are refused.
https://platform.openai.com/docs/api-reference/chat

Browsers can reach loopback from any web page. A page cannot know the token, gets no CORS headers, and a host name made
to point here (DNS rebinding) is refused by the Host header.
"""

import asyncio
import hmac
import json
import re
import time
import uuid
from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn import Config
from uvicorn.protocols.http.h11_impl import H11Protocol

DEFAULT_MAX_TOKENS = 256

MAX_BODY_BYTES = 1_000_000
PATIENCE_SECONDS = 10.0
"""So long may a client take for the head of a request, and for its body."""

MOST_CONNECTIONS = 100
LEAST_TEMPERATURE = 0.01
"""Below it, probabilities are divided by next to nothing: greedy is what is meant."""

MAX_MESSAGES = 1_000

OPEN_PATHS = ("/health", "/openapi.json")
"""What is told without the token: nothing of the workspace or the model."""

LOOPBACK_HOSTS = ("127.0.0.1", "[::1]", "localhost")

EndReason = Literal["stop", "length"]


class ApiError(Exception):
    """An answer in OpenAI's error shape; `retry_after` is in seconds."""

    def __init__(
        self, status: int, message: str, *, code: str | None = None, param: str | None = None, retry_after: int = 0
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.param = param
        self.retry_after = retry_after

    def body(self) -> dict[str, Any]:
        """The response's JSON."""
        kind = "server_error" if self.status >= 500 else "invalid_request_error"
        return {"error": {"message": str(self), "type": kind, "param": self.param, "code": self.code}}


class TextPart(BaseModel):
    """A part of a message; the host reads text only."""

    type: Literal["text"]
    text: str


class Message(BaseModel):
    """One turn of the conversation."""

    role: Literal["system", "developer", "user", "assistant"]
    content: str | list[TextPart]

    def turn(self) -> dict[str, str]:
        """The message as chat templates take it."""
        text = self.content if isinstance(self.content, str) else "".join(part.text for part in self.content)
        return {"role": "system" if self.role == "developer" else self.role, "content": text}


class StreamOptions(BaseModel):
    """`include_usage` adds a last chunk that counts tokens."""

    include_usage: bool = False


_Stop = Annotated[str, Field(max_length=1_000)]


class ChatRequest(BaseModel):
    """A request to `/v1/chat/completions`. Temperature is 0, that is greedy, unless asked otherwise."""

    model: str | None = None
    messages: list[Message] = Field(min_length=1, max_length=MAX_MESSAGES)
    stream: bool | None = False
    stream_options: StreamOptions | None = None
    max_tokens: int | None = Field(None, ge=1)
    max_completion_tokens: int | None = Field(None, ge=1)
    temperature: float | None = Field(None, ge=0, le=2)
    top_p: float | None = Field(None, gt=0, le=1)
    seed: int | None = Field(None, ge=0, lt=2**63)
    stop: _Stop | list[_Stop] | None = Field(None, max_length=1_000)
    n: Literal[1] | None = 1
    tools: list[Any] | None = Field(None, max_length=0)

    @property
    def heat(self) -> float:
        """The temperature to sample at; 0 for greedy."""
        return self.temperature if self.temperature and self.temperature >= LEAST_TEMPERATURE else 0.0

    @property
    def stops(self) -> list[str]:
        """Stop sequences as a list."""
        return [self.stop] if isinstance(self.stop, str) else self.stop or []

    @property
    def most_tokens(self) -> int:
        """Most tokens the answer may have."""
        return self.max_completion_tokens or self.max_tokens or DEFAULT_MAX_TOKENS

    @property
    def include_usage(self) -> bool:
        """Whether a stream ends with a count of tokens."""
        return self.stream_options is not None and self.stream_options.include_usage


def read_request(body: bytes) -> ChatRequest:
    """The request in `body`. Raises ApiError (400) naming the field at fault."""
    try:
        return ChatRequest.model_validate_json(body)
    except ValidationError as error:
        first = error.errors()[0]
        param = ".".join(str(part) for part in first["loc"]) or None
        raise ApiError(400, f"{param or 'The body'}: {first['msg']}.", param=param) from error


class Completion:
    """The bodies of one answer: whole, or chunk by chunk."""

    def __init__(self, model: str, prompt_tokens: int) -> None:
        self._head = {"id": f"chatcmpl-{uuid.uuid4().hex}", "created": int(time.time()), "model": model}
        self._prompt_tokens = prompt_tokens

    def whole(self, text: str, reason: EndReason, tokens: int) -> dict[str, Any]:
        """The response without streaming; `tokens` were generated."""
        choice = {
            "index": 0,
            "message": {"role": "assistant", "content": text},
            "logprobs": None,
            "finish_reason": reason,
        }
        return {**self._head, "object": "chat.completion", "choices": [choice], "usage": self._usage(tokens)}

    def first(self) -> bytes:
        """The chunk that opens a stream."""
        return self._chunk({"role": "assistant", "content": ""})

    def piece(self, text: str) -> bytes:
        """A chunk of the answer's text."""
        return self._chunk({"content": text})

    def last(self, reason: EndReason, tokens: int, *, include_usage: bool) -> bytes:
        """The chunks that close a stream."""
        end = self._chunk({}, reason)
        if include_usage:
            end += event({**self._head, "object": _CHUNK, "choices": [], "usage": self._usage(tokens)})
        return end + b"data: [DONE]\n\n"

    def _chunk(self, delta: dict[str, str], reason: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": reason}
        return event({**self._head, "object": _CHUNK, "choices": [choice]})

    def _usage(self, tokens: int) -> dict[str, int]:
        return {
            "prompt_tokens": self._prompt_tokens,
            "completion_tokens": tokens,
            "total_tokens": self._prompt_tokens + tokens,
        }


_CHUNK = "chat.completion.chunk"


def event(body: dict[str, Any]) -> bytes:
    """One server-sent event."""
    return b"data: " + json.dumps(body, ensure_ascii=False).encode() + b"\n\n"


async def limited_body(request: Request) -> bytes:
    """The request's body. Raises ApiError: 413 as soon as it is known to be too long, 408 where it takes too long."""
    body = b""
    too_long = int(request.headers.get("content-length", "0")) > MAX_BODY_BYTES
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not too_long:
                message = await request.receive()
                body += message.get("body", b"")
                too_long = len(body) > MAX_BODY_BYTES
                if not message.get("more_body", False):
                    break
    except TimeoutError:
        raise ApiError(408, f"The request was not whole after {PATIENCE_SECONDS:.0f} s: send it at once.") from None
    if too_long:
        raise ApiError(413, f"The request is longer than {MAX_BODY_BYTES} bytes: send less text.")
    return body


class Guard:
    """ASGI middleware: refuses what is not addressed to loopback, and what lacks the token."""

    def __init__(self, app: ASGIApp, token: str) -> None:
        self._app = app
        self._bearer = f"Bearer {token}".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or pass on."""
        if scope["type"] == "http" and (error := self._refusal(scope)):
            await error_response(error)(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _refusal(self, scope: Scope) -> ApiError | None:
        headers = scope["headers"]
        hosts = [value.decode("latin-1") for name, value in headers if name == b"host"]
        if len(hosts) != 1 or re.sub(r":\d+$", "", hosts[0]).lower() not in LOOPBACK_HOSTS:
            return ApiError(400, "This server answers only as 127.0.0.1, [::1] or localhost.", code="wrong_host")
        given = next((value for name, value in headers if name == b"authorization"), b"")
        if scope["path"] not in OPEN_PATHS and not hmac.compare_digest(given, self._bearer):
            return ApiError(
                401, "The bearer token is missing or wrong: read it from the host's state file.", code="invalid_api_key"
            )
        return None


def error_response(error: ApiError) -> Response:
    """The error as a response."""
    headers = {"Retry-After": str(error.retry_after)} if error.retry_after else {}
    if error.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return JSONResponse(error.body(), error.status, headers)


async def _api_error(_: Request, error: Exception) -> Response:
    return error_response(error if isinstance(error, ApiError) else ApiError(500, str(error)))


async def _http_error(request: Request, error: Exception) -> Response:
    status, detail = (error.status_code, error.detail) if isinstance(error, HTTPException) else (500, str(error))
    return error_response(ApiError(status, f"{detail}: {request.method} {request.url.path}."))


async def _failure(_: Request, error: Exception) -> Response:
    return error_response(ApiError(500, f"The server failed: {error}.", code="host_failed"))


def server_config(app: ASGIApp) -> Config:
    """How both ends run uvicorn: nothing of its own in logs and headers, few connections, no patience."""
    return Config(
        app,
        http=PatientProtocol,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        limit_concurrency=MOST_CONNECTIONS,
        timeout_graceful_shutdown=2,
    )


class PatientProtocol(H11Protocol):
    """HTTP/1.1 that closes a connection whose request has not begun to be answered after `PATIENCE_SECONDS`.

    uvicorn waits for ever for the rest of a request's head: a few hundred such connections would keep others out.
    """

    _waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Start waiting for a request."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Go on waiting until a request's head is whole; after an answer, start anew."""
        if self._waiting is None and (self.cycle is None or self.cycle.response_complete):
            self._wait()
        before = self.cycle
        super().data_received(data)
        if self.cycle is not before:
            self._stop_waiting()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        self._stop_waiting()
        super().connection_lost(exc)

    def _wait(self) -> None:
        self._waiting = self.loop.call_later(PATIENCE_SECONDS, self._give_up)

    def _stop_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _give_up(self) -> None:
        self._waiting = None
        if not self.transport.is_closing():
            self.transport.close()


_EVENT = {"type": "object", "required": ["data"], "properties": {"data": {"type": "string"}}}


def openapi(title: str) -> dict[str, Any]:
    """What may be asked, as an OpenAPI 3.1 document."""
    schema = ChatRequest.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas = {**schema.pop("$defs", {}), "ChatRequest": schema}
    chat = {
        "summary": "An answer, whole or, with `stream`, as server-sent events",
        "requestBody": {"required": True, "content": _json({"$ref": "#/components/schemas/ChatRequest"})},
        "responses": {
            "200": {
                "description": "The answer",
                "content": {**_json({"type": "object"}), "text/event-stream": {"schema": _EVENT}},
            },
            **_errors("400", "401", "404", "408", "413", "500", "502", "503"),
        },
    }
    listed = {"description": "There they are", "content": _json({"type": "object"})}
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": "1"},
        "paths": {
            "/v1/chat/completions": {"post": chat},
            "/v1/models": {"get": {"summary": "The models", "responses": {"200": listed, **_errors("401", "503")}}},
            "/health": {"get": {"summary": "Whether it is alive", "security": [], "responses": {"200": listed}}},
        },
        "components": {
            "schemas": schemas,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{"token": []}],
    }


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}


def _errors(*statuses: str) -> dict[str, Any]:
    told = {"type": "object", "required": ["error"], "properties": {"error": {"type": "object"}}}
    return {status: {"description": "What is wrong", "content": _json(told)} for status in statuses}


ERROR_HANDLERS: dict[Any, Callable[[Request, Exception], Any]] = {
    ApiError: _api_error,
    HTTPException: _http_error,
    Exception: _failure,
}
"""For Starlette: whatever goes wrong is told in OpenAI's error shape."""
