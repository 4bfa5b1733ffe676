"""The data of a run: what the index holds now, split so that no fact is on both sides."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from codeanvil.errors import RunError
from codeanvil.runs.card import card, with_index
from codeanvil.runs.run import Run, find
from codeanvil.runs.since import REPLAY_SHARE, Before, changed_since, what_was_learned, with_replay
from codeanvil.samples.focus import focus
from codeanvil.samples.general import general_samples
from codeanvil.samples.model import Question, Sample
from codeanvil.samples.questions import document_questions, file_questions, project_questions
from codeanvil.samples.split import split
from codeanvil.settings import SampleSettings, Settings
from codeanvil.workspace.dataset import candidates, chosen_samples
from codeanvil.workspace.location import folder_name, index_path
from codeanvil.workspace.store import Store
from codeanvil.workspace.store.views import document_view, file_view, project_view

CHOICE = 4
"""A run of few tokens has so many times as many to choose from: those of the most important files. Of a large project
it can start long before all samples are made."""

TOKENS_A_SAMPLE = 45
"""Of a sample with its prompt: the mean over the test workspaces."""


@dataclass(frozen=True, slots=True)
class RunData:
    """Training and validation rows, held-out questions about trained facts, and the code revision they are of."""

    train: tuple[Sample, ...]
    validation: tuple[Sample, ...]
    questions: tuple[Question, ...]
    revision: str
    files: Mapping[str, str] = field(default_factory=dict)
    """Content hash of every indexed file, by path."""
    card: Mapping[str, Any] = field(default_factory=dict)
    """What the rows are, by kind, and what was left out: the data card."""
    since: str | None = None
    """The run whose adapter these rows bring up to date."""

    @property
    def counts(self) -> dict[str, Any]:
        """How many of each, and the training rows by kind, most frequent first."""
        kinds = Counter(sample.kind for sample in self.train)
        return {
            "train": len(self.train),
            "validation": len(self.validation),
            "questions": len(self.questions),
            "kinds": dict(kinds.most_common()),
        }


def gather(
    root: Path, settings: Settings, *, seed: int, tokens: int | None = None, since: Run | None = None
) -> RunData:
    """The data set of the workspace as indexed, or about `tokens` tokens of it: few facts in many wordings.

    With `since`, what the code says otherwise than when that run was trained, with replay of what it was taught.

    Questions are made here and not kept in the index, since only a run asks them. Raises RunError where there is
    nothing to learn, StoreError.
    """
    path = index_path(root, settings)
    if not path.exists():
        raise RunError(f"{root} is not indexed yet: run `codeanvil prepare` first.")
    with candidates(root, settings, enough=enough(tokens) if since is None else None) as (store, found):
        rows = store.files()
        anything = bool(rows)
        files = {row.path: row.sha for row in rows}
        importance = {row.path: float(row.importance) for row in rows}
        if since is not None:
            before = what_was_learned(since, lambda run_id: find(root, settings, run_id))
            samples = _changed(found.samples, before, files, importance, tokens)
            if not samples:
                raise RunError(
                    f"Nothing that run {since.id} was taught has changed, and nothing has come: there is nothing to "
                    "learn. Train without --since-last to start anew."
                )
        elif tokens is None:
            samples = chosen_samples(store, found.samples, settings.samples)
        else:
            samples = focus(found.samples, tokens, importance)
        questions = list(_questions(store, folder_name(root), {sample.source for sample in samples}, settings.samples))
        revision, report = store.revision(), store.report()
    parts = split(samples, questions, settings.samples.validation_share, seed)
    if not (anything and parts.train):
        raise RunError(
            f"There is nothing to learn from in {root}: it holds no code of a language that is read and no build "
            "files. Run `codeanvil prepare` to see what was left out."
        )
    # Beside the facts of the workspace; a model that can take only few of those has nothing to forget.
    general = general_samples(len(parts.train), settings.samples) if tokens is None else []
    train = (*parts.train, *general)
    left_out = {
        "samples that others were worth more than": len(found.samples) - len(samples),
        "source files of which nothing is taught": found.files_left_out,
    }
    made = card(train, parts.validation, parts.questions, settings.samples, left_out)
    return RunData(
        train,
        parts.validation,
        parts.questions,
        revision,
        files,
        card=with_index(made, report),
        since=since.id if since is not None else None,
    )


def enough(tokens: int | None) -> int | None:
    """How many samples a run of so many tokens is chosen from; None: as many as a data set."""
    return None if tokens is None else CHOICE * tokens // TOKENS_A_SAMPLE


def _changed(
    found: Sequence[Sample],
    before: Before,
    files: Mapping[str, str],
    importance: Mapping[str, float],
    tokens: int | None,
) -> list[Sample]:
    """What has changed or come since `before`, most important first where `tokens` are few, with replay."""
    new, known = changed_since(found, before, files)
    if tokens is not None:
        new = focus(new, round(tokens * (1 - REPLAY_SHARE)), importance)
    return with_replay(new, known) if new else []


def _questions(store: Store, name: str, sources: Set[str], settings: SampleSettings) -> Iterator[Question]:
    """Questions about the project and about these files, the only ones of which facts are trained."""
    for path in sorted(sources):
        view = file_view(store, path)
        if view:
            yield from file_questions(view, settings)
        elif document := document_view(store, path):
            yield from document_questions(document, settings)
    yield from project_questions(project_view(store, name), settings)
