"""The data of a run: what the index holds now, split so that no fact is on both sides."""

from collections import Counter
from collections.abc import Iterator, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from codeanvil.errors import RunError
from codeanvil.samples.focus import focus
from codeanvil.samples.model import Question, Sample
from codeanvil.samples.questions import file_questions, project_questions
from codeanvil.samples.split import split
from codeanvil.settings import SampleSettings, Settings
from codeanvil.workspace.dataset import candidates, chosen_samples
from codeanvil.workspace.location import index_path
from codeanvil.workspace.store import Store
from codeanvil.workspace.store.views import file_view, project_view


@dataclass(frozen=True, slots=True)
class RunData:
    """Training and validation rows, held-out questions about trained facts, and the code revision they are of."""

    train: tuple[Sample, ...]
    validation: tuple[Sample, ...]
    questions: tuple[Question, ...]
    revision: str

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


def gather(root: Path, settings: Settings, *, seed: int, tokens: int | None = None) -> RunData:
    """The data set of the workspace as indexed, or about `tokens` tokens of it: few facts in many wordings.

    Questions are made here and not kept in the index, since only a run asks them. Raises RunError where there is
    nothing to learn, StoreError.
    """
    path = index_path(root, settings)
    if not path.exists():
        raise RunError(f"{root} is not indexed yet: run `codeanvil prepare` first.")
    with candidates(root, settings) as (store, found):
        anything = bool(store.files())
        if tokens is None:
            samples = chosen_samples(store, found.samples, settings.samples)
        else:
            importance = {file.path: float(file.importance) for file in store.files()}
            samples = focus(found.samples, tokens, importance)
        questions = list(_questions(store, root.name, {sample.source for sample in samples}, settings.samples))
        revision = store.revision()
    parts = split(samples, questions, settings.samples.validation_share, seed)
    if not (anything and parts.train):
        raise RunError(
            f"There is nothing to learn from in {root}: it holds no Python, C or C++ code and no build files that "
            "could be read. Run `codeanvil prepare` to see what was left out."
        )
    return RunData(parts.train, parts.validation, parts.questions, revision)


def _questions(store: Store, name: str, sources: Set[str], settings: SampleSettings) -> Iterator[Question]:
    """Questions about the project and about these files, the only ones of which facts are trained."""
    for path in sorted(sources):
        view = file_view(store, path)
        if view:
            yield from file_questions(view, settings)
    yield from project_questions(project_view(store, name), settings)
