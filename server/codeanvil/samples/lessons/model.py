"""A lesson: one fact ready to be asked about."""

from collections.abc import Mapping
from dataclasses import dataclass

Expect = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Lesson:
    """One fact, the questions it answers and the answer.

    `kind`, `fact`, `subject` and `source` are those of the Sample. `asks` names the wordings, `naming` how the
    subject may be called, `placed` that its bare name is not enough. `count` is how many questions are worth
    asking. `evidence` is the blocks a model can copy the answer from, `missing` the answer where they are not
    among those given; without `missing` the fact is not asked with evidence. `expect` and `forbid` are what a
    right answer to a held-out question holds; without `expect` none is asked.
    """

    kind: str
    asks: str
    fact: str
    subject: str
    source: str
    slots: Mapping[str, str]
    answer: str
    count: int
    naming: str = "type"
    placed: bool = False
    evidence: tuple[str, ...] = ()
    missing: str = ""
    expect: Expect = ()
    forbid: tuple[str, ...] = ()
