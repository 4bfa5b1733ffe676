"""Vessels that call at the harbour."""

from abc import ABC, abstractmethod

MAX_DRAUGHT = 16.5


class Vessel(ABC):
    """Anything that floats and needs a berth."""

    def __init__(self, name, length):
        self.name = name
        self.length = length

    @abstractmethod
    def draught(self):
        """Depth below the waterline, in metres."""

    def fits(self, berth):
        """Whether the vessel can lie at a berth."""
        return self.length <= berth.length and self.draught() <= MAX_DRAUGHT


class CargoVessel(Vessel):
    """A vessel that carries containers."""

    def draught(self):
        return 12.0

    def unload(self, crane):
        """Have a crane take all containers ashore."""
        crane.lift(self)


class Ferry(Vessel):
    """A vessel that carries passengers on a timetable."""

    def draught(self):
        return 4.0


class Tug(Vessel):
    def draught(self):
        return 3.5

    def tow(self, other):
        return other
