"""The model host's HTTP side: who may ask, what is a request, one answer at a time.

    POST /v1/chat/completions   with the bearer token
    POST /load                  with the bearer token: other weights in the place of these, without a restart
    GET  /v1/models             with the bearer token
    GET  /health                open; says nothing of the model
    GET  /openapi.json          open; what may be asked

Who is refused, and why: `codeanvil.http_contract`.
"""

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import torch
from jinja2 import TemplateError
from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from codeanvil.contract import Weights
from codeanvil.http_contract import (
    ERROR_HANDLERS,
    ApiError,
    ChatRequest,
    Completion,
    Guard,
    limited_body,
    openapi,
    read_request,
)
from codeanvil_trainer.answering.loading import context_length
from codeanvil_trainer.answering.writing import Finished, Writer
from codeanvil_trainer.errors import TrainerError
from codeanvil_trainer.serving.jobs import EventStream, Job, shutting_down, unless_gone, whole_answer
from codeanvil_trainer.tokens.template import encode_prompt

QUEUE_LIMIT = 8
"""Requests admitted at one time: one is answered, the others wait."""


class Host:
    """Answers requests with one model, one at a time, in a thread of its own."""

    def __init__(
        self,
        writer: Writer,
        model_name: str,
        load: Callable[[Weights], Writer] | None = None,
        swapped: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._load, self._swapped = load, swapped
        self._writer = writer
        self._name = model_name
        self._created = int(time.time())
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="model")
        self._jobs: set[Job] = set()
        self._closing = False
        self.last_used = time.monotonic()

    @property
    def busy(self) -> bool:
        """Whether an answer is being written or waited for."""
        return bool(self._jobs)

    def close(self) -> None:
        """Break off every answer and take no more requests."""
        self._closing = True
        for job in self._jobs:
            job.cancelled.set()

    def app(self, token: str) -> ASGIApp:
        """The ASGI application; `token` is what clients must bear."""
        routes = [
            Route("/v1/chat/completions", self.chat, methods=["POST"]),
            Route("/load", self.load, methods=["POST"]),
            Route("/v1/models", self.models),
            Route("/health", self.health),
            Route("/openapi.json", self.schema),
        ]
        return Guard(Starlette(routes=routes, exception_handlers=ERROR_HANDLERS), token)

    async def health(self, _: Request) -> Response:
        """Alive; `active` counts the answers being written or waited for."""
        return JSONResponse({"status": "ok", "active": len(self._jobs)})

    async def schema(self, _: Request) -> Response:
        """What may be asked, as OpenAPI."""
        return JSONResponse(openapi("CodeAnvil's model host"))

    async def load(self, request: Request) -> Response:
        """Answer with other weights from now on. What is being written is ended by the old ones first."""
        try:
            weights = Weights.model_validate_json(await limited_body(request))
        except ValidationError as error:
            raise ApiError(400, f"These are no weights: {error.errors()[0]['msg']}.") from error
        if self._load is None:
            raise ApiError(409, "This host keeps the model it has: end it and start another.", code="cannot_swap")
        self.last_used = time.monotonic()
        try:
            writer = await asyncio.get_running_loop().run_in_executor(self._thread, self._load, weights)
        except (TrainerError, OSError, torch.OutOfMemoryError) as error:
            raise ApiError(409, f"The weights cannot be loaded: {error}", code="cannot_swap") from error
        self._writer, self._name = writer, weights.model_name
        self._swapped(weights.model_name)
        return JSONResponse({"model": weights.model_name})

    async def models(self, _: Request) -> Response:
        """The one model there is."""
        self.last_used = time.monotonic()
        model = {"id": self._name, "object": "model", "created": self._created, "owned_by": "codeanvil"}
        return JSONResponse({"object": "list", "data": [model]})

    async def chat(self, request: Request) -> Response:
        """An answer, whole or as server-sent events."""
        chat = read_request(await limited_body(request))
        if chat.model not in (None, self._name):
            raise ApiError(
                404, f"There is no model {chat.model} here; this host serves {self._name}.", code="model_not_found"
            )
        prompt = self._prompt(chat)
        job = self._admit(chat, prompt)
        completion = Completion(self._name, len(prompt))
        if chat.stream:
            return EventStream(job, completion, include_usage=chat.include_usage)
        try:
            return await unless_gone(request, whole_answer(job, completion))
        finally:
            job.cancelled.set()

    def _prompt(self, chat: ChatRequest) -> list[int]:
        try:
            prompt = encode_prompt(self._writer.tokenizer, [message.turn() for message in chat.messages])
        except TemplateError as error:
            raise ApiError(
                400, f"The model's chat template refuses these messages: {error}", param="messages"
            ) from error
        room = context_length(self._writer.model) - len(prompt)
        if room < 1:
            raise ApiError(
                400,
                f"The messages have {len(prompt)} tokens, and the model takes {len(prompt) + room - 1} before it "
                f"answers: send less text.",
                code="context_length_exceeded",
                param="messages",
            )
        return prompt

    def _admit(self, chat: ChatRequest, prompt: list[int]) -> Job:
        """Queue the answer. Raises ApiError (503) when there is no room."""
        if self._closing:
            raise shutting_down()
        if len(self._jobs) >= QUEUE_LIMIT:
            raise ApiError(503, "The model is busy: ask again in a moment.", code="overloaded", retry_after=1)
        writer = self._writer  # another may be put in its place while this waits
        most = min(chat.most_tokens, context_length(writer.model) - len(prompt))

        def write(on_text: Callable[[str], None], cancelled: threading.Event) -> Finished:
            return writer.write(
                prompt,
                on_text,
                cancelled,
                max_new_tokens=most,
                temperature=chat.heat,
                top_p=chat.top_p or 1.0,
                seed=chat.seed,
                stop=chat.stops,
            )

        job = Job(self._thread, write, self._ended)
        self._jobs.add(job)
        return job

    def _ended(self, job: Job) -> None:
        self._jobs.discard(job)
        self.last_used = time.monotonic()
