"""What has changed since the model in use was trained: which of its words may be out of date."""

from collections.abc import Mapping
from pathlib import Path

from codeanvil.answers.ask import Answer, Clock
from codeanvil.answers.writing.cite import Citation
from codeanvil.runs.active import active_run
from codeanvil.settings import Settings
from codeanvil.workspace.store import Store

MOST_NAMED = 15
"""Files of one sort that are named; the others are counted."""

_NO_MODEL = (
    "No trained model is in use, so nothing can be out of date: answers come from the index, which follows the files."
)


def since_training(root: Path, settings: Settings, store: Store) -> Answer:
    """An answer in the form of `ask`: files changed, new and gone since the run in use read them. Raises RunError."""
    clock = Clock()
    with clock.step("evidence"):
        run = active_run(root, settings)
        now = {row.path: row.sha for row in store.files()}
        before = run.manifest.get("files") if run else None
        text, paths = _text(run.id, before, now) if run else (_NO_MODEL, [])
    return Answer(
        answer=text,
        citations=tuple(Citation(path, 1) for path in paths),
        found=True,
        unverified=(),
        model=None,
        code_revision=store.revision(),
        adapter_revision=run.id if run else None,
        stale=(),
        timings=clock.timings(),
    )


def _text(run: str, before: object, now: Mapping[str, str]) -> tuple[str, list[str]]:
    """Markdown, and the files in it that can be opened; `before` and `now` are content hashes by path."""
    if not isinstance(before, Mapping):
        return f"Run {run} does not say which files it was trained on, so nothing can be told.", []
    changed = sorted(path for path in now.keys() & before.keys() if now[path] != before[path])
    new = sorted(now.keys() - before.keys())
    gone = sorted(before.keys() - now.keys())
    if not (changed or new or gone):
        return f"Nothing has changed since run {run} was trained.", []
    parts = [f"Since run {run} was trained:"]
    for words, paths, exist in (("changed", changed, True), ("new", new, True), ("gone", gone, False)):
        if paths:
            named = [Citation(path, 1).link if exist else f"`{path}`" for path in paths[:MOST_NAMED]]
            more = f" and {len(paths) - MOST_NAMED} more" if len(paths) > MOST_NAMED else ""
            parts.append(f"- {len(paths)} {words}: {', '.join(named)}{more}")
    parts.append("")
    parts.append(
        "Links and names come from the index and are right all the same. `codeanvil train --since-last` teaches the "
        "model what has changed."
    )
    return "\n".join(parts), [*changed[:MOST_NAMED], *new[:MOST_NAMED]]
