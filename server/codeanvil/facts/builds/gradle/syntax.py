"""The syntax that Gradle's scripts in Groovy and in Kotlin share: calls with arguments and blocks, and assignments.

No more of the two languages is understood than scripts are made of:

    implementation("a:b:1")                       a call
    implementation group: 'a', name: 'b'          a call in Groovy, without parentheses and with names
    id("x") version "1" apply false               a call, and words with a value behind it
    tasks.register<Copy>("dist") { from(".") }    a call of something's method, with a block
    version = "1.0"                               an assignment
    val docs by tasks.registering { }             a declaration
"""

import re
from dataclasses import dataclass, field
from typing import Optional

from codeanvil.facts.builds.gradle.tokens import CLOSING, Token, tokens_of, unbalanced

MAX_DEPTH = 60
"""Brackets and blocks inside one another that are read."""

MAX_CHAIN = 100
"""Names and calls in a row that are read."""

_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r"}
_DECLARING = frozenset(
    {"def", "val", "var", "const", "final", "private", "public", "internal", "static", "override", "lateinit"}
)
_INFIX = frozenset({"version", "apply", "by", "to", "as", "in"})
_GOES_ON = frozenset({".", "?."})


@dataclass(frozen=True, slots=True)
class Text:
    """A string as written; in `raw` ones nothing is put in place of `$name`."""

    value: str
    raw: bool = False


@dataclass(slots=True)
class Call:
    """`owner.name<kind>(arguments, name = value) { block }`, or no more than the name.

    `infix` holds words with a value behind the call, and `block` is None where there is none.
    """

    name: str
    line: int
    owner: Optional["Call"] = None
    kind: str = ""
    arguments: list["Value"] = field(default_factory=list)
    named: dict[str, "Value"] = field(default_factory=dict)
    infix: dict[str, "Value"] = field(default_factory=dict)
    block: list["Statement"] | None = None
    called: bool = False

    @property
    def path(self) -> str:
        """The names before it and its own, joined with '.'."""
        names = [self.name]
        owner = self.owner
        while owner is not None:
            names.append(owner.name)
            owner = owner.owner
        return ".".join(reversed(names))


@dataclass(frozen=True, slots=True)
class Items:
    """`[a, b]`, or a map where there are names."""

    items: list["Value"]
    named: dict[str, "Value"]


Value = Text | Call | Items | None
"""A value; None is one that no script of this kind needs: numbers are `Text`."""


@dataclass(frozen=True, slots=True)
class Statement:
    """`target`, or `target = value`; `declares` is true behind `val`, `def` and the like."""

    target: Call
    value: Value = None
    assigns: bool = False
    declares: bool = False


@dataclass(frozen=True, slots=True)
class Script:
    """The statements of a script; `problem` is what hindered, for example "line 3: '{' is not closed"."""

    statements: list[Statement]
    problem: str | None = None


def parse(text: str) -> Script:
    """The statements of a script, as far as it can be understood. Never raises."""
    tokens = list(tokens_of(text.replace("\r\n", "\n")))
    problem = unbalanced(tokens)
    parser = _Parser(tokens)
    return Script(parser.block(""), problem or parser.problem)


class _Parser:
    def __init__(self, tokens: list[Token]) -> None:
        self.problem: str | None = None
        self._tokens = tokens
        self._at = 0
        self._depth = 0

    def block(self, closing: str) -> list[Statement]:
        """The statements up to the mark `closing`, or to the end."""
        statements: list[Statement] = []
        while (token := self._token()).kind != "end":
            if token.kind == "mark" and token.text in {closing, ")", "]", "}"}:
                self._at += 1
                if token.text == closing:
                    break
            elif token.kind == "newline":
                self._at += 1
            elif (statement := self._statement()) is not None:
                statements.append(statement)
        return statements

    def _statement(self) -> Statement | None:
        """A statement; the rest of its line that is not understood is passed over."""
        declares = False
        while (
            self._token().text in _DECLARING and self._token(1).kind in {"word", "mark"} and self._token(1).text != "="
        ):
            declares = True
            self._at += 1
        start = self._at
        target = self._value(inside=False)
        if not isinstance(target, Call):
            self._skip_line(start)
            return None
        if self._token().text == ":" and declares:  # Kotlin's type of a variable
            self._at += 1
            self._value(inside=True)
        if not target.called and self._token().kind == "word" and self._token(1).text == "=":
            target, declares = Call(self._token().text, target.line), True  # Java's form: `String name = ...`
            self._at += 1
        assigns = self._token().kind == "mark" and self._token().text in {"=", "+="}
        if assigns:
            self._at += 1
            self._newlines()
            value = self._operation()
            self._skip_line(start)
            return Statement(target, value, assigns=True, declares=declares)
        if not target.called and self._begins_value():
            self._arguments(target, "")
        self._infix(target)
        self._skip_line(start)
        return Statement(target, declares=declares)

    def _infix(self, target: Call) -> None:
        """`version "1" apply false`, and the branches of a conditional."""
        for _ in range(MAX_CHAIN):
            token = self._token()
            if token.kind != "word" or token.text not in _INFIX:
                return
            self._at += 1
            target.infix[token.text] = self._value(inside=False)

    def _operation(self) -> Value:
        """A value; where an operator follows, sums of strings are put together and all else is unknown."""
        value = self._value(inside=False)
        for _ in range(MAX_CHAIN):
            token = self._token()
            if token.kind != "mark" or token.text not in {"+", "?:", "==", "!=", "&&", "||", "?", "-", "*", "/"}:
                break
            self._at += 1
            self._newlines()
            other = self._value(inside=False)
            both = token.text == "+" and isinstance(value, Text) and isinstance(other, Text)
            if both and isinstance(value, Text) and isinstance(other, Text):
                value = Text(value.value + other.value, value.raw and other.raw)
            elif token.text == "?:":
                value = other if isinstance(other, Text) else value
        if isinstance(value, Call):
            self._infix(value)
        return value

    def _value(self, *, inside: bool) -> Value:
        """One value: a string, a list, or a chain of names and calls. `inside`: newlines do not end it."""
        token = self._token()
        if self._depth >= MAX_DEPTH:
            self.problem = self.problem or f"line {token.line}: it is nested too deep"
            self._at += 1
            return None
        self._depth += 1
        value: Value = None
        self._at += 1
        match token.kind, token.text:
            case "text" | "long", _:
                value = _text(token)
            case "number", text:
                value = Text(text, raw=True)
            case "word", "new":
                value = self._value(inside=inside)
            case "word", text:
                value = self._chain(Call(text.strip("`"), token.line))
            case "mark", "[":
                holder = Call("", token.line)
                self._arguments(holder, "]")
                value = Items(holder.arguments, holder.named)
            case "mark", "(":
                holder = Call("", token.line)
                self._arguments(holder, ")")
                value = holder.arguments[0] if holder.arguments else None
            case "mark", "{":
                value = Call("", token.line, block=self.block("}"), called=True)
            case "mark", "-" | "!" | "@":
                value = self._value(inside=inside)
            case _:
                self._at -= 0 if inside else 1
        self._depth -= 1
        return value

    def _chain(self, call: Call) -> Call:
        """What follows a name: types, arguments, a block, methods."""
        for _ in range(MAX_CHAIN):
            token = self._token()
            if token.kind == "newline" and self._goes_on():
                self._newlines()
            elif token.kind != "mark":
                return call
            elif token.text in _GOES_ON and self._token(1).kind in {"word", "text"}:
                self._at += 2
                call = Call(self._token(-1).text.strip("`\"'"), self._token(-1).line, owner=call)
            elif token.text == "<" and (kind := self._generic()):
                call.kind = kind
            elif token.text == "(" and not call.called:
                self._at += 1
                call.called = True
                self._arguments(call, ")")
            elif token.text == "[" and not call.called:
                self._at += 1
                call = Call("[]", token.line, owner=call, called=True)
                self._arguments(call, "]")
            elif token.text == "{" and call.block is None:
                self._at += 1
                call.called = True
                call.block = self.block("}")
            else:
                return call
        return call

    def _generic(self) -> str:
        """`<Type>` behind a name, only where it is closed and a call follows; '' otherwise."""
        words: list[str] = []
        at, depth = self._at, 0
        while at < min(self._at + 40, len(self._tokens)):
            token = self._tokens[at]
            at += 1
            if token.kind == "word":
                words.append(token.text)
            elif token.text in {"<", ">"}:
                depth += 1 if token.text == "<" else -1
                if not depth:
                    following = self._tokens[min(at, len(self._tokens) - 1)].text
                    self._at = at if following in {"(", "{", "\n"} else self._at
                    return words[-1] if words and following in {"(", "{", "\n"} else ""
            elif token.text not in {".", ",", "*", "?"}:
                break
        return ""

    def _arguments(self, call: Call, closing: str) -> None:
        """Values with commas between, some with a name before them; up to `closing`, or to the end of the line."""
        while (token := self._token()).kind != "end":
            if closing and token.kind == "newline":
                self._at += 1
                continue
            if token.kind == "mark" and token.text in {closing, ")", "]", "}"}:
                self._at += bool(closing) and token.text == closing
                return
            if token.kind == "newline":
                return
            start = self._at
            name = self._name()
            value = self._operation() if closing else self._value(inside=True)
            if name:
                call.named.setdefault(name, value)
            else:
                call.arguments.append(value)
            if self._at == start:
                self._at += 1
            if self._token().text == "," and self._token().kind == "mark":
                self._at += 1
                self._newlines()
            elif not closing:
                return

    def _name(self) -> str:
        """`name:` in Groovy, `name =` in Kotlin, before an argument."""
        token, following = self._token(), self._token(1)
        if token.kind in {"word", "text"} and following.kind == "mark" and following.text in {":", "="}:
            self._at += 2
            self._newlines()
            return token.text.strip("\"'`")
        return ""

    def _begins_value(self) -> bool:
        """Whether an argument without parentheses follows."""
        token = self._token()
        return (
            token.kind in {"text", "long", "number"}
            or (token.kind == "word" and token.text not in _INFIX and token.text != "else")
            or (token.kind == "mark" and token.text == "[")
        )

    def _goes_on(self) -> bool:
        """Whether the next line begins with a method of what stands on this one."""
        ahead = 0
        while self._token(ahead).kind == "newline" and ahead < MAX_CHAIN:
            ahead += 1
        return self._token(ahead).kind == "mark" and self._token(ahead).text in _GOES_ON

    def _newlines(self) -> None:
        while self._token().kind == "newline":
            self._at += 1

    def _token(self, ahead: int = 0) -> Token:
        return self._tokens[max(0, min(self._at + ahead, len(self._tokens) - 1))]

    def _skip_line(self, start: int) -> None:
        """Go to the end of the statement; blocks that were not understood are passed over whole."""
        depth = 0
        while (token := self._token()).kind != "end":
            if token.kind == "mark" and token.text in CLOSING:
                depth += 1
            elif token.kind == "mark" and token.text in {")", "]", "}"}:
                if not depth:
                    break
                depth -= 1
            elif (token.kind == "newline" and not depth) or (token.text == "else" and not depth and self._at > start):
                break
            self._at += 1
        if self._at == start:
            self._at += 1


def _text(token: Token) -> Text:
    raw = token.text[0] == "'"
    if token.kind == "long":
        return Text(token.text[3:].rstrip(token.text[0]), raw)
    return Text(
        _ESCAPE.sub(lambda match: _ESCAPED.get(match[1], match[0] if match[1] == "$" else match[1]), token.text[1:-1]),
        raw,
    )
