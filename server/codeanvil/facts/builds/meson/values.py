"""What the expressions of one Meson file come to.

Conditions are not decided, since they depend on a machine: all branches count, and the first value that a conditional
gives to a variable stands. A value that is not known is None.
"""

import posixpath
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from codeanvil.facts.builds.meson.nodes import Array, Call, Expression, Literal, Name, Operation, Table

MAX_DEPTH = 150
"""Expressions inside one another that are worked out."""

MAX_WORK = 3_000_000
"""Characters and items gone through before nothing more is known."""

MAX_LENGTH = 20_000
"""Characters of a string, or items of an array; longer ones are not known."""

Value = Any
"""A str, int, bool, list, dict, `Thing`, or None where it is not known."""


@dataclass(frozen=True, slots=True)
class Thing:
    """What a function gives back that stands for something: a dependency, a target.

    `names` are what a target that uses it links.
    """

    names: tuple[str, ...]
    kind: str


class Values:
    """The variables at one place of a file. `call` is told of each function that is called, and says what it gives."""

    def __init__(self, call: Callable[[Call, list[Value], dict[str, Value]], Value]) -> None:
        self.variables: dict[str, Value] = {}
        self.project: dict[str, str] = {}
        self.work = 0
        self._call = call
        self._depth = 0

    def of(self, expression: Expression) -> Value:
        """What `expression` comes to; functions in it are called."""
        if self._depth > MAX_DEPTH or self.work > MAX_WORK:
            return None
        self._depth += 1
        value = self._of(expression)
        self._depth -= 1
        self.work += len(value) if isinstance(value, str | list | dict) else 1
        return value

    def _of(self, expression: Expression) -> Value:
        found: Value
        match expression:
            case Literal(value, formatted):
                found = self._formatted(str(value)) if formatted else value
            case Name(name):
                found = self.variables.get(name)
            case Array(items):
                found = [self.of(item) for item in items]
            case Table(pairs):
                found = {key: self.of(value) for each, value in pairs if isinstance(key := self.of(each), str)}
            case Call():
                found = self._called(expression)
            case Operation(operator, operands):
                found = self._operation(operator, operands)
        return found

    def _called(self, call: Call) -> Value:
        positional = [self.of(item) for item in call.positional]
        keywords = {key: self.of(item) for key, item in call.keywords.items()}
        if call.owner is None:
            return self._call(call, positional, keywords)
        if isinstance(call.owner, Name) and call.owner.name == "meson":
            return self.project.get(call.name)
        owner = self.of(call.owner)
        if isinstance(owner, str | dict | list):
            return _method(call.name, owner, positional)
        return self._call(call, positional, keywords)

    def _formatted(self, text: str) -> str | None:
        parts = text.split("@")
        for i in range(1, len(parts) - 1, 2):
            value = self.variables.get(parts[i])
            if not isinstance(value, str | int):
                return None
            parts[i] = _spelled(value)
        joined = "".join(parts)
        return joined if len(joined) <= MAX_LENGTH else None

    def _operation(self, operator: str, operands: Sequence[Expression]) -> Value:
        values = [self.of(operand) for operand in operands]
        match operator:
            case "+":
                return _sum(values)
            case "/" if all(isinstance(value, str) for value in values):
                return _short(posixpath.join(*values))
            case "[":
                return _item(*values)
            case "?":
                return values[1] if values[1] is not None else values[2]
        return None


def _method(name: str, owner: Value, positional: list[Value]) -> Value:
    """What a method of a string, dictionary or array gives back, where it is one that is known."""
    method = _METHODS.get((type(owner), name))
    try:
        return _short(method(owner, positional)) if method else None
    except (TypeError, ValueError, IndexError, AttributeError):  # arguments that the method does not take
        return None


def flat(values: Iterable[Value]) -> list[Value]:
    """The values with lists in them opened up; no more than `MAX_LENGTH` values and lists are looked at."""
    found: list[Value] = []
    pending = [iter(values)]
    for _ in range(MAX_LENGTH):
        value = next(pending[-1], pending)
        if value is pending:  # this list is at its end
            pending.pop()
            if not pending:
                break
        elif isinstance(value, list):
            pending.append(iter(value))
        else:
            found.append(value)
    return found


def strings(values: Iterable[Value]) -> list[str]:
    """The strings among values and the lists in them."""
    return [value for value in flat(values) if isinstance(value, str)]


def text(value: Value) -> str:
    """A string on one line; '' for anything else."""
    return " ".join(value.split()) if isinstance(value, str) else ""


def _short(value: Value) -> Value:
    return None if isinstance(value, str) and len(value) > MAX_LENGTH else value


def _spelled(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _sum(values: list[Value]) -> Value:
    """Strings, numbers, dictionaries added up; a list takes in what is added to it."""
    if any(isinstance(value, list) for value in values):
        found = [item for value in values for item in (value if isinstance(value, list) else [value])]
        return found[:MAX_LENGTH]
    if all(isinstance(value, str) for value in values):
        return _short("".join(values)) if sum(map(len, values)) <= MAX_LENGTH else None
    if all(isinstance(value, dict) for value in values):
        return {key: value for each in values for key, value in each.items()}
    return sum(values) if all(type(value) is int for value in values) else None


def _item(owner: Value, key: Value) -> Value:
    if isinstance(owner, dict) and isinstance(key, str):
        return owner.get(key)
    if isinstance(owner, list | str) and type(key) is int and -len(owner) <= key < len(owner):
        return owner[key]
    return None


def _format(owner: str, arguments: list[Value]) -> str | None:
    for i, value in enumerate(arguments[:20]):
        if not isinstance(value, str | int):
            return None
        if owner.count(f"@{i}@") * len(_spelled(value)) > MAX_LENGTH:
            return None
        owner = owner.replace(f"@{i}@", _spelled(value))[: 2 * MAX_LENGTH]
    return owner


def _joined(owner: str, arguments: list[Value]) -> str | None:
    words = flat(arguments)
    if not all(isinstance(word, str) for word in words) or len(owner) * len(words) > MAX_LENGTH:
        return None
    return owner.join(words)


def _underscored(owner: str, _: list[Value]) -> str:
    return "".join(c if c.isascii() and c.isalnum() else "_" for c in owner)


def _replaced(owner: str, arguments: list[Value]) -> str | None:
    old, new = arguments[:2]
    return owner.replace(old, new) if old and owner.count(old) * len(new) <= MAX_LENGTH else None


_METHODS: Mapping[tuple[type, str], Callable[[Any, list[Value]], Value]] = {
    (str, "format"): _format,
    (str, "join"): _joined,
    (str, "split"): lambda owner, arguments: owner.split(*arguments[:1]),
    (str, "strip"): lambda owner, arguments: owner.strip(*arguments[:1]),
    (str, "to_lower"): lambda owner, _: owner.lower(),
    (str, "to_upper"): lambda owner, _: owner.upper(),
    (str, "underscorify"): _underscored,
    (str, "replace"): _replaced,
    (str, "substring"): lambda owner, arguments: owner[slice(*arguments[:2])],
    (dict, "get"): lambda owner, arguments: owner.get(*arguments[:2]),
    (dict, "keys"): lambda owner, _: sorted(owner),
    (list, "get"): lambda owner, arguments: _item(owner, arguments[0]),
}
"""Methods by the type of their owner and their name."""
