"""Rows of a data set as tokens: what is learned, what is only read, and what was cut."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from codeanvil.contract import read_json_lines
from codeanvil_trainer.errors import TrainerError
from codeanvil_trainer.tokens.cache import encoded


@dataclass(frozen=True, slots=True)
class Encoded:
    """One sample: `ids` are prompt then answer; loss is on ids[prompt_length:]."""

    ids: tuple[int, ...]
    prompt_length: int

    @property
    def label_count(self) -> int:
        """Tokens that carry loss."""
        return len(self.ids) - self.prompt_length


@dataclass(slots=True)
class Encoding:
    """A data set in tokens, and what did not fit: `cut` answers were shortened, `dropped` had no room at all."""

    samples: list[Encoded] = field(default_factory=list)
    cut: int = 0
    dropped: int = 0

    @property
    def tokens(self) -> int:
        """Tokens of all samples."""
        return sum(len(sample.ids) for sample in self.samples)


def encode_rows(
    rows: Sequence[Mapping[str, Any]], tokenizer: Any, max_length: int, cache: Path | None = None
) -> Encoding:
    """Alpaca rows in tokens, at most `max_length` each.

    A longer answer loses its end, and with it the EOS: a cut answer must not teach to stop there. A sample
    whose prompt leaves no room for an answer is dropped. `cache` is the folder where samples are kept in tokens.
    """
    encoding = Encoding()
    for prompt, answer in encoded(rows, tokenizer, cache):
        room = max_length - len(prompt)
        if room < 1:
            encoding.dropped += 1
            continue
        encoding.cut += len(answer) > room
        encoding.samples.append(Encoded((*prompt, *answer[:room]), len(prompt)))
    return encoding


def read_rows(path: Path) -> list[dict[str, Any]]:
    """Rows of a data file. Raises TrainerError naming file and remedy."""
    try:
        rows = list(read_json_lines(path))
    except OSError as error:
        raise TrainerError(f"The data file {path} cannot be read: {error.strerror}. Start the run again.") from error
    except ValueError as error:
        raise TrainerError(f"The data file {path} is damaged: {error}. Start the run again.") from error
    for number, row in enumerate(rows, 1):
        if not isinstance(row.get("instruction"), str) or not isinstance(row.get("output"), str):
            raise TrainerError(f"{path}, line {number}: a row needs the texts 'instruction' and 'output'.")
    return rows


def question_rows(path: Path) -> list[dict[str, str]]:
    """Held-out questions as rows to measure loss on: those that carry the answer that was taught."""
    if not path.exists():
        return []
    return [
        {"instruction": row["question"], "input": "", "output": row["answer"]}
        for row in read_json_lines(path)
        if row.get("answer")
    ]
