"""What writes answers in words: any model that can be asked with an instruction and evidence."""

from collections.abc import Callable, Mapping
from typing import Protocol

OnDelta = Callable[[str], None]
Cancelled = Callable[[], bool]


class Writer(Protocol):
    """A model that writes.

    `name` is what answers call it (run id, base model), `revision` the code revision its adapter was trained on, or
    None, and `learned` what that consisted of; all are right once `write` has returned.
    """

    @property
    def name(self) -> str:
        """The run's id, or the base model's name."""
        ...

    @property
    def revision(self) -> str | None:
        """The code revision the adapter was trained on; None without an adapter of ours."""
        ...

    @property
    def learned(self) -> Mapping[str, str]:
        """The content hash of each file as the adapter was trained on it, by path; empty where that is not known."""
        ...

    def write(
        self, instruction: str, evidence: str, on_delta: OnDelta | None = None, cancelled: Cancelled | None = None
    ) -> str:
        """The model's whole answer; `on_delta` is given each piece as it comes.

        As soon as `cancelled` says so, generation is stopped and what there is by then returned.
        Raises ModelError when there is no answer to be had.
        """
        ...
