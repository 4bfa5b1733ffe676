"""What a run says of itself: events, and the numbers in them once more for TensorBoard."""

from typing import Any

from codeanvil.contract import EventKind, RunFolder, append_event
from codeanvil_trainer.training.parallel import ALONE, Group

FOLDER = "tensorboard"


class Journal:
    """Appends events to a run: `journal(kind, **data)`. Of several processes only the first one's does."""

    def __init__(self, folder: RunFolder, group: Group = ALONE) -> None:
        self._folder, self._group = folder, group
        self._board: TensorBoard | None = None

    def __call__(self, kind: EventKind, **data: Any) -> None:
        """As `contract.append_event`."""
        if self._group.is_first:
            append_event(self._folder, kind, **data)
            if self._board is not None:
                self._board(kind, data)

    def draw_from(self, step: int) -> None:
        """Write TensorBoard files too, from the step after `step` on."""
        if self._group.is_first:
            self._board = TensorBoard(self._folder, step + 1)

    def close(self) -> None:
        """Write what is held back."""
        if self._board is not None:
            self._board.close()


class TensorBoard:
    """The numbers of a run's events as TensorBoard files in `tensorboard/`, for `tensorboard --logdir`.

    Beside the events and never in their place: where the package is missing or a file cannot be written, the run goes
    on without. Steps that are done again after a resume take the place of what was written of them.
    """

    def __init__(self, folder: RunFolder, first_step: int) -> None:
        try:
            from tensorboardX import SummaryWriter
        except ImportError:
            self._writer: Any = None
        else:
            self._writer = SummaryWriter(str(folder.path / FOLDER), purge_step=first_step)

    def __call__(self, kind: EventKind, data: dict[str, Any]) -> None:
        """Add an event's numbers: `step/loss`, `validation/loss` and so on, at its step."""
        if self._writer is None or kind not in {"step", "validation"}:
            return
        step = data["step"]
        for name, value in data.items():
            if isinstance(value, int | float) and not isinstance(value, bool) and name not in {"step", "steps"}:
                self._writer.add_scalar(f"{kind}/{name}", value, step)

    def close(self) -> None:
        """Write what is held back."""
        if self._writer is not None:
            self._writer.close()
