"""Grounded answers for other tools, as an OpenAI-compatible endpoint: what `codeanvil serve` serves.

    POST /v1/chat/completions   with the bearer token
    GET  /v1/models             with the bearer token
    GET  /health                open
    GET  /openapi.json          open: what may be asked

Two models are listed. `codeanvil`, which is also meant where none is named: the last message is a question about the
workspace; evidence is found, the model in use writes, its words are checked, and where they fail or there is no model,
the facts answer. Earlier messages of the user are the conversation; system prompts say nothing about the workspace and
are passed over. The other is the model in use by its own name: messages go to it as they are, and nothing is checked.

Streams carry whole lines that have been checked. What was sent cannot be taken back: where the model's words fail as a
whole, the facts follow them with a sentence that says so.
"""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from codeanvil.answers.ask import Answer, ask
from codeanvil.answers.models.chat import Endpoint
from codeanvil.answers.models.host import writer_for
from codeanvil.errors import CodeAnvilError, ModelError, UsageError
from codeanvil.http_contract import (
    ERROR_HANDLERS,
    ApiError,
    ChatRequest,
    Completion,
    Guard,
    event,
    limited_body,
    openapi,
    read_request,
)
from codeanvil.runs.active import adopt_finished
from codeanvil.settings import Settings
from codeanvil.workspace.index.fresh import FreshIndex

GROUNDED = "codeanvil"
"""The name of the model whose answers are grounded and checked."""

MOST_AT_ONCE = 8
"""Requests that are worked on or wait; more are asked to come again."""

WITHDRAWN = "---\n\nThe lines above did not stand the check as a whole. What the index says:"


class AnswerEndpoint:
    """Answers requests about one workspace; `close` ends what it started."""

    def __init__(self, root: Path, settings: Settings) -> None:
        self._root, self._settings = root, settings
        self._index = FreshIndex(root, settings)
        self._threads = ThreadPoolExecutor(MOST_AT_ONCE, "answer")
        self._created = int(time.time())
        self._busy = 0
        self._ending = threading.Event()

    def app(self, token: str) -> ASGIApp:
        """The ASGI application; `token` is what clients must bear."""
        routes = [
            Route("/v1/chat/completions", self.chat, methods=["POST"]),
            Route("/v1/models", self.models),
            Route("/health", self.health),
            Route("/openapi.json", self.schema),
        ]
        return Guard(Starlette(routes=routes, exception_handlers=ERROR_HANDLERS), token)

    def close(self) -> None:
        """Break off every answer and end the processes that read files."""
        self._ending.set()
        self._threads.shutdown(wait=True, cancel_futures=True)
        self._index.close()

    async def health(self, _: Request) -> Response:
        """Alive; `active` counts the answers being written or waited for."""
        return JSONResponse({"status": "ok", "active": self._busy})

    async def schema(self, _: Request) -> Response:
        """What may be asked, as OpenAPI."""
        return JSONResponse(openapi("CodeAnvil: checked answers about a workspace"))

    async def models(self, _: Request) -> Response:
        """The grounded model, and the model in use by its own name."""
        names = [GROUNDED, *([name] if (name := await self._in_thread(self._plain_name)) else [])]
        rows = [{"id": name, "object": "model", "created": self._created, "owned_by": "codeanvil"} for name in names]
        return JSONResponse({"object": "list", "data": rows})

    async def chat(self, request: Request) -> Response:
        """An answer, whole or as server-sent events."""
        body = await limited_body(request)
        chat = read_request(body)
        if self._busy >= MOST_AT_ONCE:
            raise ApiError(503, "Too many questions at once: ask again in a moment.", code="overloaded", retry_after=1)
        if chat.model not in (None, GROUNDED):
            return await self._passed_on(chat, body)
        question, history = _conversation(chat)
        job = _Job(self, question, history)
        completion = Completion(GROUNDED, _words(question))
        if chat.stream:
            return _Events(job, completion, include_usage=chat.include_usage)
        return await job.whole(request, completion)

    async def _passed_on(self, chat: ChatRequest, body: bytes) -> Response:
        """The answer of the model in use to the messages as they are."""
        name = await self._in_thread(self._plain_name)
        if not name or chat.model != name:
            known = f"{GROUNDED} and {name}" if name else GROUNDED
            raise ApiError(404, f"There is no model {chat.model} here; there is {known}.", code="model_not_found")
        place = await self._in_thread(self._served)
        client = httpx.AsyncClient(timeout=self._settings.answers.timeout_seconds, trust_env=False)
        try:
            url = place.address("chat/completions")
            headers = {**place.headers, "Content-Type": "application/json"}
            reply = await client.send(client.build_request("POST", url, content=body, headers=headers), stream=True)
        except httpx.HTTPError as error:
            await client.aclose()
            raise ApiError(502, f"The model cannot be reached: {error}.", code="model_failed") from error
        return StreamingResponse(
            _relayed(client, reply), reply.status_code, media_type=reply.headers.get("content-type", "application/json")
        )

    def ask(
        self, question: str, history: list[str], on_delta: Callable[[str], None] | None, cancelled: threading.Event
    ) -> Answer:
        """A checked answer, in whatever thread calls. Raises CodeAnvilError."""
        adopt_finished(self._root, self._settings)
        writer = writer_for(self._root, self._settings)
        with self._index.store() as store:
            return ask(
                question,
                store,
                writer,
                root=self._root,
                history=history,
                on_delta=on_delta,
                by_line=True,
                cancelled=lambda: cancelled.is_set() or self._ending.is_set(),
            )

    async def _in_thread(self, work: Callable[[], Any]) -> Any:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        except CodeAnvilError as error:
            raise _told(error) from error

    def _plain_name(self) -> str:
        adopt_finished(self._root, self._settings)
        writer = writer_for(self._root, self._settings)
        return writer.model_name() if writer else ""

    def _served(self) -> Endpoint:
        writer = writer_for(self._root, self._settings)
        if writer is None:
            raise ModelError("No model is in use any more: ask the model codeanvil, which answers from the index.")
        return writer.endpoint()


class _Job:
    """One grounded answer between its thread and its client; `cancelled` breaks it off there."""

    def __init__(self, endpoint: AnswerEndpoint, question: str, history: list[str]) -> None:
        self._endpoint = endpoint
        self._queue = asyncio.Queue[str | None]()
        self.cancelled = threading.Event()
        loop = asyncio.get_running_loop()

        def tell(text: str) -> None:
            loop.call_soon_threadsafe(self._queue.put_nowait, text)

        endpoint._busy += 1
        self._answer = loop.run_in_executor(endpoint._threads, endpoint.ask, question, history, tell, self.cancelled)
        self._answer.add_done_callback(self._done)

    def _done(self, answer: asyncio.Future[Answer]) -> None:
        if not answer.cancelled():
            answer.exception()  # marks it as seen: nobody asks once the client has gone
        self._endpoint._busy -= 1
        self._queue.put_nowait(None)

    async def answer(self) -> Answer:
        """The whole answer. Raises ApiError."""
        try:
            return await asyncio.shield(self._answer)
        except CodeAnvilError as error:
            raise _told(error) from error

    async def pieces(self) -> AsyncIterator[str]:
        """Checked lines as they come, then what is needed to make them the answer. Raises ApiError."""
        sent = ""
        while (piece := await self._queue.get()) is not None:
            sent += piece
            yield piece
        answer = await self.answer()
        said, ending = sent.strip(), sent[len(sent.rstrip()) :]
        if answer.answer.startswith(said):
            yield answer.answer[len(said) :].removeprefix(ending)
        else:
            yield f"\n\n{WITHDRAWN}\n\n{answer.answer}"

    async def whole(self, request: Request, completion: Completion) -> Response:
        """The response without streaming; when the client goes first, the answer is broken off."""

        async def gone() -> None:
            while (await request.receive())["type"] != "http.disconnect":
                pass

        answer, left = asyncio.ensure_future(self.answer()), asyncio.ensure_future(gone())
        try:
            await asyncio.wait({answer, left}, return_when=asyncio.FIRST_COMPLETED)
            if not answer.done():
                return Response(status_code=499)  # nobody reads it
            found = answer.result()
            return JSONResponse(
                completion.whole(found.answer, "stop", _words(found.answer)) | {"codeanvil": found.row()}
            )
        finally:
            self.cancelled.set()
            answer.cancel()
            left.cancel()


class _Events(StreamingResponse):
    """An answer as server-sent events; when the client goes, the answer is broken off."""

    def __init__(self, job: _Job, completion: Completion, *, include_usage: bool) -> None:
        headers = {"Cache-Control": "no-store"}
        super().__init__(_events(job, completion, include_usage), media_type="text/event-stream", headers=headers)
        self._job = job

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer, and end the job however that ends."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._job.cancelled.set()


async def _events(job: _Job, completion: Completion, include_usage: bool) -> AsyncIterator[bytes]:
    yield completion.first()
    words = 0
    try:
        async for piece in job.pieces():
            words += _words(piece)
            if piece:
                yield completion.piece(piece)
        yield completion.last("stop", words, include_usage=include_usage)
    except ApiError as error:
        yield event(error.body())


async def _relayed(client: httpx.AsyncClient, reply: httpx.Response) -> AsyncIterator[bytes]:
    """The bytes of another server's reply; ended here, it is ended there."""
    try:
        async for part in reply.aiter_raw():
            yield part
    except httpx.HTTPError as error:
        yield event(ApiError(502, f"The model broke off: {error}.", code="model_failed").body())
    finally:
        await reply.aclose()
        await client.aclose()


def _conversation(chat: ChatRequest) -> tuple[str, list[str]]:
    """The question, and the user's earlier ones. Raises ApiError where the last message is no question."""
    asked = [message.turn()["content"] for message in chat.messages if message.role == "user"]
    if chat.messages[-1].role != "user" or not asked[-1].strip():
        raise ApiError(400, "The last message must be a question of the user's.", param="messages")
    return asked[-1], [question for question in asked[:-1] if question.strip()]


def _told(error: CodeAnvilError) -> ApiError:
    """The error of a request, as OpenAI's clients show it."""
    status = 400 if isinstance(error, UsageError) else 503
    return ApiError(status, str(error), code="not_answered", param="messages" if status == 400 else None)


def _words(text: str) -> int:
    """What is counted in the place of tokens, of which the index has none: words."""
    return len(text.split())
