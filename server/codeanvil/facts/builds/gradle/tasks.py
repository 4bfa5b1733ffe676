"""The tasks that Gradle's scripts add."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from codeanvil.facts.builds.gradle.syntax import Call, Items, Statement, Text, Value
from codeanvil.facts.builds.gradle.values import string
from codeanvil.facts.model import Target
from codeanvil.facts.text import first_sentence

_ADDING = frozenset({"register", "create", "registering", "creating"})
_TEST = re.compile(r"(?:.*[a-z\d])?(?:Test|Tests|Check)\Z|(?:test|check)(?:[A-Z].*)?\Z|.*[-_]tests?\Z")
_NAME = re.compile(r"[\w.$-]+\Z")


@dataclass(slots=True)
class _Draft:
    line: int
    kind: str
    doc: str = ""
    needs: dict[str, None] = field(default_factory=dict)


class Tasks:
    """Gathers the tasks of one script."""

    def __init__(self) -> None:
        self._drafts: dict[str, _Draft] = {}

    def take(self, statement: Statement, inside: tuple[str, ...], values: Mapping[str, str]) -> None:
        """Note a statement that adds a task."""
        call = statement.target
        by = call.infix.get("by")
        argument = call.arguments[0] if call.arguments else None
        if isinstance(by, Call) and by.name in _ADDING and (by.owner is None or by.owner.name == "tasks"):
            if by.owner is not None or inside[-1:] == ("tasks",):
                kind = by.kind or _type(by.arguments[0] if by.arguments else None)
                self._add(call.name, kind, call.line, by.block, values)
        elif call.name == "task" and call.owner is None and isinstance(argument, Call):
            self._add(argument.name, _type(argument.named.get("type")), call.line, argument.block, values)
            self._needs(argument.name, argument.named.get("dependsOn"))
        elif call.name == "task" and call.owner is None and isinstance(argument, Text):
            self._add(string(argument, values), _type(call.named.get("type")), call.line, call.block, values)
        elif call.path in {"tasks.register", "tasks.create"} or (call.path in _ADDING and inside[-1:] == ("tasks",)):
            kind = call.kind or _type(call.arguments[1] if len(call.arguments) > 1 else None)
            self._add(string(argument, values), kind, call.line, call.block, values)

    def targets(self) -> Iterator[Target]:
        """The tasks as targets."""
        for name, draft in self._drafts.items():
            is_test = draft.kind.endswith("Test") or _TEST.match(name)
            needs = tuple(draft.needs)
            yield Target(name, "test" if is_test else "custom", draft.line, (), needs, f"gradle {name}", draft.doc)

    def _add(self, name: str, kind: str, line: int, block: list[Statement] | None, values: Mapping[str, str]) -> None:
        if not _NAME.match(name) or name in self._drafts:
            return
        draft = self._drafts[name] = _Draft(line, kind)
        for statement in block or ():
            target = statement.target
            first = target.arguments[0] if target.arguments else None
            if target.path in {"description", "description.set"}:
                draft.doc = first_sentence(string(statement.value if statement.assigns else first, values))
            elif target.path == "dependsOn":
                self._needs(name, Items([statement.value, *target.arguments], {}))

    def _needs(self, name: str, value: Value) -> None:
        """Note what a task depends on, where it is named."""
        draft = self._drafts.get(name)
        pending = [value]
        while pending and draft is not None:
            match pending.pop(0):
                case Text() as text if "$" not in text.value:
                    draft.needs[text.value] = None
                case Items(items, _):
                    pending += items
                case Call(name="named", arguments=[first, *_]):
                    pending.append(first)
                case Call(name=needed, called=False, owner=owner) if owner is None or owner.name == "tasks":
                    draft.needs[needed] = None


def _type(value: Value) -> str:
    """`Copy`, `Copy.class` and `Copy::class` as Copy."""
    if not isinstance(value, Call):
        return ""
    return value.owner.name if value.name == "class" and value.owner else value.name
