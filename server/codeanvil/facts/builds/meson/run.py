"""What the statements of one Meson file come to, in order."""

from collections.abc import Callable, Sequence
from typing import Any

from codeanvil.facts.builds.meson.nodes import Assignment, Call, Conditional, Loop, Statement
from codeanvil.facts.builds.meson.values import MAX_LENGTH, MAX_WORK, Value, Values

MAX_STEPS = 20_000
"""Statements worked through before a file is taken as it is: loops multiply them."""

MAX_DEPTH = 40
"""Blocks inside one another that are worked through."""


class Runner:
    """Works through statements. `call` is told of each function that is called, and says what it gives."""

    def __init__(self, call: Callable[[Call, list[Value], dict[str, Value]], Value]) -> None:
        self.values = Values(call)
        self._branches: list[tuple[set[str], set[str]]] = []
        self._steps = 0
        self._depth = 0

    def run(self, statements: Sequence[Statement]) -> None:
        """Work through `statements`."""
        if self._depth > MAX_DEPTH:
            return
        self._depth += 1
        for statement in statements:
            self._steps += 1
            if self._steps > MAX_STEPS or self.values.work > MAX_WORK:
                break
            match statement:
                case Assignment():
                    self._assign(statement)
                case Conditional():
                    self._conditional(statement)
                case Loop():
                    self._loop(statement)
                case _:
                    self.values.of(statement)
        self._depth -= 1

    def _assign(self, assignment: Assignment) -> None:
        value = self.values.of(assignment.value)
        known = self.values.variables
        if assignment.adds:
            old = known.get(assignment.name)
            if isinstance(old, list):
                value = [*old, *(value if isinstance(value, list) else [value])][:MAX_LENGTH]
            elif isinstance(old, str) and isinstance(value, str):
                value = old + value if len(old) < 10_000 else None
            elif isinstance(old, dict) and isinstance(value, dict):
                value = old | value
            elif old is None and isinstance(value, str):
                value = [value]
        elif self._branches:
            if any(assignment.name in earlier for earlier, _ in self._branches):
                return
            self._branches[-1][1].add(assignment.name)
        known[assignment.name] = value

    def _conditional(self, conditional: Conditional) -> None:
        earlier, present = set[str](), set[str]()
        self._branches.append((earlier, present))
        for branch in conditional.branches:
            self.run(branch)
            earlier |= present
            present.clear()
        self._branches.pop()
        if self._branches:
            self._branches[-1][1].update(earlier)

    def _loop(self, loop: Loop) -> None:
        items: Any = self.values.of(loop.items)
        turns: list[tuple[Value, ...]]
        if isinstance(items, dict):
            turns = [(key, value) for key, value in items.items()]
        elif isinstance(items, list):
            turns = [(item,) for item in items]
        else:
            turns = [(None,) * len(loop.names)]
        branches, self._branches = self._branches, []
        for turn in turns:
            if self._steps > MAX_STEPS:
                break
            self.values.variables.update(zip(loop.names, turn, strict=False))
            self.run(loop.body)
        self._branches = branches
