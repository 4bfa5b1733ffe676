"""How quick a run is, and when it will be done."""

import time

from codeanvil_trainer.training.checkpoint import TrainingState


class Speed:
    """How quick this attempt is; `seconds` spent before it count in the run's time and not in its speed."""

    def __init__(self, tokens: int, samples: int, seconds: float) -> None:
        self._tokens, self._samples, self._seconds = tokens, samples, seconds
        self._started = time.monotonic()

    def seconds(self) -> float:
        """Seconds of training in all attempts."""
        return self._seconds + time.monotonic() - self._started

    def figures(self, state: TrainingState, tokens_left: int) -> dict[str, float]:
        """Tokens and samples a second, and the seconds that the tokens left will take."""
        elapsed = max(time.monotonic() - self._started, 1e-6)
        tokens = max(state.tokens - self._tokens, 1) / elapsed
        return {
            "tokens_per_second": round(tokens, 1),
            "samples_per_second": round((state.samples - self._samples) / elapsed, 2),
            "eta_seconds": round(tokens_left / tokens, 1),
        }
