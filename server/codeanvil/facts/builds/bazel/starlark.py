"""What the calls of one Starlark file come to; its grammar is Python's, as far as build files go.

Conditions are not decided: `select` gives what all its branches hold, and of `if` the first. A value that is not known
is None.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tree_sitter import Node

from codeanvil.facts.builds.trees import MAX_DEPTH, comment_above, line, named, text
from codeanvil.facts.text import first_sentence, is_licence

MAX_WORK = 300_000
"""Nodes and items gone through before nothing more is known."""

MAX_LENGTH = 10_000
"""Characters of a string, or items of a list; longer ones are not known."""

Value = Any
"""A str, int, bool, list, dict, or None where it is not known."""

_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "\n": ""}


@dataclass(frozen=True, slots=True)
class Call:
    """`name(positional, keyword = value)` at `line`; the name with what stands before its dots.

    `doc` is what the comment above says first.
    """

    name: str
    positional: list[Value]
    keywords: Mapping[str, Value]
    line: int
    doc: str = ""

    def text(self, keyword: str) -> str:
        """A keyword's string; '' for anything else."""
        value = self.keywords.get(keyword)
        return value if isinstance(value, str) else ""

    def texts(self, *keywords: str) -> tuple[str, ...]:
        """The strings in the keywords' lists, each once."""
        return tuple(dict.fromkeys(strings(self.keywords.get(keyword) for keyword in keywords)))


def run(root: Node, take: Callable[[Call], None]) -> dict[str, Value]:
    """Work through a file: `take` is told of each call that stands for itself. The variables are given back."""
    runner = _Runner(take)
    for statement in named(root):
        runner.statement(statement)
    return runner.variables


def strings(values: Iterable[Value]) -> list[str]:
    """The strings among values and the lists in them."""
    found: list[str] = []
    pending = list(values)
    for _ in range(MAX_LENGTH):
        if not pending:
            break
        value = pending.pop(0)
        if isinstance(value, str):
            found.append(value)
        elif isinstance(value, list):
            pending[:0] = value
    return found


class _Runner:
    def __init__(self, take: Callable[[Call], None]) -> None:
        self.variables: dict[str, Value] = {}
        self._take = take
        self._work = 0
        self._depth = 0
        self._compound: Mapping[str, Callable[[Node], Value]] = {
            "dictionary": self._dictionary,
            "binary_operator": self._operator,
            "list_comprehension": self._comprehension,
            "subscript": self._subscript,
            "call": self._call,
        }

    def statement(self, node: Node) -> None:
        if node.type == "expression_statement":
            for inner in named(node):
                self.statement(inner)
        elif node.type == "assignment":
            left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
            value = self.of(right)
            if left is not None and left.type == "identifier":
                self.variables[text(left)] = value
        elif node.type == "augmented_assignment":
            name = text(node.child_by_field_name("left"))
            self.variables[name] = _sum([self.variables.get(name), self.of(node.child_by_field_name("right"))])
        else:
            self.of(node)

    def of(self, node: Node | None) -> Value:
        """What an expression comes to; calls in it are taken."""
        self._work += 1
        if node is None or self._depth > MAX_DEPTH or self._work > MAX_WORK:
            return None
        self._depth += 1
        value = self._of(node)
        self._depth -= 1
        self._work += len(value) // 10 if isinstance(value, str | list | dict) else 0
        return value

    def _of(self, node: Node) -> Value:
        value: Value = None
        match node.type:
            case "string":
                value = _string(node)
            case "concatenated_string":
                value = _sum([self.of(part) for part in named(node)])
            case "identifier":
                value = self.variables.get(text(node))
            case "integer":
                value = int(digits) if len(digits := text(node)) < 10 and digits.isdecimal() else None
            case "true" | "false":
                value = node.type == "true"
            case "list" | "tuple" | "set":
                value = [self.of(item) for item in named(node)]
            case "parenthesized_expression" | "conditional_expression":
                value = next((found for inner in named(node) if (found := self.of(inner)) is not None), None)
            case _ if compound := self._compound.get(node.type):
                value = compound(node)
        return value

    def _dictionary(self, node: Node) -> dict[str, Value]:
        found: dict[str, Value] = {}
        for pair in named(node):
            key = self.of(pair.child_by_field_name("key")) if pair.type == "pair" else None
            if isinstance(key, str):
                found[key] = self.of(pair.child_by_field_name("value"))
        return found

    def _operator(self, node: Node) -> Value:
        operands = [self.of(node.child_by_field_name(side)) for side in ("left", "right")]
        match text(node.child_by_field_name("operator")):
            case "+" | "|":
                return _sum(operands)
            case "%" if isinstance(operands[0], str):
                return _formatted(operands[0], operands[1])
        return None

    def _comprehension(self, node: Node) -> list[Value]:
        """`[rule(name = n) for n in NAMES]`; conditions hold."""
        body = node.child_by_field_name("body")
        clause = next((inner for inner in named(node) if inner.type == "for_in_clause"), None)
        if clause is None:
            return []
        left = clause.child_by_field_name("left")
        names = [text(left)] if left is not None and left.type == "identifier" else [text(name) for name in named(left)]
        items = self.of(clause.child_by_field_name("right"))
        outer = {name: self.variables.get(name) for name in names}
        found: list[Value] = []
        for item in items if isinstance(items, list) else []:
            if self._work > MAX_WORK or len(found) >= MAX_LENGTH:
                break
            values = item if isinstance(item, list) and len(names) > 1 else [item]
            self.variables.update(zip(names, values, strict=False))
            found.append(self.of(body))
        self.variables |= outer
        return found

    def _subscript(self, node: Node) -> Value:
        owner, key = (self.of(node.child_by_field_name(field)) for field in ("value", "subscript"))
        if isinstance(owner, dict) and isinstance(key, str):
            return owner.get(key)
        if isinstance(owner, list) and type(key) is int and key < len(owner):
            return owner[key]
        return None

    def _call(self, node: Node) -> Value:
        function = node.child_by_field_name("function")
        positional: list[Value] = []
        keywords: dict[str, Value] = {}
        for argument in named(node.child_by_field_name("arguments")):
            if argument.type == "keyword_argument":
                keywords[text(argument.child_by_field_name("name"))] = self.of(argument.child_by_field_name("value"))
            elif argument.type == "dictionary_splat":
                more = next((self.of(inner) for inner in named(argument)), None)
                keywords = {**more, **keywords} if isinstance(more, dict) else keywords
            else:
                positional.append(self.of(argument))
        name = text(function)
        if function is not None and function.type == "attribute":
            owner = self.of(function.child_by_field_name("object"))
            method = text(function.child_by_field_name("attribute"))
            if owner is not None:
                return _method(method, owner, positional, keywords)
        match name:
            case "glob" | "native.glob":
                return strings([*positional[:1], keywords.get("include")])
            case "select":
                branches = positional[0] if positional and isinstance(positional[0], dict) else {}
                found = list(branches.values())
                return strings(found) if any(isinstance(value, list) for value in found) else next(iter(found), None)
            case "dict":
                return keywords
            case "Label" | "str" if positional:
                return positional[0]
        self._take(Call(name, positional, keywords, line(node), _doc(node)))
        return None


def _doc(node: Node) -> str:
    statement = node.parent
    if statement is None or statement.type != "expression_statement":
        return ""
    comment = comment_above(statement)
    return "" if is_licence(comment) else first_sentence(comment)


def _string(node: Node) -> str | None:
    raw = text(node)
    if not node.children or any(child.type == "interpolation" for child in node.children):
        return None
    start, end = text(node.children[0]), text(node.children[-1])
    inside = raw[len(start) : len(raw) - len(end)]
    if "r" in start.lower() or "\\" not in inside:
        return inside[:MAX_LENGTH]
    pieces = inside.split("\\")
    kept = [pieces[0]]
    escaped = False
    for piece in pieces[1:]:
        if not piece and not escaped:  # a backslash before a backslash
            kept.append("\\")
            escaped = True
        else:
            kept.append(piece if escaped else _ESCAPED.get(piece[:1], piece[:1]) + piece[1:])
            escaped = False
    return "".join(kept)[:MAX_LENGTH]


def _sum(values: list[Value]) -> Value:
    if any(isinstance(value, list) for value in values):
        return [item for value in values if isinstance(value, list) for item in value][:MAX_LENGTH]
    if all(isinstance(value, str) for value in values):
        return "".join(values) if sum(map(len, values)) <= MAX_LENGTH else None
    if all(isinstance(value, dict) for value in values):
        return {key: value for each in values for key, value in each.items()}
    return None


def _formatted(template: str, value: Value) -> str | None:
    """`"%s-%s" % (a, b)`, of strings and numbers."""
    values = value if isinstance(value, list) else [value]
    pieces = template.replace("%d", "%s").split("%s")
    if len(pieces) != len(values) + 1 or not all(isinstance(each, str | int) for each in values):
        return None
    made = pieces[0] + "".join(f"{each}{piece}" for each, piece in zip(values, pieces[1:], strict=True))
    return made[:MAX_LENGTH]


def _method(name: str, owner: Value, positional: list[Value], keywords: Mapping[str, Value]) -> Value:
    """What a method of a string or dictionary gives back, where it is one that is known."""
    method = _METHODS.get((type(owner), name))
    try:
        value = method(owner, positional, keywords) if method else None
    except (TypeError, ValueError, IndexError, KeyError, AttributeError):  # arguments that the method does not take
        return None
    return None if isinstance(value, str) and len(value) > MAX_LENGTH else value


def _format(owner: str, positional: list[Value], keywords: Mapping[str, Value]) -> str | None:
    for key, value in (*enumerate(positional[:20]), *list(keywords.items())[:20]):
        if not isinstance(value, str | int) or len(owner) > MAX_LENGTH:
            return None
        owner = owner.replace("{}", str(value), 1).replace(f"{{{key}}}", str(value)[: MAX_LENGTH // 100])
    return owner


def _join(owner: str, positional: list[Value], _: Mapping[str, Value]) -> str | None:
    words = strings(positional)
    return owner.join(words) if len(owner) * len(words) < MAX_LENGTH else None


def _replace(owner: str, positional: list[Value], _: Mapping[str, Value]) -> str | None:
    old, new = positional[:2]
    return owner.replace(old, new) if old and owner.count(old) * len(new) <= MAX_LENGTH else None


_METHODS: Mapping[tuple[type, str], Callable[[Any, list[Value], Mapping[str, Value]], Value]] = {
    (str, "format"): _format,
    (str, "join"): _join,
    (str, "replace"): _replace,
    (str, "split"): lambda owner, positional, _: owner.split(*positional[:1]),
    (str, "strip"): lambda owner, positional, _: owner.strip(*positional[:1]),
    (str, "lower"): lambda owner, _, __: owner.lower(),
    (str, "upper"): lambda owner, _, __: owner.upper(),
    (dict, "keys"): lambda owner, _, __: list(owner),
    (dict, "values"): lambda owner, _, __: list(owner.values()),
    (dict, "items"): lambda owner, _, __: [list(item) for item in owner.items()],
    (dict, "get"): lambda owner, positional, _: owner.get(*positional[:2]),
}
"""Methods by the type of their owner and their name."""
