"""Asking, for a thread: opens the index, finds who writes, answers."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

from codeanvil.answers.ask import ask
from codeanvil.answers.host import writer_for
from codeanvil.runs.active import adopt_finished
from codeanvil.settings import Settings
from codeanvil.workspace.location import index_path
from codeanvil.workspace.store import Store

_log = logging.getLogger(__name__)


def answer(
    root: Path,
    settings: Settings,
    question: str,
    *,
    with_model: bool,
    on_delta: Callable[[str], None] | None,
    cancelled: Callable[[], bool],
) -> dict[str, Any]:
    """The answer as `codeanvil ask --json` prints it, with a `notice` where the model could not write.

    Raises CodeAnvilError. `on_delta` is called from this thread.
    """
    adopt_finished(root, settings)
    writer = writer_for(root, settings) if with_model else None
    with Store(index_path(root, settings)) as store:
        found = ask(question, store, writer, root=root, on_delta=on_delta, cancelled=cancelled)
    if not found.notice:
        return found.row()
    _log.warning("%s", found.notice)
    return found.row() | {"notice": found.notice}
