"""Where vessels lie, and who decides that."""

from core.vessel import Vessel


class Berth:
    """A place at the quay."""

    def __init__(self, length):
        self.length = length


class BerthPlanner:
    """Assigns berths to vessels in the order of their arrival."""

    def __init__(self, berths):
        self.berths = berths
        self._queue = []

    def assign(self, vessel: Vessel) -> Berth:
        """The first free berth that the vessel fits."""
        return next(berth for berth in self.berths if vessel.fits(berth))

    def release(self, berth):
        """Give a berth back."""

    def _next(self):
        return self._queue.pop()


class PlanningError(ValueError):
    """No berth fits."""


def load_berths(path):
    """Read berths from a CSV file."""
    return [Berth(float(line)) for line in open(path)]
