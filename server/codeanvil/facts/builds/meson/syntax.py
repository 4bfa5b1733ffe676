"""The syntax of Meson's files: expressions, assignments, conditionals and loops.

After https://mesonbuild.com/Syntax.html
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from codeanvil.facts.builds.meson.nodes import (
    Array,
    Assignment,
    Call,
    Conditional,
    Expression,
    Literal,
    Loop,
    Name,
    Operation,
    Script,
    Statement,
    Table,
)

MAX_DEPTH = 60
"""Brackets and blocks inside one another that are read."""

MAX_CHAIN = 100
"""Methods, indices and operators in a row that are read; sums may be longer."""

_TOKEN = re.compile(
    r"""(?P<space>[ \t\r]+|\\\r?\n|\#[^\n]*)
      |(?P<newline>\n)
      |(?P<long>f?'''(?:[^']|'(?!''))*+''')
      |(?P<string>f?'(?:[^'\\\n]|\\.)*+')
      |(?P<number>0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO][0-7]+|[0-9]+)
      |(?P<name>[A-Za-z_]\w*)
      |(?P<mark>==|!=|<=|>=|\+=|[-+*/%=<>()\[\]{},.:?])
      |(?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\([\\'abfnrtv]|x[0-9a-fA-F]{2})")
_ESCAPED = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_OPENING, _CLOSING = frozenset("([{"), frozenset(")]}")
_STATEMENT_WORDS = frozenset({"if", "elif", "else", "endif", "foreach", "endforeach", "continue", "break"})
_BINARY: Mapping[str, int] = MappingProxyType(
    {
        "or": 1, "and": 2, "==": 3, "!=": 3, "<": 3, "<=": 3, ">": 3, ">=": 3, "in": 3, "not in": 3,
        "+": 4, "-": 4, "*": 5, "/": 5, "%": 5,
    }
)  # fmt: skip
"""Operators with two sides, and how tightly they bind."""


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    line: int


class _SyntaxError(Exception):
    """A statement cannot be read; the message says where and why."""


def parse(text: str) -> Script:
    """The statements of a Meson file, as far as it can be understood. Never raises."""
    return _Parser(list(_tokens(text))).script()


class _Parser:
    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._at = 0
        self._depth = 0
        self._problem: str | None = None

    def script(self) -> Script:
        statements: list[Statement] = []
        blocks: list[tuple[list[Statement], Conditional | Loop, int]] = []
        current = statements
        while (token := self._token()).kind != "end":
            try:
                if token.kind == "newline":
                    self._at += 1
                elif token.kind == "name" and token.text in _STATEMENT_WORDS:
                    current = self._block(token, current, blocks)
                else:
                    current.append(self._statement())
                    self._end_of_line()
            except _SyntaxError as error:
                self._problem = self._problem or str(error)
                self._skip_line()
        if blocks:
            self._problem = self._problem or f"line {blocks[-1][2]}: the block is not closed"
        return Script(statements, self._problem)

    def _block(
        self,
        token: _Token,
        current: list[Statement],
        blocks: list[tuple[list[Statement], Conditional | Loop, int]],
    ) -> list[Statement]:
        """Read a line that opens, divides or closes a block; what follows goes into the list that is given back."""
        self._at += 1
        inside: list[Statement] = []
        opened = blocks[-1][1] if blocks else None
        match token.text:
            case "if" | "foreach":
                if len(blocks) >= MAX_DEPTH:
                    raise _SyntaxError(f"line {token.line}: it is nested too deep")
                block = self._opened(token)
                blocks.append((current, block, token.line))
                current.append(block)
                inside = block.body if isinstance(block, Loop) else block.branches[0]
            case "elif" | "else" if isinstance(opened, Conditional):
                if token.text == "elif":
                    self._expression()
                opened.branches.append(inside)
            case "endif" if isinstance(opened, Conditional):
                inside = blocks.pop()[0]
            case "endforeach" if isinstance(opened, Loop):
                inside = blocks.pop()[0]
            case "continue" | "break":
                return current
            case _:
                raise _SyntaxError(f"line {token.line}: {token.text} has nothing that it belongs to")
        return inside

    def _opened(self, token: _Token) -> Conditional | Loop:
        if token.text == "if":
            self._expression()
            return Conditional([[]])
        names = [self._take_kind("name").text]
        while self._skip(","):
            names.append(self._take_kind("name").text)
        self._take(":")
        return Loop(names, self._expression())

    def _statement(self) -> Statement:
        token, following = self._token(), self._token(1)
        if token.kind == "name" and following.text in {"=", "+="} and following.kind == "mark":
            self._at += 2
            return Assignment(token.text, self._expression(), adds=following.text == "+=")
        return self._expression()

    def _expression(self) -> Expression:
        self._deeper()
        found = self._binary(1)
        if self._skip("?"):
            chosen = self._expression()
            self._take(":")
            found = Operation("?", (found, chosen, self._expression()))
        self._depth -= 1
        return found

    def _binary(self, least: int) -> Expression:
        left = self._unary()
        for _ in range(MAX_CHAIN):
            operator, length = self._operator()
            strength = _BINARY.get(operator, 0)
            if strength < least:
                return left
            operands = [left]
            while self._operator() == (operator, length):
                self._at += length
                while self._token().kind == "newline":
                    self._at += 1
                operands.append(self._binary(strength + 1))
            left = Operation(operator, operands)
        raise self._error("it is too long")

    def _operator(self) -> tuple[str, int]:
        token = self._token()
        if token.kind == "name" and token.text == "not" and self._token(1).text == "in":
            return "not in", 2
        return (token.text, 1) if token.kind in {"name", "mark"} else ("", 0)

    def _unary(self) -> Expression:
        self._deeper()
        token = self._token()
        if (token.kind, token.text) in {("name", "not"), ("mark", "-")}:
            self._at += 1
            found: Expression = Operation(token.text, (self._unary(),))
        else:
            found = self._trailing(self._primary())
        self._depth -= 1
        return found

    def _trailing(self, found: Expression) -> Expression:
        """Calls of methods and indices behind an expression."""
        for _ in range(MAX_CHAIN):
            if self._skip("."):
                name = self._take_kind("name")
                found = self._call(name, found)
            elif self._skip("["):
                found = Operation("[", (found, self._expression()))
                self._take("]")
            else:
                return found
        raise self._error("it is too long")

    def _primary(self) -> Expression:
        token = self._token()
        self._at += 1
        found: Expression
        match (token.kind, token.text):
            case "name", "true" | "false":
                found = Literal(token.text == "true")
            case "name", _ if self._token().kind == "mark" and self._token().text == "(":
                found = self._call(token, None)
            case "name", _:
                found = Name(token.text)
            case "number", _:
                found = Literal(_number(token.text))
            case "string" | "long", _:
                found = _string(token)
            case "mark", "(":
                found = self._expression()
                self._take(")")
            case "mark", "[":
                found = Array(self._items("]"))
            case "mark", "{":
                found = Table(self._pairs())
            case _:
                self._at -= 1
                raise self._error(f"{token.text.strip() or 'the end of the line'!r} is not expected")
        return found

    def _call(self, name: _Token, owner: Expression | None) -> Call:
        self._take("(")
        positional: list[Expression] = []
        keywords: dict[str, Expression] = {}
        while not self._skip(")"):
            token = self._token()
            if token.kind == "name" and self._token(1).text == ":":
                self._at += 2
                keywords[token.text] = self._expression()
            else:
                positional.append(self._expression())
            if not self._skip(","):
                self._take(")")
                break
        return Call(name.text, positional, keywords, name.line, owner)

    def _items(self, closing: str) -> list[Expression]:
        items: list[Expression] = []
        while not self._skip(closing):
            items.append(self._expression())
            if not self._skip(","):
                self._take(closing)
                break
        return items

    def _pairs(self) -> list[tuple[Expression, Expression]]:
        pairs: list[tuple[Expression, Expression]] = []
        while not self._skip("}"):
            key = self._binary(1)
            self._take(":")
            pairs.append((key, self._expression()))
            if not self._skip(","):
                self._take("}")
                break
        return pairs

    def _token(self, ahead: int = 0) -> _Token:
        return self._tokens[min(self._at + ahead, len(self._tokens) - 1)]

    def _skip(self, mark: str) -> bool:
        token = self._token()
        found = token.kind == "mark" and token.text == mark
        self._at += found
        return found

    def _take(self, mark: str) -> None:
        if not self._skip(mark):
            raise self._error(f"{mark!r} is missing")

    def _take_kind(self, kind: str) -> _Token:
        token = self._token()
        if token.kind != kind:
            raise self._error(f"a {kind} is missing")
        self._at += 1
        return token

    def _end_of_line(self) -> None:
        token = self._token()
        if token.kind not in {"newline", "end"}:
            raise self._error(f"{token.text.strip()[:20]!r} is not expected")

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > 2 * MAX_DEPTH:
            raise self._error("it is nested too deep")

    def _error(self, what: str) -> _SyntaxError:
        return _SyntaxError(f"line {self._token().line}: {what}")

    def _skip_line(self) -> None:
        self._depth = 0
        while self._token().kind not in {"newline", "end"}:
            self._at += 1


def _tokens(text: str) -> Iterator[_Token]:
    """Tokens, without white space, and without the ends of lines inside of brackets; the last one is an end."""
    line, depth = 1, 0
    for match in _TOKEN.finditer(text.replace("\r\n", "\n")):
        kind = match.lastgroup or ""
        found = match[0]
        if kind == "mark":
            depth += (found in _OPENING) - (found in _CLOSING and depth > 0)
        if kind != "space" and not (kind == "newline" and depth):
            yield _Token(kind, found, line)
        line += found.count("\n")
    yield _Token("end", "", line)


def _number(text: str) -> int:
    try:
        return int(text[:20], 0)
    except ValueError:
        return int(text[:20].strip("xXbBoO") or "0", 10)


def _string(token: _Token) -> Literal:
    formatted = token.text.startswith("f")
    text = token.text[formatted:]
    if token.kind == "long":
        return Literal(text[3:-3], formatted)
    text = _ESCAPE.sub(lambda m: _ESCAPED.get(m[1]) or (chr(int(m[1][1:], 16)) if m[1][0] == "x" else m[1]), text[1:-1])
    return Literal(text, formatted)
