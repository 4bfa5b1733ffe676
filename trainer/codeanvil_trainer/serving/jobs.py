"""One answer between the model's thread and its client: text as it comes, broken off when the client goes."""

import asyncio
import logging
import threading
from collections.abc import AsyncIterator, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import torch
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from codeanvil.http_contract import ApiError, Completion, event
from codeanvil_trainer.answering.writing import AnswerCancelledError, Finished

log = logging.getLogger(__name__)

OUT_OF_MEMORY = (
    "The GPU has no memory left for the answer, since other programs use it: close them, or ask a shorter question."
)


class Job:
    """An answer being written in the model's thread; `cancelled` breaks it off there."""

    def __init__(
        self,
        thread: ThreadPoolExecutor,
        write: Callable[[Callable[[str], None], threading.Event], Finished],
        ended: Callable[["Job"], None],
    ) -> None:
        self.cancelled = threading.Event()
        self._queue = asyncio.Queue[str | None]()
        self._ended = ended
        loop = asyncio.get_running_loop()

        def on_text(text: str) -> None:
            loop.call_soon_threadsafe(self._queue.put_nowait, text)

        self._result = loop.run_in_executor(thread, write, on_text, self.cancelled)
        self._result.add_done_callback(self._done)

    def _done(self, result: asyncio.Future[Finished]) -> None:
        result.exception()  # marks it as seen: nobody asks once the client has gone
        self._ended(self)
        self._queue.put_nowait(None)

    async def pieces(self) -> AsyncIterator[str]:
        """The answer's text as it comes."""
        while (piece := await self._queue.get()) is not None:
            yield piece

    async def finished(self) -> Finished:
        """How the answer ended, once `pieces` has. Raises ApiError."""
        try:
            return await self._result
        except AnswerCancelledError:
            raise shutting_down() from None
        except torch.OutOfMemoryError as error:
            log.warning("%s", error)
            torch.cuda.empty_cache()
            raise ApiError(503, OUT_OF_MEMORY, code="out_of_memory", retry_after=10) from None
        except Exception as error:
            log.exception("The model failed")
            raise ApiError(500, f"The model failed: {error}", code="model_failed") from error


class EventStream(StreamingResponse):
    """An answer as server-sent events; when the client goes, the answer is broken off."""

    def __init__(self, job: Job, completion: Completion, *, include_usage: bool) -> None:
        super().__init__(
            _events(job, completion, include_usage=include_usage),
            media_type="text/event-stream",
            headers={"Cache-Control": "no-store"},
        )
        self._job = job

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, and end the job however that ends."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._job.cancelled.set()


async def _events(job: Job, completion: Completion, *, include_usage: bool) -> AsyncIterator[bytes]:
    yield completion.first()
    try:
        async for piece in job.pieces():
            yield completion.piece(piece)
        done = await job.finished()
        yield completion.last(done.reason, done.tokens, include_usage=include_usage)
    except ApiError as error:
        yield event(error.body())


async def whole_answer(job: Job, completion: Completion) -> dict[str, Any]:
    """The body of an answer without streaming. Raises ApiError."""
    text = "".join([piece async for piece in job.pieces()])
    done = await job.finished()
    return completion.whole(text, done.reason, done.tokens)


async def unless_gone(request: Request, work: Coroutine[Any, Any, dict[str, Any]]) -> Response:
    """The outcome of `work` as JSON, unless the client goes first."""

    async def gone() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass

    answer, left = asyncio.ensure_future(work), asyncio.ensure_future(gone())
    try:
        await asyncio.wait({answer, left}, return_when=asyncio.FIRST_COMPLETED)
        return JSONResponse(answer.result()) if answer.done() else Response(status_code=499)  # nobody reads the latter
    finally:
        answer.cancel()
        left.cancel()


def shutting_down() -> ApiError:
    """The error of requests that come, or are broken off, when the host ends."""
    return ApiError(503, "The model host is shutting down: start it again.", code="shutting_down", retry_after=1)
