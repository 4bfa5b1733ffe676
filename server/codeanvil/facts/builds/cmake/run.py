"""What the commands of one CMake file come to: loops and the file's own functions worked out.

What becomes of its variables is told in `variables`.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from codeanvil.facts.builds.cmake.syntax import Command
from codeanvil.facts.builds.cmake.variables import Variables

MAX_STEPS = 20_000
"""Commands and turns of loops worked through before a file is taken as it is: loops could go on without an end."""

MAX_WORK = 20_000_000
"""Characters and names gone through before a file is taken as it is."""

MAX_DEPTH = 20
"""Calls and loops inside one another that are followed."""

_BLOCKS = {"foreach": "endforeach", "function": "endfunction", "macro": "endmacro", "while": "endwhile"}
_OPENING = {closing: opening for opening, closing in _BLOCKS.items()}


@dataclass(frozen=True, slots=True)
class Call:
    """A command with its variables expanded and its lists split, at the line where the file has or causes it."""

    name: str
    values: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True)
class _Function:
    """`body` is where its commands begin and end among those of the file."""

    parameters: tuple[str, ...]
    body: tuple[int, int]
    own_variables: bool


def after(values: Iterable[str], word: str) -> list[str]:
    """What follows the first `word`; nothing where it is missing."""
    values = list(values)
    return values[values.index(word) + 1 :] if word in values else []


def until(values: Iterable[str], words: Collection[str]) -> Iterable[str]:
    """`values` before the first of `words`."""
    for value in values:
        if value in words:
            return
        yield value


def run(commands: Sequence[Command], variables: dict[str, str]) -> list[Call]:
    """All commands that define something, in order. `variables` is what is known beforehand and is written to."""
    runner = _Runner(commands, variables)
    runner.block(0, len(commands))
    return runner.calls


class _Runner:
    def __init__(self, commands: Sequence[Command], variables: dict[str, str]) -> None:
        self.commands = commands
        self.variables = Variables(variables)
        self.calls: list[Call] = []
        self.functions: dict[str, _Function] = {}
        self.steps = 0
        self.depth = 0
        self.line = 0
        self._ends = _ends_of_blocks(commands)

    def block(self, start: int, stop: int) -> None:
        """Work through the commands from `start` up to `stop`."""
        index = start
        while index < stop and self._step():
            command = self.commands[index]
            if command.name in {"function", "macro"} and index not in self._ends:
                pass  # Left open, it defines nothing: what follows is the file's.
            elif command.name in _BLOCKS:
                end = min(self._ends.get(index, stop), stop)
                self._open(command, (index + 1, end))
                index = end
            elif command.name in {"if", "elseif", "else", "endif"}:
                self.variables.branch(command.name)
            elif command.name not in {"return", "break", "continue"}:
                self._command(command)
            index += 1

    def _step(self) -> bool:
        self.steps += 1
        return self.steps <= MAX_STEPS and self.variables.work <= MAX_WORK

    def _open(self, command: Command, body: tuple[int, int]) -> None:
        values = self.variables.expand(command.arguments)
        if command.name in {"function", "macro"}:
            if values:
                self.functions[values[0].lower()] = _Function(tuple(values[1:]), body, command.name == "function")
        elif command.name == "foreach" and values:
            for item in _items(values[1:], self.variables.values):
                if not self._step():
                    return
                self.variables.values[values[0]] = item
                self._nested(body)
        else:
            self._nested(body)

    def _nested(self, body: tuple[int, int]) -> None:
        if self.depth < MAX_DEPTH:
            self.depth += 1
            branches = self.variables.leave_branches()
            self.block(*body)
            self.variables.return_to(branches)
            self.depth -= 1

    def _command(self, command: Command) -> None:
        values = self.variables.expand(command.arguments)
        outermost = self.depth == 0 or not self.line
        line = command.line if outermost else self.line
        if (function := self.functions.get(command.name)) and self.depth < MAX_DEPTH:
            self._call(function, values, line)
        elif self.variables.takes(command.name):
            self.variables.take(command.name, values)
            if command.name == "set" and "CACHE" in values:
                self.calls.append(Call("set", tuple(values), line))
        else:
            if command.name == "option" and values:
                self.variables.values.setdefault(values[0], values[2] if len(values) > 2 else "OFF")
            if command.name == "project" and values:
                self.variables.project(values)
            self.calls.append(Call(command.name, tuple(values), line))

    def _call(self, function: _Function, values: list[str], line: int) -> None:
        before = self.variables.values
        known = dict(before) if function.own_variables else before
        self.variables.work += len(known)
        count = len(function.parameters)
        known.update(zip(function.parameters, values, strict=False))
        known.update({f"ARGV{i}": value for i, value in enumerate(values)})
        known |= {"ARGV": ";".join(values), "ARGN": ";".join(values[count:]), "ARGC": str(len(values))}
        outer, self.line = self.line, line
        self.variables.values = known
        self._nested(function.body)
        self.line = outer
        self.variables.values = before


def _ends_of_blocks(commands: Sequence[Command]) -> dict[int, int]:
    """Of each command that opens a block, where the one stands that closes it; nothing of those left open."""
    ends: dict[int, int] = {}
    opened: defaultdict[str, list[int]] = defaultdict(list)
    for position, command in enumerate(commands):
        if command.name in _BLOCKS:
            opened[command.name].append(position)
        elif (opening := _OPENING.get(command.name)) and opened[opening]:
            ends[opened[opening].pop()] = position
    return ends


def _items(values: list[str], variables: Mapping[str, str]) -> Iterator[str]:
    """What a `foreach` goes through: plain items, `IN ITEMS`, `IN LISTS`, `RANGE`."""
    if values[:1] == ["RANGE"]:
        numbers = [int(value) for value in values[1:4] if value.isdecimal() and len(value) < 6]
        if len(numbers) == len(values) - 1 and numbers:
            start, stop, *step = numbers if len(numbers) > 1 else [0, *numbers]
            yield from map(str, range(start, stop + 1, (step or [1])[0] or 1))
        return
    lists = False
    for value in values[1:] if values[:1] == ["IN"] else values:
        if value in {"LISTS", "ITEMS"}:
            lists = value == "LISTS"
        elif lists:
            yield from filter(None, variables.get(value, "").split(";"))
        else:
            yield value
