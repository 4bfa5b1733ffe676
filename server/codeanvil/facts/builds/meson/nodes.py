"""What Meson's files are made of: expressions and statements.

After https://mesonbuild.com/Syntax.html
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Literal:
    """A string, number or truth value; `formatted` ones hold names between `@`."""

    value: str | int | bool
    formatted: bool = False


@dataclass(frozen=True, slots=True)
class Name:
    """A variable."""

    name: str


@dataclass(frozen=True, slots=True)
class Array:
    """`[items]`."""

    items: Sequence["Expression"]


@dataclass(frozen=True, slots=True)
class Table:
    """`{key: value}`."""

    pairs: Sequence[tuple["Expression", "Expression"]]


@dataclass(frozen=True, slots=True)
class Call:
    """`name(positional, keyword: value)`; a method of `owner`, if there is one."""

    name: str
    positional: Sequence["Expression"]
    keywords: Mapping[str, "Expression"]
    line: int
    owner: "Expression | None" = None


@dataclass(frozen=True, slots=True)
class Operation:
    """`operator` between two or more operands; "?" has three, "[" is an index, "not" and "-" may have one."""

    operator: str
    operands: Sequence["Expression"]


Expression = Literal | Name | Array | Table | Call | Operation


@dataclass(frozen=True, slots=True)
class Assignment:
    """`name = value` or `name += value`."""

    name: str
    value: Expression
    adds: bool


@dataclass(slots=True)
class Conditional:
    """The blocks of an `if`, one for each branch."""

    branches: list[list["Statement"]] = field(default_factory=list)


@dataclass(slots=True)
class Loop:
    """`foreach names : items`."""

    names: list[str]
    items: Expression
    body: list["Statement"] = field(default_factory=list)


Statement = Expression | Assignment | Conditional | Loop


@dataclass(frozen=True, slots=True)
class Script:
    """The statements of a file; `problem` is what hindered, for example "line 3: ')' is missing"."""

    statements: Sequence[Statement]
    problem: str | None = None
