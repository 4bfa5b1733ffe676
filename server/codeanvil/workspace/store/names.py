"""All names of a workspace at once, for comparing one with every other in a few milliseconds."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import accumulate


class Names(tuple[str, ...]):
    """Names, sorted; and the same in lower case."""

    @cached_property
    def lower(self) -> list[str]:
        """Each name in lower case, in the same order."""
        return [name.lower() for name in self]

    def holding(self, part: str) -> Iterator[int]:
        """The places of the names that hold `part`, in any case."""
        at, sought = 0, part.lower()
        while sought and (at := self._joined.find(sought, at)) >= 0:
            place = bisect_right(self._starts, at) - 1
            yield place
            at = self._starts[place] + len(self.lower[place]) + 1

    @cached_property
    def _joined(self) -> str:
        return "\n".join(self.lower)

    @cached_property
    def _starts(self) -> list[int]:
        return list(accumulate((len(name) + 1 for name in self.lower), initial=0))


class Paths(tuple[str, ...]):
    """Paths, sorted; and the same as they are compared with what somebody wrote."""

    @cached_property
    def lower(self) -> list[str]:
        """`/a/b.py` of `a/B.py`, in the same order."""
        return [f"/{path.lower()}" for path in self]

    @cached_property
    def stems(self) -> list[str]:
        """`/a/b` of `a/B.py`, in the same order."""
        return [_stem(path) for path in self.lower]


def _stem(path: str) -> str:
    folder, slash, name = path.rpartition("/")
    return f"{folder}{slash}{name[:dot] if (dot := name.rfind('.')) > 0 else name}"


def as_names(names: Iterable[str]) -> Names:
    """The names as `Names`: those of a store are already."""
    return names if isinstance(names, Names) else Names(names)
