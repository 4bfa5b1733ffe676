"""One streamed answer of an OpenAI-compatible server, that can be broken off at any moment."""

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx

from codeanvil.answers.models.writer import Cancelled, OnDelta
from codeanvil.contract import messages
from codeanvil.errors import ModelError

POLL_SECONDS = 0.05
"""How often a stream looks whether it was cancelled."""

CONNECT_SECONDS = 5.0

MOST_CHARACTERS = 60_000
"""A server that does not stop by itself is left after so much text."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A server: its URL, with or without /v1, and the bearer token it wants, or ''."""

    url: str
    token: str = ""

    def address(self, path: str) -> str:
        """The URL of an API path such as `chat/completions`."""
        base = self.url.rstrip("/")
        return f"{base}/{path}" if base.endswith("/v1") else f"{base}/v1/{path}"

    @property
    def is_secure(self) -> bool:
        """Whether certificates are needed: to read them takes longer than a short answer of a model on this machine."""
        return not self.url.startswith("http://")

    @property
    def headers(self) -> dict[str, str]:
        """What to send with every request."""
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}

    def first_model(self, timeout: float) -> str:
        """The name of the first model the server lists. Raises ModelError."""
        try:
            reply = httpx.get(
                self.address("models"), headers=self.headers, timeout=timeout, trust_env=False, verify=self.is_secure
            )
            reply.raise_for_status()
            return str(reply.json()["data"][0]["id"])
        except (httpx.HTTPError, httpx.InvalidURL, ValueError, LookupError, TypeError) as error:
            raise ModelError(
                f"The server {self.url} lists no model ({_why(error)}): check answers.server_url."
            ) from error


def chat(
    endpoint: Endpoint,
    model: str,
    instruction: str,
    evidence: str,
    *,
    max_new_tokens: int,
    end: float,
    on_delta: OnDelta | None = None,
    cancelled: Cancelled | None = None,
) -> str:
    """The model's answer, streamed; `end` is in monotonic seconds.

    Cancelled, the stream is closed, which stops generation, and what had come is returned. Raises ModelError.
    Must not be called in the thread of a running event loop.
    """
    body = {
        "model": model,
        "messages": messages(instruction, evidence),
        "max_tokens": max_new_tokens,
        "temperature": 0,
        "stream": True,
    }
    return asyncio.run(_watched(endpoint, body, end, on_delta, cancelled))


async def _watched(
    endpoint: Endpoint, body: dict[str, Any], end: float, on_delta: OnDelta | None, cancelled: Cancelled | None
) -> str:
    parts: list[str] = []
    task = asyncio.create_task(_read(endpoint, body, parts, on_delta))
    try:
        while True:
            done, _ = await asyncio.wait({task}, timeout=POLL_SECONDS)
            if done:
                task.result()
                break
            if cancelled is not None and cancelled():
                break
            if time.monotonic() >= end:
                raise ModelError(
                    "The model took too long, so the facts answer: raise answers.timeout_seconds to wait longer."
                )
    finally:
        if not task.done():
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError, ModelError):
                await task
    return "".join(parts)


async def _read(endpoint: Endpoint, body: dict[str, Any], parts: list[str], on_delta: OnDelta | None) -> None:
    timeout = httpx.Timeout(None, connect=CONNECT_SECONDS)  # the watcher keeps the time
    try:
        async with (
            httpx.AsyncClient(timeout=timeout, trust_env=False, verify=endpoint.is_secure) as client,
            client.stream("POST", endpoint.address("chat/completions"), json=body, headers=endpoint.headers) as reply,
        ):
            if reply.status_code != httpx.codes.OK:
                await reply.aread()
                raise ModelError(f"The model does not answer: {_message(reply)}")
            async for text in _deltas(reply):
                parts.append(text)
                if on_delta:
                    on_delta(text)
                if sum(map(len, parts)) > MOST_CHARACTERS:
                    return
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise ModelError(f"The model at {endpoint.url} cannot be reached or broke off: {_why(error)}.") from error


async def _deltas(reply: httpx.Response) -> AsyncIterator[str]:
    """Pieces of text out of server-sent events, or the whole of a reply that is not streamed. Raises ModelError."""
    if "text/event-stream" not in reply.headers.get("content-type", ""):
        await reply.aread()
        yield _content(reply.text, "message")
        return
    async for line in reply.aiter_lines():
        field, _, value = line.partition(":")
        if field != "data":
            continue
        if value.strip() == "[DONE]":
            return
        yield _content(value, "delta")


def _content(text: str, key: str) -> str:
    try:
        data = json.loads(text)
        if "error" in data:
            error = data["error"]
            raise ModelError(
                f"The model broke off: {error.get('message', error) if isinstance(error, dict) else error}"
            )
        choices = data.get("choices") or []
        return str(choices[0].get(key, {}).get("content") or "") if choices else ""
    except (ValueError, TypeError, AttributeError, LookupError) as error:
        raise ModelError("The model's server does not speak the OpenAI protocol: check answers.server_url.") from error


def _message(reply: httpx.Response) -> str:
    try:
        return str(reply.json()["error"]["message"])
    except (ValueError, LookupError, TypeError):
        return f"HTTP status {reply.status_code} from {reply.url}."


def _why(error: Exception) -> str:
    return str(error).rstrip(".") or type(error).__name__
