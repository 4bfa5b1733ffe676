"""What an independent parser and CodeAnvil are compared by: one definition of a source file."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Definition:
    """A type, function or method. `scope` is joined with '.', `file` as it was asked for, `line` counts from 1.

    `bases` are simple names without type arguments; `methods` are what is declared directly in a type.
    """

    group: Literal["type", "function", "method"]
    name: str
    scope: str
    file: str
    line: int
    bases: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
