"""The part of OpenAI's chat API that the model host speaks: requests in, response bodies out.

Fields that change nothing here (`user`, `presence_penalty`, ...) are accepted and passed over, since
clients send them by habit; those that ask for what the host cannot do (`n`, `tools`) are refused.
https://platform.openai.com/docs/api-reference/chat
"""

import json
import time
import uuid
from typing import Any, Literal

from pydantic import BaseModel, Field, ValidationError

from codeanvil_trainer.answering.writing import Finished

DEFAULT_MAX_TOKENS = 256


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


class ChatRequest(BaseModel):
    """A request to `/v1/chat/completions`. Temperature is 0, that is greedy, unless asked otherwise."""

    model: str | None = None
    messages: list[Message] = Field(min_length=1)
    stream: bool | None = False
    stream_options: StreamOptions | None = None
    max_tokens: int | None = Field(None, ge=1)
    max_completion_tokens: int | None = Field(None, ge=1)
    temperature: float | None = Field(None, ge=0, le=2)
    top_p: float | None = Field(None, gt=0, le=1)
    seed: int | None = Field(None, ge=0, lt=2**63)
    stop: str | list[str] | None = None
    n: Literal[1] | None = 1
    tools: list[Any] | None = Field(None, max_length=0)

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

    def whole(self, text: str, finished: Finished) -> dict[str, Any]:
        """The response without streaming."""
        choice = {
            "index": 0,
            "message": {"role": "assistant", "content": text},
            "logprobs": None,
            "finish_reason": finished.reason,
        }
        return {**self._head, "object": "chat.completion", "choices": [choice], "usage": self._usage(finished)}

    def first(self) -> bytes:
        """The chunk that opens a stream."""
        return self._chunk({"role": "assistant", "content": ""})

    def piece(self, text: str) -> bytes:
        """A chunk of the answer's text."""
        return self._chunk({"content": text})

    def last(self, finished: Finished, *, include_usage: bool) -> bytes:
        """The chunks that close a stream."""
        end = self._chunk({}, finished.reason)
        if include_usage:
            end += event({**self._head, "object": _CHUNK, "choices": [], "usage": self._usage(finished)})
        return end + b"data: [DONE]\n\n"

    def _chunk(self, delta: dict[str, str], reason: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": reason}
        return event({**self._head, "object": _CHUNK, "choices": [choice]})

    def _usage(self, finished: Finished) -> dict[str, int]:
        return {
            "prompt_tokens": self._prompt_tokens,
            "completion_tokens": finished.tokens,
            "total_tokens": self._prompt_tokens + finished.tokens,
        }


_CHUNK = "chat.completion.chunk"


def event(body: dict[str, Any]) -> bytes:
    """One server-sent event."""
    return b"data: " + json.dumps(body, ensure_ascii=False).encode() + b"\n\n"
