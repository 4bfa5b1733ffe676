"""The data of a run: what the index holds now, split so that no fact is on both sides."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from codeanvil.errors import RunError
from codeanvil.samples.model import Question, Sample
from codeanvil.samples.select import select
from codeanvil.samples.split import split
from codeanvil.settings import Settings
from codeanvil.workspace.location import index_path
from codeanvil.workspace.store import Store


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


def gather(root: Path, settings: Settings, *, seed: int) -> RunData:
    """The data set of the workspace as indexed. Raises RunError where there is nothing to learn, StoreError."""
    path = index_path(root, settings)
    if not path.exists():
        raise RunError(f"{root} is not indexed yet: run `codeanvil prepare` first.")
    with Store(path, read_only=True) as store:
        samples = select(store.samples(), settings.samples.max)
        questions = store.questions()
        revision = store.revision()
    parts = split(samples, questions, settings.samples.validation_share, seed)
    if not parts.train:
        raise RunError(
            f"There is nothing to learn from in {root}: it holds no Python, C or C++ code and no build files that "
            "could be read. Run `codeanvil prepare` to see what was left out."
        )
    return RunData(tuple(parts.train), tuple(parts.validation), tuple(parts.questions), revision)
