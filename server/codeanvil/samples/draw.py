"""Choices that look random and are the same on every machine: hashes, never `random` or `hash()`."""

from collections.abc import Sequence
from hashlib import blake2b
from typing import TypeVar

T = TypeVar("T")

_MASK = (1 << 64) - 1


def digest(*parts: str) -> int:
    """64 bits that depend on every part and on nothing else."""
    return int.from_bytes(blake2b("\0".join(parts).encode(errors="replace"), digest_size=8).digest(), "big")


def hex_digest(*parts: str) -> str:
    """The same 64 bits as 16 hexadecimal digits."""
    return f"{digest(*parts):016x}"


class Draw:
    """A stream of choices from a seed: SplitMix64 (Steele, Lea, Flood 2014)."""

    __slots__ = ("_state",)

    def __init__(self, *seed: str) -> None:
        self._state = digest(*seed)

    def bits(self) -> int:
        """The next 64 bits."""
        self._state = state = (self._state + 0x9E3779B97F4A7C15) & _MASK
        state = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        state = ((state ^ (state >> 27)) * 0x94D049BB133111EB) & _MASK
        return state ^ (state >> 31)

    def below(self, n: int) -> int:
        """A number from 0 to n - 1; `n` is at least 1."""
        return self.bits() % n

    def chance(self, share: float) -> bool:
        """True in about `share` of all cases."""
        return self.bits() < share * _MASK

    def choice(self, items: Sequence[T]) -> T:
        """One of `items`, which must not be empty."""
        return items[self.bits() % len(items)]

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """All of `items` in another order."""
        result = list(items)
        for i in range(len(result) - 1, 0, -1):
            j = self.bits() % (i + 1)
            result[i], result[j] = result[j], result[i]
        return result

    def some(self, items: Sequence[T], count: int) -> list[T]:
        """Up to `count` of `items` in another order, with no work for the rest."""
        result = list(items)
        count = min(count, len(result))
        for i in range(count):
            j = i + self.bits() % (len(result) - i)
            result[i], result[j] = result[j], result[i]
        return result[:count]
