"""Asking: a question goes to a thread, the model's words come back to the loop as they are written."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from codeanvil.lsp.folder import Folder
    from codeanvil.lsp.server import CodeAnvilServer

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, the earlier ones of its conversation, oldest first, and whether a model may write the answer."""

    question: str
    history: tuple[str, ...] = ()
    with_model: bool = True


async def answer(
    server: "CodeAnvilServer",
    folder: "Folder",
    asked: Asked,
    on_delta: Callable[[str], None] | None,
) -> dict[str, Any]:
    """The answer as `codeanvil ask --json` prints it, with a `notice` where the model could not write.

    `on_delta` is called on the loop, and no more once this has returned or was cancelled; cancelling also makes the
    model stop. Raises CodeAnvilError.
    """
    loop, left = asyncio.get_running_loop(), Event()

    def tell(delta: str) -> None:
        if on_delta is not None and not left.is_set():
            on_delta(delta)

    def tell_soon(delta: str) -> None:
        loop.call_soon_threadsafe(tell, delta)

    stream = tell_soon if on_delta is not None else None
    try:
        return await server.in_thread(_answer, folder, asked, on_delta=stream, cancelled=left.is_set)
    finally:
        left.set()


def _answer(
    folder: "Folder",
    asked: Asked,
    *,
    on_delta: Callable[[str], None] | None,
    cancelled: Callable[[], bool],
) -> dict[str, Any]:
    from codeanvil.answers.ask import ask
    from codeanvil.answers.models.host import writer_for
    from codeanvil.runs.active import adopt_finished

    adopt_finished(folder.root, folder.settings)
    writer = writer_for(folder.root, folder.settings) if asked.with_model else None
    found = ask(
        asked.question,
        folder.store_for_questions(),
        writer,
        root=folder.root,
        history=asked.history,
        on_delta=on_delta,
        cancelled=cancelled,
    )
    if not found.notice:
        return found.row()
    _log.warning("%s", found.notice)
    return found.row() | {"notice": found.notice}
