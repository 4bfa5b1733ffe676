"""A question answered: linked to the workspace, written by a model where there is one, checked, with its sources.

answer = ask("Where is ImageProcessor defined?", store, writer)
print(answer.answer)
"""

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from codeanvil.answers.checking.check import Checked, check
from codeanvil.answers.checking.freshness import freshness, marked
from codeanvil.answers.checking.lookup import Lookup
from codeanvil.answers.checking.stream import CheckedStream, LineStream
from codeanvil.answers.finding import evidence as evidence_of
from codeanvil.answers.models.writer import Cancelled, OnDelta, Writer
from codeanvil.answers.understanding.followup import standalone
from codeanvil.answers.understanding.link import Linked, link
from codeanvil.answers.writing.cite import Citation
from codeanvil.answers.writing.draft import Draft
from codeanvil.answers.writing.write import write
from codeanvil.errors import ModelError, UsageError
from codeanvil.workspace.store import Store

MOST_SOURCES = 6
"""Links listed under a model's words."""

MOST_CHARACTERS = 4_000
"""Longest question."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer and what it rests on.

    `found` is false when the question is about something that is not in the workspace. `model` is who wrote the
    words, None when they are the facts' own. `notice` is one sentence for the user when the model could not be
    used. `timings` are milliseconds.
    """

    answer: str
    citations: tuple[Citation, ...]
    found: bool
    unverified: tuple[str, ...]
    model: str | None
    code_revision: str
    adapter_revision: str | None
    stale: tuple[str, ...]
    timings: dict[str, float]
    notice: str = ""

    def row(self) -> dict[str, Any]:
        """The JSON object that `codeanvil ask --json` prints."""
        return {
            "answer": self.answer,
            "citations": [{"path": c.path, "line": c.line, "symbol": c.symbol} for c in self.citations],
            "found": self.found,
            "unverified": list(self.unverified),
            "model": self.model,
            "revision": {"code": self.code_revision, "adapter": self.adapter_revision, "stale": list(self.stale)},
            "timings": self.timings,
        }


@dataclass(slots=True)
class Clock:
    """Milliseconds spent, by step; steps entered twice add up."""

    spent: dict[str, float] = field(default_factory=lambda: {"link": 0.0, "evidence": 0.0, "model": 0.0, "check": 0.0})

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Measure what is done inside."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self.spent[name] = self.spent[name] + 1000 * (time.perf_counter() - start)

    def timings(self) -> dict[str, float]:
        """Each step and their sum as `total`, to a tenth of a millisecond."""
        return {name: round(value, 1) for name, value in [*self.spent.items(), ("total", sum(self.spent.values()))]}


@dataclass(frozen=True, slots=True)
class Prepared:
    """A question before a model is asked: what it is about, the facts' own answer, the evidence for a model."""

    question: str
    linked: Linked
    draft: Draft
    evidence: str
    clock: Clock

    @property
    def asks_model(self) -> bool:
        """Whether a model has something to add: never where the index decides that something is not there."""
        return self.draft.found and bool(self.evidence)


def prepare(question: str, store: Store, root: Path | None = None, history: Sequence[str] = ()) -> Prepared:
    """Link a question and gather what answers it; `history` as of `ask`.

    Raises UsageError for an empty or overlong one.
    """
    question = question.strip()
    if not question:
        raise UsageError('There is no question: write one, for example "Where is main defined?".')
    if len(question) > MOST_CHARACTERS:
        raise UsageError(f"The question has {len(question)} characters: ask in at most {MOST_CHARACTERS}.")
    clock = Clock()
    with clock.step("link"):
        question = standalone(question, history, store, root) if history else question
        linked = link(question, store, root)
    with clock.step("evidence"):
        draft = write(linked, store)
        evidence = evidence_of.gather(linked, store) if draft.found else ""
    return Prepared(question, linked, draft, evidence, clock)


def conclude(
    prepared: Prepared,
    store: Store,
    text: str | None = None,
    *,
    root: Path | None = None,
    model: str | None = None,
    adapter_revision: str | None = None,
    learned: Mapping[str, str] | None = None,
    notice: str = "",
) -> Answer:
    """The answer out of a model's `text`, or from facts where there is none or it fails the check.

    `learned` are the content hashes of the files that the model was trained on: cited files that differ are marked.
    """
    draft, checked = prepared.draft, None
    with prepared.clock.step("check"):
        if text:
            checked = check(text, store, prepared.linked, evidence=prepared.evidence, required=draft.required)
        own = checked is not None and checked.holds
        citations = _cited(draft, checked) if checked and own else draft.citations
        state = freshness((c.path for c in citations), store, root, learned if own else None)
        citations = tuple(c for c in citations if c.path not in state.gone)
        answer = marked(_with_sources(checked, citations) if checked and own else draft.text, state)
        code_revision = store.revision()
    return Answer(
        answer=answer,
        citations=citations,
        found=draft.found,
        unverified=checked.struck if checked and own else (),
        model=model if own else None,
        code_revision=code_revision,
        adapter_revision=adapter_revision if own else None,
        stale=state.stale,
        timings=prepared.clock.timings(),
        notice=notice,
    )


def ask(
    question: str,
    store: Store,
    writer: Writer | None = None,
    *,
    root: Path | None = None,
    history: Sequence[str] = (),
    adapter_revision: str | None = None,
    on_delta: OnDelta | None = None,
    by_line: bool = False,
    cancelled: Cancelled | None = None,
) -> Answer:
    """Answer a question from the index, in the words of `writer` where they pass the check.

    `root` is the workspace: with it, cited files are compared with the disk. `history` are the earlier questions of
    the conversation, oldest first: "and its methods?" is then about what they were about. `on_delta` gets the model's
    words as they come, invented names struck; the answer's text replaces them. `by_line` gives whole lines instead, as
    they stand in the answer where the model's words pass the check. Once `cancelled` says so, the model
    is left and the facts answer. Raises UsageError for an empty question, StoreError.
    """
    prepared = prepare(question, store, root, history)
    if writer is None or not prepared.asks_model:
        return conclude(prepared, store, root=root)
    streaming = LineStream if by_line else CheckedStream
    stream = streaming(on_delta, Lookup(store, prepared.evidence)) if on_delta else None
    notice, text = "", None
    with prepared.clock.step("model"):
        try:
            text = writer.write(prepared.question, prepared.evidence, stream.feed if stream else None, cancelled)
            if stream:
                stream.close()
        except ModelError as error:
            notice = str(error)
    if cancelled is not None and cancelled():
        text = None
    revision = adapter_revision if adapter_revision is not None else writer.revision
    return conclude(
        prepared,
        store,
        text,
        root=root,
        model=writer.name,
        adapter_revision=revision,
        learned=writer.learned,
        notice=notice,
    )


def _cited(draft: Draft, checked: Checked) -> tuple[Citation, ...]:
    """The facts' citations that the model's words touch; the first where they touch none."""
    text = re.sub(r"~~.*?~~", "", checked.text)
    words = set(re.findall(r"\w+", text))
    touched = [c for c in draft.citations if c.path in text or (c.symbol and c.symbol.rsplit(".", 1)[-1] in words)]
    return tuple((touched or list(draft.citations[:1]))[:MOST_SOURCES])


def _with_sources(checked: Checked, citations: tuple[Citation, ...]) -> str:
    if not citations:
        return checked.text
    return f"{checked.text}\n\nSources: {', '.join(c.link for c in citations)}"
