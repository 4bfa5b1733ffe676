"""The calls of one Ruby file that sets something up, with the values of their arguments.

Conditions are not decided, since they depend on a machine: all branches count. A value that is not known is None.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tree_sitter import Node

from codeanvil.facts.builds.trees import MAX_DEPTH, comment_above, line, named, text
from codeanvil.facts.text import first_sentence, is_licence

MAX_WORK = 100_000
"""Nodes gone through before the rest of a file is left."""

MAX_TURNS = 200
"""Turns of a loop over words that are gone through."""

MAX_LENGTH = 5_000
"""Characters of a string; longer ones are not known."""

Value = Any
"""A str (of a symbol too), bool, list, or None where it is not known."""

_SAME = frozenset({"freeze", "strip", "to_s", "dup", "chomp", "to_sym", "uniq", "flatten", "compact", "sort", "to_a"})
_DEFINITIONS = frozenset({"method", "singleton_method", "lambda", "comment"})
_ESCAPES = {"\\n": "\n", "\\t": "\t", "\\\\": "\\", '\\"': '"', "\\'": "'", "\\s": " "}


@dataclass(frozen=True, slots=True)
class Call:
    """`receiver.name(values, key => value)`; `inside` are the calls in whose blocks it stands, outermost first.

    An assignment to something's attribute is called `name=`. `doc` is what the comment above says first.
    """

    receiver: str
    name: str
    values: list[Value]
    pairs: list[tuple[Value, Value]]
    line: int
    doc: str
    inside: tuple["Call", ...]

    @property
    def first(self) -> str:
        """The first value where it is a string; else ''."""
        return self.values[0] if self.values and isinstance(self.values[0], str) else ""

    @property
    def strings(self) -> list[str]:
        """The strings among the values and the lists in them."""
        return strings(self.values)

    def option(self, *keys: str) -> Value:
        """The value of the first of `keys` that is given; None without one."""
        return next((value for wanted in keys for key, value in self.pairs if key == wanted), None)


def calls(root: Node) -> Iterator[Call]:
    """The calls of a file, in order, those in blocks after the call that has the block."""
    yield from _Walker().walk(root, ())


def strings(value: Value) -> list[str]:
    """A string, or the strings in a list and the lists in it."""
    if isinstance(value, str):
        return [value]
    return [each for item in value for each in strings(item)] if isinstance(value, list) else []


class _Walker:
    def __init__(self) -> None:
        self.variables: dict[str, Value] = {}
        self._work = 0
        self._depth = 0

    def walk(self, node: Node, inside: tuple[Call, ...]) -> Iterator[Call]:
        self._work += 1
        if self._work > MAX_WORK or self._depth > MAX_DEPTH or node.type in _DEFINITIONS:
            return
        self._depth += 1
        if node.type == "call":
            yield from self._call(node, inside)
        elif node.type in {"assignment", "operator_assignment"}:
            yield from self._assignment(node, inside)
        elif node.type == "binary" and text(node.child_by_field_name("operator")) == "<<":
            left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
            yield Call(text(left), "<<", [self.of(right)], [], line(node), "", inside)
        else:
            condition = node.child_by_field_name("condition")
            for child in named(node):
                if child != condition:
                    yield from self.walk(child, inside)
        self._depth -= 1

    def _call(self, node: Node, inside: tuple[Call, ...]) -> Iterator[Call]:
        receiver, block = node.child_by_field_name("receiver"), node.child_by_field_name("block")
        values: list[Value] = []
        pairs: list[tuple[Value, Value]] = []
        for argument in named(node.child_by_field_name("arguments")):
            if argument.type == "pair":
                pairs.append(self._pair(argument))
            elif argument.type == "hash":
                pairs += [self._pair(pair) for pair in named(argument) if pair.type == "pair"]
            elif argument.type != "block_argument":
                values.append(self.of(argument))
        name = text(node.child_by_field_name("method"))
        call = Call(text(receiver), name, values, pairs, line(node), _doc(node), inside)
        body = block.child_by_field_name("body") if block is not None else None
        items = self.of(receiver) if receiver is not None and name == "each" else None
        if isinstance(items, list) and block is not None:
            parameter = next((text(each) for each in named(block.child_by_field_name("parameters"))), "")
            for item in items[:MAX_TURNS]:
                self.variables[parameter] = item
                yield from self._inside(body, inside)
            self.variables.pop(parameter, None)
            return
        yield call
        if receiver is not None and receiver.type == "call":
            yield from self.walk(receiver, inside)
        yield from self._inside(body, (*inside, call))

    def _inside(self, body: Node | None, inside: tuple[Call, ...]) -> Iterator[Call]:
        for child in named(body):
            yield from self.walk(child, inside)

    def _assignment(self, node: Node, inside: tuple[Call, ...]) -> Iterator[Call]:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        value = self.of(right)
        if left is None:
            return
        if left.type == "call":
            receiver = text(left.child_by_field_name("receiver"))
            yield Call(receiver, f"{text(left.child_by_field_name('method'))}=", [value], [], line(node), "", inside)
        elif left.type in {"identifier", "constant", "global_variable"}:
            self.variables[text(left)] = value
            if right is not None and right.type in {"call", "if", "begin"}:
                yield from self.walk(right, inside)

    def _pair(self, node: Node) -> tuple[Value, Value]:
        key = node.child_by_field_name("key")
        found = text(key).strip("\"':") if key is not None and key.type == "hash_key_symbol" else self.of(key)
        return found, self.of(node.child_by_field_name("value"))

    def of(self, node: Node | None) -> Value:
        """What an expression comes to."""
        self._work += 1
        if node is None or self._work > MAX_WORK or self._depth > MAX_DEPTH:
            return None
        self._depth += 1
        value: Value = None
        match node.type:
            case "string" | "bare_string" | "chained_string" | "delimited_symbol" | "bare_symbol":
                value = self._string(node)
            case "simple_symbol":
                value = text(node)[1:]
            case "integer" | "float":
                value = text(node)
            case "true" | "false":
                value = node.type == "true"
            case "array" | "string_array" | "symbol_array":
                value = [self.of(item) for item in named(node)]
            case "identifier" | "constant" | "global_variable":
                value = self.variables.get(text(node))
            case "scope_resolution":
                value = self.variables.get(text(node.child_by_field_name("name")))
            case "parenthesized_statements" | "splat_argument":
                value = next((self.of(inner) for inner in named(node)), None)
            case "conditional":
                value = self.of(node.child_by_field_name("consequence"))
            case "binary":
                value = self._binary(node)
            case "call" if text(node.child_by_field_name("method")) in _SAME:
                value = self.of(node.child_by_field_name("receiver"))
        self._depth -= 1
        return value

    def _string(self, node: Node) -> str | None:
        pieces: list[str] = []
        for part in node.named_children:
            match part.type:
                case "string_content":
                    pieces.append(text(part))
                case "escape_sequence":
                    pieces.append(_ESCAPES.get(text(part), text(part)[1:]))
                case "interpolation":
                    value = next((self.of(inner) for inner in named(part)), None)
                    if not isinstance(value, str):
                        return None
                    pieces.append(value)
                case "string":
                    pieces.append(self._string(part) or "")
        made = "".join(pieces)
        return made if len(made) <= MAX_LENGTH else None

    def _binary(self, node: Node) -> Value:
        left, right = self.of(node.child_by_field_name("left")), self.of(node.child_by_field_name("right"))
        match text(node.child_by_field_name("operator")):
            case "+" if isinstance(left, str) and isinstance(right, str):
                return left + right if len(left) + len(right) <= MAX_LENGTH else None
            case "+" if isinstance(left, list) and isinstance(right, list):
                return (left + right)[:MAX_LENGTH]
            case "||":
                return left if left is not None else right
        return None


def _doc(node: Node) -> str:
    comment = comment_above(node)
    return "" if is_licence(comment) else first_sentence(comment)
